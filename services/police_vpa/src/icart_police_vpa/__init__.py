"""iCART police_vpa service."""
