"""Choices that the command line names in its help; `genrelab --help` loads no settings to know them."""

from typing import Literal, get_args

TrainingBudget = Literal["quick", "nightly", "thorough"]
"""How much work training may do."""
BUDGETS: tuple[TrainingBudget, ...] = get_args(TrainingBudget)
Budget = Literal["configured", TrainingBudget]
"""What a flow takes; the first leaves it to the settings."""
ACTIVE_RULES = "reviewed"
"""The rule set that decides `genre_bin` unless another is asked for; docs/decisions/0004-genre-rules.md says why."""
