"""iCART notifications service."""
