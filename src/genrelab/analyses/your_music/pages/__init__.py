"""What the report shows of a person's own music."""
