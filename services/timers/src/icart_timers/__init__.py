"""iCART timers service."""
