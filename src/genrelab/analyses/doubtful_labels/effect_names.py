"""Names of the variants of the trial; apart from the code that runs it, so that a page imports no model."""

ALL, DROPPED, HALVED, OFF_LABEL = "all", "doubtful_dropped", "doubtful_halved", "off_label_dropped"
