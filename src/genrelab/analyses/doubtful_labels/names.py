"""Names and limits that pages share with computing modules; apart from them, so that a page loads no model."""

ALL, DROPPED, HALVED, OFF_LABEL = "all", "doubtful_dropped", "doubtful_halved", "off_label_dropped"
"""Variants of the trial."""

SURE, UNLIKELY = 0.5, 0.05
"""A label is doubtful if another genre has at least the first probability and the label at most the second."""
