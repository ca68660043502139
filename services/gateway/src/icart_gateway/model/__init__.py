"""The read models: tables that follow from events alone, and can be dropped and read again (decision 0015)."""
