"""`icart cases`: files of known people and cases onto the authority's feed."""
