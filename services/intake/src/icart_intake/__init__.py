"""iCART intake service."""
