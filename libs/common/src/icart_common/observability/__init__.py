"""Logs without personal data, metrics with typed names, traces through Kafka's headers, and the health endpoints."""
