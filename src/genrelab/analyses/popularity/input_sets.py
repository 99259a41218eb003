"""What plays are predicted from: sets of inputs, nested one in the other, on three groups of tracks.

Conventions: inputs of a track are one row of a sparse matrix whose absent entries are not known (numbers) or not there
(genres): boosted trees learn a side for both, and 163 genres cost as much as the three that a track has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array, csr_array, hstack

from genrelab.analyses.popularity.guard import REACTIONS
from genrelab.analyses.popularity.result import ALL_TRACKS, ECHONEST, LIBROSA, MEAN

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

GENRES, LENGTH, AGE, AUDIO, REACTED = "genres", "length", "age", "audio", "reactions"
"""Parts that sets of inputs are made of."""

PART_LABELS = {
    GENRES: "genres",
    LENGTH: "length and bit rate",
    AGE: "age",
    REACTED: "interest, favourites and comments",
}


@dataclass(frozen=True)
class InputSet:
    """A set of inputs.

    Args:
        name: Its name in MLflow.
        label: Its name for people.
        parts: What it is made of.
        over: The set that it extends, or the mean.
        is_forbidden: Whether it contains what listeners did.
    """

    name: str
    label: str
    parts: tuple[str, ...]
    over: str = MEAN
    is_forbidden: bool = False


KNOWN = (GENRES, LENGTH, AGE)
SETS: Mapping[str, tuple[InputSet, ...]] = {
    ALL_TRACKS: (
        InputSet("length", "Length and bit rate", (LENGTH,)),
        InputSet("genres", "Genres", (GENRES,)),
        InputSet("genres_length", "Genres, length and bit rate", (GENRES, LENGTH), over="genres"),
        InputSet("genres_length_age", "Genres, length, bit rate and age", KNOWN, over="genres_length"),
        InputSet(
            "reactions",
            "The same and what listeners did: forbidden",
            (*KNOWN, REACTED),
            over="genres_length_age",
            is_forbidden=True,
        ),
    ),
    ECHONEST: (
        InputSet("echonest", "Echo Nest's eight audio features alone", (AUDIO,)),
        InputSet("known", "Genres, length, bit rate and age", KNOWN),
        InputSet("known_echonest", "The same and Echo Nest's audio features", (*KNOWN, AUDIO), over="known"),
    ),
    LIBROSA: (
        InputSet("librosa", "Librosa features alone", (AUDIO,)),
        InputSet("known", "Genres, length, bit rate and age", KNOWN),
        InputSet("known_librosa", "The same and librosa features", (*KNOWN, AUDIO), over="known"),
    ),
}
"""By group of tracks."""

REACTION_INPUTS = tuple(name for name in REACTIONS if name.startswith("track_"))
"""What the forbidden set contains: the reactions to the track itself."""


@dataclass(frozen=True)
class Parts:
    """What sets of inputs are made of, for the same tracks.

    Args:
        genres: Shape (rows, genres).
        numbers: Columns of numbers of every other part, by its name; NaN where a value is not known.
    """

    genres: csr_array
    numbers: Mapping[str, pd.DataFrame]

    def take(self, rows: IntArray) -> "Parts":
        """Return the parts of some of the tracks."""
        return Parts(self.genres[rows], {name: part.iloc[rows] for name, part in self.numbers.items()})

    def has(self, part: str) -> bool:
        """Return whether any track has a value of a part."""
        return bool(self.genres.nnz) if part == GENRES else bool(self.numbers[part].shape[1])

    def columns(self, asked: InputSet) -> int:
        """Return how many inputs a set has."""
        return sum(
            self.genres.shape[1] if part == GENRES else self.numbers[part].shape[1] for part in asked.parts
        )

    def visible(self, asked: InputSet) -> pd.DataFrame:
        """Return the numbers that a model of this set sees; genres are none."""
        rows = pd.DataFrame(index=range(self.genres.shape[0]))
        return pd.concat([rows, *(self.numbers[part] for part in asked.parts if part != GENRES)], axis=1)

    def matrix(self, asked: InputSet) -> csr_array:
        """Return the inputs of a set, shape (rows, inputs)."""
        return csr_array(hstack([self._matrix(part) for part in asked.parts], format="csr"))

    def _matrix(self, part: str) -> csr_array:
        if part == GENRES:
            return self.genres
        values = self.numbers[part].to_numpy(dtype=np.float32)
        rows, columns = np.nonzero(~np.isnan(values))
        return csr_array(coo_array((values[rows, columns], (rows, columns)), shape=values.shape))


def usable_sets(group: str, parts: Parts) -> tuple[list[InputSet], list[str]]:
    """Return the sets of a group that can be used, and the parts that no track has.

    A set of which a part is missing is left out: without that part it would be another one of the group.
    """
    asked: Sequence[InputSet] = SETS[group]
    absent = {part for one in asked for part in one.parts if not parts.has(part)}
    names = [PART_LABELS.get(part, part) for part in sorted(absent)]
    return [one for one in asked if not absent & set(one.parts)], names
