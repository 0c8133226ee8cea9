"""Stories about batch evaluation: question sets, metrics, runs and their reports."""
