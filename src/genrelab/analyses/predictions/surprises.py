"""Find surprises: confident predictions that contradict the label, and predictions of unlabelled tracks.

Conventions
    - A surprise is judged on rows that the model was not fitted on: it has seen the labels of the others.
    - Sure means a probability of at least `SURE`. The result includes the accuracy of these rows.
    - A track counts once, however many rows it has: its first row represents it.
    - Input is one task's part of the table `predictions` in batches, joined with the display columns of a
      track: `track`, `artist`, `micro_genres` (a list, empty where there are none), and `label_is_suspect` where the
      table has it; and `part`, the part of the split that the row lies in, by its own name in its table.
    - Rows are counted as they come. Of those that may be shown, 50 bytes each wait in a file: the code of the genre and
      of the file, hashes of id and names. What is shown of a track is read again for the few that are shown.

Charts do not belong here.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
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
from genrelab.lake.number_file import NumberFile
from genrelab.sources.codes import add_to_hashes

IntArray = npt.NDArray[np.int64]

SURE = 0.8
PER_GENRE = 10
"""Surprises and examples kept for each predicted genre."""

MOST_MICRO_GENRES = 30

OF_CANDIDATES: dict[str, npt.DTypeLike] = {
    "place": np.int64,
    "probability": np.float64,
    "source": np.int32,
    "source_row": np.int64,
    "genre": np.int16,
    "track_id": np.uint64,
    "name": np.uint64,
    "is_suspect": np.bool_,
}
"""What waits of each row that may be shown: its place among all rows, numbers of its texts, and hashes."""

PARTS = {"gate": "gate", "validation": "gate", "test": "test"}
"""Parts that hold artists of no training row, by their names in the tables."""

LONGEST = 120
"""Maximum characters of a name; longer ones are cut, because they only have to be recognisable."""


class SurpriseFinder:
    """Finds counts, shares, surprises and predictions of unlabelled tracks in rows that come in batches.

    Args:
        folder: Folder for temporary files; None for that of the system.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._counts: Counter[str] = Counter()
        self._parts: dict[str, Counter[str]] = {}
        self._genres: dict[str, Counter[str]] = {
            "labelled": Counter(),
            "predicted": Counter(),
            "heard": Counter(),
        }
        self._surprises, self._heard = _Candidates(folder), _Candidates(folder)
        self._micro_genres: dict[str, Counter[str]] = {}

    def add(self, rows: pd.DataFrame) -> None:
        """Take a batch.

        Args:
            rows: See the conventions of this module.
        """
        rows = rows.assign(place=self._counts["tracks"] + np.arange(len(rows)), is_suspect=_is_suspect(rows))
        predicted, is_labelled = rows[rows["has_features"]], rows["label"].notna()
        heard = predicted[~is_labelled[predicted.index]]
        judged = predicted[is_labelled[predicted.index] & ~predicted["was_fitted_on"]]
        agrees, is_sure = judged["genre"] == judged["label"], judged["probability"] >= SURE
        is_suspect, has_others = judged["is_suspect"], judged["artist_tracks"] > 0
        self._counts.update(
            {
                "tracks": len(rows),
                "labelled": int(is_labelled.sum()),
                "heard": len(heard),
                "with_features": len(predicted),
                "fitted": int(rows["was_fitted_on"].sum()),
                "judged": len(judged),
                "agreeing": int(agrees.sum()),
                "sure": int(is_sure.sum()),
                "sure_agreeing": int((is_sure & agrees).sum()),
                "suspect": int(is_suspect.sum()),
                "suspect_agreeing": int((is_suspect & agrees).sum()),
                "suspect_surprises": int((is_suspect & is_sure & ~agrees).sum()),
                "with_others": int(has_others.sum()),
                "alone": int((has_others & agrees).sum()),
                "together": int((has_others & (judged["artist_genre"] == judged["label"])).sum()),
            }
        )
        parts = judged["part"].astype(object).map(PARTS).fillna("other")
        for part in parts.unique():
            found = {"tracks": int((parts == part).sum()), "agreeing": int((agrees & (parts == part)).sum())}
            self._parts.setdefault(part, Counter()).update(found)
        for name, genres in (
            ("labelled", judged["label"]),
            ("predicted", judged["genre"]),
            ("heard", heard["genre"]),
        ):
            self._genres[name].update(genres.dropna())
        self._surprises.add(judged[~agrees])
        self._heard.add(heard)
        for micro_genres, genre in zip(heard["micro_genres"], heard["genre"], strict=True):
            for name in set(micro_genres):
                self._micro_genres.setdefault(str(name), Counter())[genre] += 1

    def find(self, read: Callable[[IntArray], pd.DataFrame]) -> Surprises:
        """Return what was found.

        Args:
            read: Returns the rows at some places among all, in this order, with all their columns; called once.
        """
        counts = self._counts
        surprises, examples = _as_tracks((self._surprises.most_certain(), self._heard.most_certain()), read)
        return Surprises(
            tracks=counts["tracks"],
            labelled=counts["labelled"],
            unlabelled=counts["tracks"] - counts["labelled"],
            unlabelled_heard=counts["heard"],
            without_features=counts["tracks"] - counts["with_features"],
            fitted=counts["fitted"],
            judged=counts["judged"],
            agreeing=counts["agreeing"],
            parts=tuple(
                PartAgreement(part, **self._parts[part])
                for part in ("test", "gate", "other")
                if part in self._parts
            ),
            sure=Sure(SURE, counts["sure"], counts["sure_agreeing"]),
            suspect=SuspectRows(counts["suspect"], counts["suspect_agreeing"], counts["suspect_surprises"]),
            with_artists=WithArtists(counts["with_others"], counts["alone"], counts["together"]),
            genres=self._shares(),
            surprises=surprises,
            unlabelled_micro_genres=_predicted_by_micro_genre(self._micro_genres),
            unlabelled_examples=examples,
        )

    def _shares(self) -> tuple[GenreRows, ...]:
        """Return rows by genre: labelled and predicted among those judged, predicted among the unlabelled."""
        counted = self._genres.values()
        found = [
            GenreRows(name, *(counts[name] for counts in counted)) for name in sorted(set().union(*counted))
        ]
        return tuple(sorted(found, key=lambda one: -one.labelled))


def _is_suspect(rows: pd.DataFrame) -> pd.Series:
    given = rows.get("label_is_suspect", pd.Series(data=False, index=rows.index))
    return given.eq(other=True).fillna(value=False).astype(bool)


class _Candidates:
    """Rows of which the most certain ones are shown."""

    def __init__(self, folder: Path | None) -> None:
        self._waiting = {name: NumberFile(dtype, folder=folder) for name, dtype in OF_CANDIDATES.items()}
        self._codes: dict[str, dict[str, int]] = {"source": {}, "genre": {}}

    def add(self, rows: pd.DataFrame) -> None:
        """Take the candidates of a batch."""
        hashes = {
            name: pd.util.hash_array(rows[name].astype(str).to_numpy(dtype=object), categorize=False)
            for name in ("track_id", "artist", "track")
        }
        add_to_hashes(hashes["artist"], hashes["track"])
        numbers: dict[str, npt.NDArray[Any]] = {"track_id": hashes["track_id"], "name": hashes["artist"]}
        for name, known in self._codes.items():
            codes, texts = pd.factorize(rows[name].to_numpy(dtype=object))
            numbers[name] = np.array([known.setdefault(text, len(known)) for text in texts], np.int32)[codes]
        for name, waiting in self._waiting.items():
            waiting.append(numbers[name] if name in numbers else rows[name].to_numpy())

    def most_certain(self) -> pd.DataFrame:
        """Return place and mark of the rows of the highest probability of each genre, each track once."""
        waiting = self._waiting
        files = sorted(self._codes["source"])
        rank = np.array([files.index(name) for name in self._codes["source"]], dtype=np.int32)
        keys = (waiting["source_row"][:], rank[waiting["source"][:]], -waiting["probability"][:])
        order = np.lexsort(keys)
        del keys
        for name in ("track_id", "name"):
            order = order[np.sort(np.unique(waiting[name][:][order], return_index=True)[1])]
        genres = waiting["genre"][:][order]
        first = [np.flatnonzero(genres == code)[:PER_GENRE] for code in self._codes["genre"].values()]
        chosen = order[np.sort(np.concatenate([np.empty(0, np.int64), *first]))]
        return pd.DataFrame({name: waiting[name].take(chosen) for name in ("place", "is_suspect")})


def _as_tracks(
    chosen: Sequence[pd.DataFrame], read: Callable[[IntArray], pd.DataFrame]
) -> Iterator[tuple[PredictedTrack, ...]]:
    """Yield chosen rows as tracks of the report."""
    both = pd.concat(chosen)
    rows = read(both["place"].to_numpy()).assign(is_suspect=both["is_suspect"].to_numpy())
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
