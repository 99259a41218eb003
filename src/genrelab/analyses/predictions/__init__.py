"""Predictions: confident predictions that contradict the labels, and tracks without a label."""
