"""The overview: how the run went, and what the other analyses found at a glance."""
