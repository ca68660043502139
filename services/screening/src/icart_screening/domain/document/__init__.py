"""The contact's record as a document, made from its events alone, for each reader's need to know (SC-19, SC-24, CO-5)."""
