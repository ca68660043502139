"""Records that not everybody may open, and the trail of who opened which."""
