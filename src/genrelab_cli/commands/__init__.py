"""The commands beside those of the flows; imported when they run."""
