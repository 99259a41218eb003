"""What results are measured with and against."""
