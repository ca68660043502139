"""What screening decides: pure functions over frozen models. No I/O, no clock, no broker."""
