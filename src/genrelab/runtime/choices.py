"""Choices that the help of the command line lists; kept apart so that `genrelab --help` loads no settings."""

from typing import Literal, get_args

TrainingBudget = Literal["quick", "nightly", "thorough"]
"""Training budgets, from little to much work."""
BUDGETS: tuple[TrainingBudget, ...] = get_args(TrainingBudget)
Budget = Literal["configured", TrainingBudget]
"""Choices of a flow; the first uses the settings."""
GenreDecision = Literal["most-accurate", "fair"]
"""Which genre the champions name: the most probable one, or the one that is fair to rare genres."""
GENRE_DECISIONS: tuple[GenreDecision, ...] = get_args(GenreDecision)
MOST_ACCURATE, FAIR = GENRE_DECISIONS
ACTIVE_RULES = "reviewed"
"""The rule set that decides `genre_bin` unless another is asked for; docs/decisions/0004-genre-rules.md says why."""
