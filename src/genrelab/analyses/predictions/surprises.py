"""What is surprising about predictions: sure of a genre that the labels deny, and what unlabelled tracks sound like.

Conventions
    - A surprise is judged on rows that the model was not fitted on: of the others it knows the answer.
    - Sure means a probability of at least `SURE`. How often a sure model is right stands beside it.
    - A track counts once, however many rows it has: its first row speaks for it.
    - Input is one model's part of the table `predictions` as a frame, joined with what people are told of a
      track: `track`, `artist`, `micro_genres` (a list, empty where there are none).

How the pages draw this does not belong here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from genrelab.analyses.predictions.result import GenreRows, HeardMicroGenre, PredictedTrack, Sure, Surprises

SURE = 0.8
PER_GENRE = 10
"""Surprises and examples kept for each predicted genre."""

MOST_MICRO_GENRES = 30
LONGEST = 120
"""Signs of a name: longer ones are cut, since they only have to be recognised."""


def find_surprises(rows: pd.DataFrame) -> Surprises:
    """Counts, shares, surprises and what the unlabelled tracks sound like.

    Args:
        rows: See the conventions of this module.
    """
    predicted = rows[rows["has_features"]]
    judged = predicted[predicted["label"].notna() & ~predicted["was_fitted_on"]]
    unlabelled = predicted[predicted["label"].isna()]
    is_sure = judged["probability"] >= SURE
    agrees = judged["genre"] == judged["label"]
    return Surprises(
        tracks=len(rows),
        labelled=int(rows["label"].notna().sum()),
        unlabelled=int(rows["label"].isna().sum()),
        unlabelled_heard=len(unlabelled),
        without_features=int((~rows["has_features"]).sum()),
        fitted=int(rows["was_fitted_on"].sum()),
        judged=len(judged),
        agreeing=int(agrees.sum()),
        sure=Sure(SURE, int(is_sure.sum()), int((is_sure & agrees).sum())),
        genres=_shares(judged, unlabelled),
        surprises=_told(_most_certain(judged[~agrees])),
        unlabelled_micro_genres=_heard_in_micro_genres(unlabelled),
        unlabelled_examples=_told(_most_certain(unlabelled)),
    )


def _shares(judged: pd.DataFrame, unlabelled: pd.DataFrame) -> tuple[GenreRows, ...]:
    """Rows by genre: labelled and predicted among those judged, predicted among the unlabelled."""
    counted = [frame.value_counts() for frame in (judged["label"], judged["genre"], unlabelled["genre"])]
    genres = sorted(set().union(*(counts.index for counts in counted)))
    found = [GenreRows(genre, *(int(counts.get(genre, 0)) for counts in counted)) for genre in genres]
    return tuple(sorted(found, key=lambda one: -one.labelled))


def _most_certain(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the highest probability of each predicted genre, each track once."""
    ranked = rows.sort_values(["probability", "source", "source_row"], ascending=[False, True, True])
    once = ranked.drop_duplicates("track_id").drop_duplicates(["artist", "track"])
    return once.groupby("genre", sort=False).head(PER_GENRE)


def _told(rows: pd.DataFrame) -> tuple[PredictedTrack, ...]:
    """Rows as people are told of them."""
    return tuple(
        PredictedTrack(
            source=row["source"],
            source_row=int(row["source_row"]),
            track=_short(row["track"]),
            artist=_short(row["artist"]),
            genre=row["genre"],
            probability=float(row["probability"]),
            label=None if pd.isna(row["label"]) else row["label"],
            label_probability=probability_of(row["probabilities"], row["label"]),
            micro_genres=tuple(_short(name) for name in row["micro_genres"]),
        )
        for row in rows.to_dict("records")
    )


def probability_of(probabilities: Sequence[Mapping[str, Any]], genre: object) -> float | None:
    """Probability of a genre in a row's list; None for one that the model does not know.

    >>> probability_of([{"genre": "pop", "probability": 0.9}, {"genre": "rock", "probability": 0.1}], "rock")
    0.1
    """
    return next((float(one["probability"]) for one in probabilities if one["genre"] == genre), None)


def _heard_in_micro_genres(unlabelled: pd.DataFrame) -> tuple[HeardMicroGenre, ...]:
    """The micro-genres of most unlabelled tracks, and the genre that most of those tracks sound like."""
    heard: dict[str, Counter[str]] = {}
    for genres, genre in zip(unlabelled["micro_genres"], unlabelled["genre"], strict=True):
        for name in set(genres):
            heard.setdefault(str(name), Counter())[genre] += 1
    ranked = sorted(heard.items(), key=lambda pair: (-pair[1].total(), pair[0]))[:MOST_MICRO_GENRES]
    return tuple(
        HeardMicroGenre(name, counts.total(), genre, tracks / counts.total())
        for name, counts in ranked
        for genre, tracks in [min(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    )


def _short(text: object) -> str:
    said = "" if text is None or text != text else str(text)  # noqa: PLR0124 - NaN is a missing text
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
