"""Statistics of real pulls, and drawing audio features from them.

Conventions: a draw is a Gaussian copula: correlated standard normal values, one row per track, whose ranks
are read off the quantiles of the target genre. Tracks of one artist share a part of their variance
(`artist_share`), as real ones do: without it a split by artist would be no harder than a random one.

Source: aggregates of 38,535 earlier pulls, made by `tools/spotify_profile.py`. How real tracks were binned
does not belong here.
"""

import json
import random
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from genrelab.tables.spotify import SPOTIFY_TRACKS

Floats = npt.NDArray[np.float64]
DECIMALS = {"tempo": 3, "loudness": 3}
SIGNIFICANT = 3
"""Digits of the features from 0 to 1, as Spotify gives them: 0.571, 1.22e-05."""


@dataclass(frozen=True)
class Profile:
    """What is known of one target genre.

    Args:
        share: Its share of all tracks.
        quantiles: Values at `levels`, by measure.
        shares: Share of each value of a whole-numbered measure.
        factor: Lower triangle of the correlation matrix's Cholesky factor, shape (measures, measures).
        deciders: `[micro-genre, count, [[companion, count], ...]]`.
        lengths: Number of tracks whose artist has 1, 2, 3, ... micro-genres.
    """

    share: float
    quantiles: dict[str, Floats]
    shares: dict[str, tuple[Floats, Floats]]
    factor: Floats
    deciders: list[tuple[str, int, list[tuple[str, int]]]]
    lengths: list[int]

    def micro_genres(self, random_: random.Random) -> list[str]:
        """A list of micro-genres as an artist of this target genre has them, sorted as Spotify sorts them."""
        wanted = random_.choices(range(len(self.lengths)), self.lengths)[0]
        decider, _, companions = random_.choices(self.deciders, [count for _, count, _ in self.deciders])[0]
        names = {decider}
        for _ in range(wanted if companions else 0):
            names.add(random_.choices([n for n, _ in companions], [count for _, count in companions])[0])
        return sorted(names)


@dataclass(frozen=True)
class Profiles:
    """All target genres, and the tracks without one under the name `unmatched`."""

    levels: Floats
    measures: tuple[str, ...]
    artist_share: float
    by_bin: dict[str, Profile]

    def draw(self, name: str, artist_of_track: npt.NDArray[np.int64], seed: int) -> dict[str, Floats]:
        """Audio features and popularity of tracks.

        Args:
            name: Target genre or `unmatched`.
            artist_of_track: Shape (tracks,): number of each track's artist, from 0.
            seed: Of this draw.

        Returns:
            By measure, shape (tracks,), rounded as Spotify rounds.
        """
        profile, generator = self.by_bin[name], np.random.default_rng(seed)
        tracks, artists = len(artist_of_track), int(artist_of_track.max(initial=-1)) + 1
        shared = generator.standard_normal((artists, len(self.measures)))[artist_of_track]
        own = generator.standard_normal((tracks, len(self.measures)))
        normal = (
            np.sqrt(self.artist_share) * shared + np.sqrt(1 - self.artist_share) * own
        ) @ profile.factor.T
        ranks = ndtr(normal)
        drawn = {}
        for position, measure in enumerate(self.measures):
            if measure in profile.shares:
                values, upper = profile.shares[measure]
                drawn[measure] = values[
                    np.minimum(np.searchsorted(upper, ranks[:, position]), len(values) - 1)
                ]
                continue
            value = np.interp(ranks[:, position], self.levels, profile.quantiles[measure])
            column = SPOTIFY_TRACKS[measure]
            value = np.clip(value, column.low, column.high)
            drawn[measure] = (
                np.round(value, DECIMALS[measure]) if measure in DECIMALS else _significant(value)
            )
        return drawn


def _significant(values: Floats) -> Floats:
    """Values rounded to `SIGNIFICANT` digits; what is smaller than any that Spotify gives is 0."""
    magnitude = 10.0 ** (SIGNIFICANT - 1 - np.floor(np.log10(np.maximum(values, 1e-7))))
    return np.round(values * magnitude) / magnitude


@lru_cache(maxsize=1)
def load_profiles() -> Profiles:
    """The statistics that ship with the package."""
    stored = json.loads(
        (files("genrelab.sources.sample") / "spotify_profile.json").read_text(encoding="utf-8")
    )
    names = stored["micro_genres"]
    return Profiles(
        levels=np.array(stored["levels"]),
        measures=tuple(stored["measures"]),
        artist_share=stored["artist_share"],
        by_bin={
            name: _profile(facts, names, len(stored["measures"])) for name, facts in stored["bins"].items()
        },
    )


def _profile(facts: dict[str, Any], names: list[str], measures: int) -> Profile:
    correlation = np.eye(measures)
    correlation[np.triu_indices(measures, 1)] = facts["correlation"]
    correlation = (
        np.maximum(correlation, correlation.T) + np.minimum(correlation, correlation.T) - np.eye(measures)
    )
    return Profile(
        share=facts["share"],
        quantiles={measure: np.array(values) for measure, values in facts["quantiles"].items()},
        shares={
            measure: (np.array(list(map(float, shares))), np.cumsum(list(shares.values())))
            for measure, shares in facts["shares"].items()
        },
        factor=cast(Floats, np.linalg.cholesky(correlation)),
        deciders=[
            (names[decider], count, [(names[other], n) for other, n in companions])
            for decider, count, companions in facts["genres"]
        ],
        lengths=facts["lengths"],
    )
