"""What leaves, for whom and in which words: views built from events, and statutory notices. No I/O, no clock, no broker."""
