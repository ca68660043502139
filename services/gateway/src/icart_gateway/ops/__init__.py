"""For whoever keeps it running: is every service alive and moving, does a child wait, what could not be handled, what to do."""
