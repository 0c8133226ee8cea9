"""What computes vectors: torch as it is, or a graph exported from it once, behind `Encoder`."""
