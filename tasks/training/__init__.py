"""Training, the champion, and its predictions."""
