"""What is surprising about the predictions: a sure champion against the labels, and tracks without a label."""
