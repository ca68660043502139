"""Generated families, and how well people are matched: what `icart match` runs. No service imports it."""
