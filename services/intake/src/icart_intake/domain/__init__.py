"""What intake decides, as pure functions: who is meant, what is a repeat, what is opened, and what is asked."""
