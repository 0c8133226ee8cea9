"""What was measured as pages for people: one HTML file each, that needs nothing but itself."""

from qa.evaluation.report.page import calibration, comparison, evaluation

__all__ = ["calibration", "comparison", "evaluation"]
