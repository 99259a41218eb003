"""What each genre sounds like: summaries of audio features, frames in, plain JSON values out.

Conventions: a value leaves binned or as a statistic, never as one number per track; genres keep one order in
all summaries of a collection; a track without a value is left out of that feature alone; a statistic that is
not defined (the correlation of a constant) is None.

What a page says of the summaries does not belong here but in `genrelab.report.pages`.

Nothing is imported here: a declaration, and a step that is skipped, need no model.
"""
