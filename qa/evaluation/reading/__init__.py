"""Readers of question sets: one module a format, one function from a record to a case."""

from qa.evaluation.reading.questions import read_questions

__all__ = ["read_questions"]
