"""Data sources: readers of files and services, and their samples and mock APIs."""
