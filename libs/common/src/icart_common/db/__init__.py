"""A service's own PostgreSQL database: the pool, statement counts, migrations."""
