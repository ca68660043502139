"""Documents: where they lie, what they are, whether they are clean, and the work of finding out (IN-14)."""
