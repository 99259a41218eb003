"""What the report shows of all genres of a track."""
