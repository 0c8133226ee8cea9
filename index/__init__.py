"""From files to a searchable knowledge base."""
