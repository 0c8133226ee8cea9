"""What is on disk, for whoever keeps it: how it stands, whether it is whole, and going back."""
