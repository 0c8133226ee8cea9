"""Stories about the metrics: by hand in small, against other people's code in large."""
