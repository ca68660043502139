"""Pictures of the lives of contacts and undertakings, from the same data that the rules are carried out by."""
