"""Stories about Citewell, mirroring its modules."""
