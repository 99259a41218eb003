"""`gl.rules()`: sort micro-genres into bins, with the rule that decided each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from genrelab.rules import RuleSet, bin_tracks, load_rule_set
from genrelab.runtime.choices import ACTIVE_RULES
from genrelab.runtime.errors import GenrelabError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class GenreRules:
    """A rule set that sorts micro-genres into bins.

    Args:
        rule_set: Its rules, in order.
    """

    rule_set: RuleSet

    @property
    def bins(self) -> tuple[str, ...]:
        """The bins, in the order of the rules."""
        return self.rule_set.bins

    def bin(self, genres: Iterable[str | Iterable[str] | None]) -> "pd.DataFrame":
        """Return the bin of each entry and why.

        Args:
            genres: n entries, each a micro-genre or all micro-genres of one track; a column of a frame will do.

        Returns:
            Frame of n rows: `genres` as given, `bin`, `rule` (its name), `micro_genre` (the one that decided), `reason`
            (the rule's comment). All but `genres` are missing where no rule matches.

        Raises:
            GenrelabError: An entry is neither text nor a list of texts.
        """
        import pandas as pd  # noqa: PLC0415 - the rules are loaded by what needs no frames

        entries = [genres] if isinstance(genres, str) else list(genres)
        found = bin_tracks(
            pa.array([_texts(entry) for entry in entries], pa.list_(pa.string())), self.rule_set
        )
        reasons = {rule.name: " ".join(rule.comment.split()) for rule in self.rule_set.rules}
        rules = found.rules.to_pylist()
        return pd.DataFrame(
            {
                "genres": entries,
                "bin": found.bins.to_pandas(),
                "rule": found.rules.to_pandas(),
                "micro_genre": found.micro_genres.to_pandas(),
                "reason": pd.Series([reasons.get(rule) for rule in rules], dtype="str"),
            }
        )

    def __repr__(self) -> str:
        return f"genrelab.rules({self.rule_set.name!r}): {len(self.rule_set.rules)} rules"


def rules(name_or_path: str | Path = ACTIVE_RULES) -> GenreRules:
    """Return a rule set.

    Args:
        name_or_path: `classic`, `reviewed`, or the path of a rule file.

    Raises:
        GenrelabError: There is no such rule set, or its file has errors; each is named with its line.
    """
    return GenreRules(load_rule_set(name_or_path))


def _texts(entry: object) -> list[str]:
    """The micro-genres of an entry; none for None and for NaN, a frame's missing value."""
    if entry is None or (isinstance(entry, float) and entry != entry):  # noqa: PLR0124 - NaN is unlike itself
        return []
    texts: list[Any] = (
        [entry] if isinstance(entry, str) else list(entry) if isinstance(entry, Iterable) else [None]
    )
    if not all(isinstance(text, str) for text in texts):
        raise GenrelabError(
            "micro-genres must be texts",
            found=repr(entry),
            allowed='a text such as "indie pop", or a list of texts for one track',
            do='pass a list, for instance ["indie pop", ["latin trap", "reggaeton"]]',
        )
    return texts
