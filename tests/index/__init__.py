"""Stories about the index package, a module each."""
