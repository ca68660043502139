"""The story: a few days at the front door, played on the real services with simulated time, and checked."""
