"""The page, the source view and the guard before them."""
