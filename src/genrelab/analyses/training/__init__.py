"""Training: all models of all tasks, their scores, and the champions."""
