"""What runs in which order: one Prefect flow per file, names and order only."""
