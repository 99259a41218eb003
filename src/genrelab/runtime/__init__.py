"""What every part runs on: the home, settings, errors, files, locks, memory, worker processes and progress."""
