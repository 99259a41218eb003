"""Numbers and names that pages share with computing modules; apart from them, so that a page loads no model."""

TOPICS = 70
"""Topics of the LDA, as in the student project."""
AT_LEAST = 0.01
"""A track has a topic from this probability on, as in the student project."""
VOTES = 0.49
"""A topic is predicted where at least this share of the neighbours has it, as in the student project."""
VARIANCE = 0.9
"""Share of the variance of the features that the principal components keep, as in the student project."""

LIBROSA, ECHONEST = "librosa", "echonest"
RANDOM, ARTISTS = "random", "artists"
"""Splits: rows drawn at random as in the student project, or whole artists held out."""
ALL_ROWS, TRAINING_ROWS = "all rows", "training rows"
"""What the topics are fitted to."""

FAMILY, ACROSS = "same family", "across families"
"""How two genres stand to each other in the tree: below the same root, or below different ones."""
