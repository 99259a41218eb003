"""Find surprises: confident predictions that contradict the label, and predictions of unlabelled tracks.

Conventions
    - A surprise is judged on rows that the model was not fitted on: it has seen the labels of the others.
    - Sure means a probability of at least `SURE`. The result includes the accuracy of these rows.
    - A track counts once, however many rows it has: its first row represents it.
    - Input is one task's part of the table `predictions` in batches, joined with the display columns of a
      track: `track`, `artist`, `micro_genres` (a list, empty where there are none), and `label_is_suspect` where the
      table has it; and `part`, the part of the split that the row lies in, by its own name in its table.
    - Of all rows 50 bytes each are kept: codes of labels and files, hashes of ids and names. What is shown of a track
      is read again for the few that are shown.

Charts do not belong here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.predictions.result import (
    GenreRows,
    HeardMicroGenre,
    PartAgreement,
    PredictedTrack,
    Sure,
    Surprises,
    SuspectRows,
    WithArtists,
)

IntArray = npt.NDArray[np.int64]

SURE = 0.8
PER_GENRE = 10
"""Surprises and examples kept for each predicted genre."""

MOST_MICRO_GENRES = 30

GENRES = ("label", "genre", "artist_genre")
CODED = (*GENRES, "part", "source")
HASHED = ("track_id", "artist", "track")
COPIED = ("has_features", "was_fitted_on", "probability", "artist_tracks", "source_row")
"""Columns that are kept of all rows, and how."""

PARTS = {"gate": "gate", "validation": "gate", "test": "test"}
"""Parts that hold artists of no training row, by their names in the tables."""

LONGEST = 120
"""Maximum characters of a name; longer ones are cut, because they only have to be recognisable."""


class SurpriseFinder:
    """Finds counts, shares, surprises and predictions of unlabelled tracks in rows that come in batches."""

    def __init__(self) -> None:
        self._kept: list[pd.DataFrame] = []
        self._micro_genres: dict[str, Counter[str]] = {}

    def add(self, rows: pd.DataFrame) -> None:
        """Take a batch.

        Args:
            rows: See the conventions of this module.
        """
        kept = rows[list(COPIED)].copy()
        is_suspect = rows.get("label_is_suspect", pd.Series(data=False, index=rows.index))
        kept["is_suspect"] = is_suspect.eq(other=True).fillna(value=False).astype(bool)
        for name in CODED:
            kept[name] = pd.Categorical(rows[name].astype(object))
        for name in HASHED:
            kept[name] = pd.util.hash_array(rows[name].astype(str).to_numpy(dtype=object), categorize=False)
        self._kept.append(kept)
        unlabelled = rows[rows["has_features"] & rows["label"].isna()]
        for genres, genre in zip(unlabelled["micro_genres"], unlabelled["genre"], strict=True):
            for name in set(genres):
                self._micro_genres.setdefault(str(name), Counter())[genre] += 1

    def find(self, read: Callable[[IntArray], pd.DataFrame]) -> Surprises:
        """Return what was found.

        Args:
            read: Returns the rows at some places among all, in this order, with all their columns; called once.
        """
        rows = _together(self._kept)
        predicted = rows[rows["has_features"]]
        judged = predicted[predicted["label"].notna() & ~predicted["was_fitted_on"]]
        unlabelled = predicted[predicted["label"].isna()]
        is_sure = judged["probability"] >= SURE
        agrees, is_suspect = judged["genre"] == judged["label"], judged["is_suspect"]
        surprises, examples = _as_tracks((_most_certain(judged[~agrees]), _most_certain(unlabelled)), read)
        return Surprises(
            tracks=len(rows),
            labelled=int(rows["label"].notna().sum()),
            unlabelled=int(rows["label"].isna().sum()),
            unlabelled_heard=len(unlabelled),
            without_features=int((~rows["has_features"]).sum()),
            fitted=int(rows["was_fitted_on"].sum()),
            judged=len(judged),
            agreeing=int(agrees.sum()),
            parts=_parts(judged, agrees),
            sure=Sure(SURE, int(is_sure.sum()), int((is_sure & agrees).sum())),
            suspect=SuspectRows(
                int(is_suspect.sum()),
                int((is_suspect & agrees).sum()),
                int((is_suspect & is_sure & ~agrees).sum()),
            ),
            with_artists=_with_artists(judged),
            genres=_shares(judged, unlabelled),
            surprises=surprises,
            unlabelled_micro_genres=_predicted_by_micro_genre(self._micro_genres),
            unlabelled_examples=examples,
        )


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The batches as one frame, numbered from 0; the coded columns of genres have the same categories."""
    genres = sorted({each for part in parts for name in GENRES for each in part[name].cat.categories})
    columns = {}
    for name in parts[0]:
        of_part = [part.pop(str(name)) for part in parts]
        if name in CODED:
            own = (
                genres if name in GENRES else sorted({each for one in of_part for each in one.cat.categories})
            )
            of_part = [one.cat.set_categories(own) for one in of_part]
        columns[name] = pd.concat(of_part, ignore_index=True)
    return pd.DataFrame(columns)


def _parts(judged: pd.DataFrame, agrees: pd.Series) -> tuple[PartAgreement, ...]:
    """Return agreement by part: a champion was chosen on the gate, and on the test part nothing was."""
    parts = judged["part"].astype(object).map(PARTS).fillna("other")
    return tuple(
        PartAgreement(part, int(inside.sum()), int((inside & agrees).sum()))
        for part in ("test", "gate", "other")
        if (inside := parts == part).any()
    )


def _with_artists(judged: pd.DataFrame) -> WithArtists:
    """Return how often each of both predictions matches the label, where an artist has other tracks."""
    some = judged[judged["artist_tracks"] > 0]
    matches = [int((some[genre] == some["label"]).sum()) for genre in ("genre", "artist_genre")]
    return WithArtists(len(some), *matches)


def _shares(judged: pd.DataFrame, unlabelled: pd.DataFrame) -> tuple[GenreRows, ...]:
    """Return rows by genre: labelled and predicted among those judged, predicted among the unlabelled."""
    counted = [frame.value_counts() for frame in (judged["label"], judged["genre"], unlabelled["genre"])]
    genres = sorted(set().union(*(counts.index[counts > 0] for counts in counted)))
    found = [GenreRows(genre, *(int(counts.get(genre, 0)) for counts in counted)) for genre in genres]
    return tuple(sorted(found, key=lambda one: -one.labelled))


def _most_certain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the highest probability of each predicted genre, each track once."""
    ranked = rows.sort_values(["probability", "source", "source_row"], ascending=[False, True, True])
    once = ranked.drop_duplicates("track_id").drop_duplicates(["artist", "track"])
    return once.groupby("genre", sort=False, observed=True).head(PER_GENRE)


def _as_tracks(
    chosen: Sequence[pd.DataFrame], read: Callable[[IntArray], pd.DataFrame]
) -> Iterator[tuple[PredictedTrack, ...]]:
    """Yield chosen rows as tracks of the report."""
    both = pd.concat(chosen)
    rows = read(both.index.to_numpy()).assign(is_suspect=both["is_suspect"].to_numpy())
    for each in chosen:
        yield tuple(map(_as_track, rows.iloc[: len(each)].to_dict("records")))
        rows = rows.iloc[len(each) :]


def _as_track(row: Mapping[Any, Any]) -> PredictedTrack:
    return PredictedTrack(
        source=row["source"],
        source_row=int(row["source_row"]),
        track=_short(row["track"]),
        artist=_short(row["artist"]),
        genre=row["genre"],
        probability=float(row["probability"]),
        label=None if pd.isna(row["label"]) else row["label"],
        label_probability=probability_of(row["probabilities"], row["label"]),
        micro_genres=tuple(_short(name) for name in row["micro_genres"]),
        is_suspect=row["is_suspect"],
        track_id=str(row["track_id"]),
    )


def probability_of(probabilities: Sequence[Mapping[str, Any]], genre: object) -> float | None:
    """Return the probability of a genre in a row's list; None for a genre unknown to the model.

    >>> probability_of([{"genre": "pop", "probability": 0.9}, {"genre": "rock", "probability": 0.1}], "rock")
    0.1
    """
    return next((float(one["probability"]) for one in probabilities if one["genre"] == genre), None)


def _predicted_by_micro_genre(predicted: Mapping[str, Counter[str]]) -> tuple[HeardMicroGenre, ...]:
    """Return the micro-genres of most unlabelled tracks, and the genre predicted for most of these tracks."""
    ranked = sorted(predicted.items(), key=lambda pair: (-pair[1].total(), pair[0]))[:MOST_MICRO_GENRES]
    return tuple(
        HeardMicroGenre(name, counts.total(), genre, tracks / counts.total())
        for name, counts in ranked
        for genre, tracks in [min(counts.items(), key=lambda pair: (-pair[1], pair[0]))]
    )


def _short(text: object) -> str:
    said = "" if text is None or text != text else str(text)  # noqa: PLR0124 - NaN is a missing text
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
