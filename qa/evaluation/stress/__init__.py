"""Stress sets: questions made from a knowledge base itself, and what they bring to light."""
