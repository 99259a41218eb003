"""Made-up runners-up of genres: two collections, counted from drawn probabilities; names as they may come."""

from functools import cache
from typing import Any

import numpy as np
from awkward_names import AWKWARD, NON_LATIN

from genrelab.analyses.genre_similarity.result import Collection, Genre, GenreSimilarity
from genrelab.analyses.genre_similarity.runners_up import count_pairs

LONG = "a very long name of a genre " * 12
FMA = ("Rock", "Electronic", "Hip-Hop", "Folk", "Classical", "Jazz")
LIKELY = (0.4, 0.24, 0.12, 0.1, 0.08, 0.06)


def drawn_genres(
    names: tuple[str, ...], *, alike: tuple[int, int] = (4, 3), tracks: int = 900
) -> tuple[Genre, ...]:
    """Genres whose runners-up follow the priors, but for one that resembles another.

    Args:
        names: Names of six genres.
        alike: Places of the genre that resembles another one, and of that.
        tracks: Tracks, three of each artist.
    """
    chance = np.random.default_rng(8)
    codes = chance.choice(len(names), tracks, p=LIKELY)
    proba = chance.dirichlet(8 * np.array(LIKELY), tracks)
    own, other = alike
    proba[codes == own, other] += 0.5
    return count_pairs(proba, codes[:, None] == np.arange(len(names)), np.arange(tracks) // 3, names)


def made_collection(**changes: Any) -> Collection:
    """The top genres of the FMA: Classical resembles Folk."""
    made = {
        "name": "fma-top-genre",
        "task": "fma-top-genre",
        "title": "FMA: top genre from eight Echo Nest features",
        "label": "FMA, top genres",
        "table": "fma_tracks",
        "table_version": 3,
        "rule_set": "",
        "sample": False,
        "budget": "nightly",
        "model": "XGBoost, 80 rounds",
        "features": 8,
        "labelled": 950,
        "tracks": 900,
        "artists": 300,
        "folds": 4,
        "accuracy": 0.63,
        "has_several": False,
        "genres": drawn_genres(FMA),
    }
    return Collection(**{**made, **changes})


@cache
def made_similarity() -> GenreSimilarity:
    """Two collections, and one that could not be compared."""
    bins = ("pop", "rock", AWKWARD, NON_LATIN, LONG, "classical")
    other = made_collection(
        name="spotify-bins-reviewed",
        task="spotify-bins-reviewed",
        title="Spotify: twelve genres (reviewed rules) from eleven audio features",
        label="Spotify, reviewed rules",
        table="spotify_binned",
        rule_set="reviewed",
        genres=drawn_genres(bins, alike=(2, 5)),
    )
    return GenreSimilarity((other, made_collection()), {"fma-families": "no rows in fma_echonest"})


RESULTS = {"genre_similarity": made_similarity}
