"""The bin of a track's micro-genres, with the rule that decides and its reason."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import pyarrow as pa

from genrelab.rules import RuleSet, bin_tracks, claims, load_active
from genrelab.runtime.settings import load_settings
from genrelab_cli.app.answers import RequestError

LONGEST_NAME = 1_000
"""Characters of a micro-genre; the longest real one has 38."""


def bin_of(genres: Sequence[str], rules: str) -> dict[str, Any]:
    """Return the bin of a track, and the first rule that matches each of its micro-genres.

    Args:
        genres: Its micro-genres.
        rules: Name of a rule set: one that ships, or the active one. No path, because a client could name any file.

    Raises:
        RequestError: There is no such rule set, or a micro-genre is too long or no text.
        GenrelabError: The active rule set has errors.
    """
    rule_set = _named(rules)
    for number, genre in enumerate(genres):
        if len(genre) > LONGEST_NAME or not genre.isprintable():
            raise RequestError(
                f"micro-genre {number + 1} is not a name",
                HTTPStatus.UNPROCESSABLE_ENTITY,
                found=f"{len(genre):,} characters"
                if genre.isprintable()
                else "characters that cannot be printed",
                allowed=f"up to {LONGEST_NAME:,} printable characters",
            )
    decided = bin_tracks(pa.array([list(genres)], pa.list_(pa.string())), rule_set)
    hits = claims(pa.array(genres, pa.string()), rule_set)
    return {
        "rules": rule_set.name,
        "digest": rule_set.digest,
        "decision": rule_set.decision,
        "bin": decided.bins[0].as_py(),
        "rule": decided.rules[0].as_py(),
        "deciding_genre": decided.micro_genres[0].as_py(),
        "genres": [
            _of_one(genre, rule_set, int(hit.argmax()) if hit.any() else None)
            for genre, hit in zip(genres, hits, strict=True)
        ],
    }


def _of_one(genre: str, rules: RuleSet, number: int | None) -> dict[str, Any]:
    if number is None:
        return {"genre": genre, "bin": None, "rule": None, "pattern": None, "reason": None}
    rule = rules.rules[number]
    return {
        "genre": genre,
        "bin": rule.bin,
        "rule": rule.name,
        "pattern": rule.pattern,
        "reason": rule.comment,
    }


def _named(name: str) -> RuleSet:
    _, known = load_active(load_settings().rules)
    if name not in known:
        raise RequestError(
            "there is no rule set of this name",
            HTTPStatus.NOT_FOUND,
            found=name[:100],
            allowed=", ".join(known),
        )
    return known[name]
