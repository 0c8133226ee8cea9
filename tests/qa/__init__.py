"""Stories about the engine: from a question to an answer that its sources bear out."""
