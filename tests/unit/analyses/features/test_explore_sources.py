"""Two sources under the same rules, side by side."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa

from genrelab.analyses.features.result import GenreInSources, SourceComparison
from genrelab.analyses.features.sources import compare_sources
from genrelab.runtime.records import decode, encode
from genrelab.tables.spotify import SPOTIFY_BINNED

FEATURES = (SPOTIFY_BINNED["energy"], SPOTIFY_BINNED["tempo"])


def source(*genres: tuple[str | None, int, float]) -> tuple[pa.Table, pd.Series]:
    """So many tracks of each genre, their energies around a middle, their tempo 100 times that."""
    energies = np.concatenate([np.linspace(middle - 0.1, middle + 0.1, size) for _, size, middle in genres])
    names = [name for name, size, _ in genres for _ in range(size)]
    return pa.table({"energy": energies, "tempo": 100 * energies}), pd.Series(names)


def test_medians_stand_side_by_side_with_their_effect_size():
    """Rock is louder in the second source in every pair; pop is the same in both."""
    found = compare_sources(
        source(("rock", 41, 0.3), ("pop", 41, 0.5)),
        source(("pop", 31, 0.5), ("rock", 41, 0.7)),
        FEATURES,
        ("pop", "rock"),
    )

    energy, tempo = found.features
    assert [row.genre for row in energy.genres] == ["pop", "rock"]
    pop, rock = energy.genres
    assert (pop.first[1], pop.second[1], pop.delta) == (0.5, 0.5, 0.0)
    assert (rock.first, rock.second, rock.delta) == ((0.25, 0.3, 0.35), (0.65, 0.7, 0.75), 1.0)
    assert (tempo.unit, tempo.genres[1].second[1]) == ("beats per minute", 70.0)


def test_a_genre_needs_tracks_in_both_sources():
    """What one of them hardly holds is named with its counts and not compared; what neither holds is not named."""
    found = compare_sources(
        source(("rock", 40, 0.3), ("pop", 40, 0.5), (None, 9, 0.1)),
        source(("rock", 40, 0.3), ("pop", 29, 0.5)),
        FEATURES,
        ("pop", "rock", "dance"),
    )

    assert found.genres == (GenreInSources("rock", 40, 40),)
    assert found.too_few == (GenreInSources("pop", 40, 29),)
    assert [row.genre for row in found.features[0].genres] == ["rock"]


def test_a_feature_without_values_has_no_median():
    """Its quartiles and its effect are missing, not 0."""
    first, names = source(("rock", 40, 0.3))
    second = first.set_column(0, "energy", [np.full(len(first), np.nan)])
    row = compare_sources((first, names), (second, names), FEATURES, ("rock",)).features[0].genres[0]

    assert (row.second, row.delta) == (None, None)
    assert row.first is not None


def test_a_comparison_survives_its_record():
    """Written as JSON, read again, it is equal."""
    rock = source(("rock", 40, 0.3))
    found = compare_sources(rock, rock, FEATURES, ("rock", "pop"))

    assert decode(SourceComparison, json.loads(json.dumps(encode(found)))) == found
