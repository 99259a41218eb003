"""What the report shows of missing values."""
