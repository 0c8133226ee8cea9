"""Batch evaluation: question sets, metrics, a run and its report, comparing runs, stress sets."""
