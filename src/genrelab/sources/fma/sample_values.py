"""Statistics of the real FMA, and drawing values from them.

Conventions: a draw is a Gaussian copula, as in `genrelab.sources.sample.profile`: correlated standard normal values,
one row per track, whose ranks are read off the quantiles of the track's root genre. Tracks of one artist
share the part of their variance that artists explain. A genre without quantiles of its own takes those of
all tracks together.

Source: aggregates of the real fma_metadata (CC BY 4.0), made by `tools/fma_profile.py`.
"""

import json
import random
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from scipy.special import ndtr

POOLED = "all"
DECIMALS = {"echonest": 10, "features": 6}
NUDGE = 0.02
"""How far correlations are drawn towards none, so that rounded ones stay positive definite."""


@dataclass(frozen=True)
class Statistics:
    """What is known of the real archive.

    Args:
        stored: `sample_profile.json`.
    """

    stored: dict[str, Any]

    @property
    def tracks(self) -> dict[str, int]:
        """Tracks by root genre."""
        return dict(self.stored["tracks"])

    @cached_property
    def roots(self) -> dict[str, int]:
        """Genre id by name of the root."""
        return {name: root for name, ((root, _), _) in self.stored["genres"].items()}

    @cached_property
    def titles(self) -> dict[int, str]:
        """Name by genre id."""
        below = {g: title for _, (_, family) in self.stored["genres"].items() for g, title, _ in family}
        return {**{root: name for name, root in self.roots.items()}, **below}

    @cached_property
    def parents(self) -> dict[int, int]:
        """Root by genre id; a root is its own."""
        below = {g: root for _, ((root, _), family) in self.stored["genres"].items() for g, _, _ in family}
        return {**{root: root for root in self.roots.values()}, **below}

    def pick(self, root: str, draw: random.Random) -> int:
        """A genre of a root, as often as the real tracks have it."""
        (genre, count), family = self.stored["genres"][root]
        choices: dict[int, int] = {genre: count, **{one: used for one, _, used in family}}
        return draw.choices(list(choices), list(choices.values()))[0]

    def measure(self, name: str, draw: random.Random) -> int:
        """A duration in seconds, or a number of plays, visits or favourites."""
        return round(float(np.interp(draw.random(), self.stored["levels"], self.stored["measures"][name])))

    def draw(self, table: str, genres: list[str], artists: list[int], seed: int) -> dict[str, np.ndarray]:
        """Values of tracks.

        Args:
            table: `echonest` or `features`.
            genres: Root genre of each track.
            artists: Artist of each track.
            seed: Of this draw.

        Returns:
            By column, shape (tracks,).
        """
        facts = self.stored[table]
        columns, share = facts["columns"], facts["artist_share"]
        generator = np.random.default_rng(seed)
        _, artist_of_track = np.unique(np.asarray(artists, dtype=np.int64), return_inverse=True)
        shared = generator.standard_normal((int(artist_of_track.max(initial=-1)) + 1, len(columns)))
        own = generator.standard_normal((len(genres), len(columns)))
        normal = np.sqrt(share) * shared[artist_of_track] + np.sqrt(1 - share) * own
        ranks = ndtr(normal @ _factor(facts["correlation"], len(columns)).T)
        values = np.empty_like(ranks)
        names = np.asarray(genres)
        for genre in sorted(set(genres)):
            quantiles = facts["quantiles"].get(genre, facts["quantiles"][POOLED])
            rows = names == genre
            for column, points in enumerate(quantiles):
                values[rows, column] = np.interp(ranks[rows, column], self.stored["levels"], points)
        return {name: np.round(values[:, column], DECIMALS[table]) for column, name in enumerate(columns)}


@lru_cache(maxsize=1)
def load_statistics() -> Statistics:
    """The statistics that ship with the package."""
    return Statistics(
        json.loads((files("genrelab.sources.fma") / "sample_profile.json").read_text(encoding="utf-8"))
    )


def _factor(triangle: list[float], size: int) -> np.ndarray:
    """Cholesky factor of a correlation matrix given by its upper triangle, shape (size, size)."""
    correlation = np.eye(size)
    rows, columns = np.triu_indices(size, 1)
    correlation[rows, columns] = correlation[columns, rows] = np.asarray(triangle) * (1 - NUDGE)
    return np.asarray(np.linalg.cholesky(correlation))
