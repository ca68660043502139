"""Batches that neither lose nor repeat: runner, inbox, outbox, relay, dead letters, breaker."""
