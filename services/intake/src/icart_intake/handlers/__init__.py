"""Messages in, changes and messages out, for whole batches: the door, and the case system's feed."""
