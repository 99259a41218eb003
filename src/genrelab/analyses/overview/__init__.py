"""The overview: the steps of the run, and the key findings of the other analyses."""
