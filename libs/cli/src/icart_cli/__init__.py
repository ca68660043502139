"""icart: one command line for partners, operators and operations."""
