"""Shared infrastructure: the home, settings, errors, files, locks, memory, worker processes and progress."""
