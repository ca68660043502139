"""The shared schema library: every message, its envelope, and the catalogue of topics."""
