"""What the report shows of the archive."""
