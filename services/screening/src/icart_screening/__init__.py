"""iCART screening service."""
