"""The doors a browser comes in by."""
