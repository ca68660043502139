"""What a page says, worked out from what was told: pure, so that it can be tried without a database."""
