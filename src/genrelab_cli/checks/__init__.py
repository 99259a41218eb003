"""What `genrelab doctor` looks at."""
