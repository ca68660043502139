"""Operators' pages: rendered here, readable without script. A module for each page, its templates under `templates/`."""
