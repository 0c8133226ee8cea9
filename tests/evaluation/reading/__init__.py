"""Stories about the readers of question sets: a format, a record, a problem at a time."""
