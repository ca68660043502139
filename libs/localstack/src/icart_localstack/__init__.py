"""PostgreSQL and Apache Kafka on loopback from the Python package index, for the try-out and the tests."""
