"""What failed, what changed between runs, and how results developed over all runs kept."""
