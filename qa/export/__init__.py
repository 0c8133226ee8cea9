"""From a knowledge base to files that other tools, and Citewell itself, can read."""
