"""The pages for people, as text and in a real browser."""
