"""The lake: versioned tables, what is recorded of each version, and what may be removed."""
