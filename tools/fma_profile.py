"""Compute the statistics behind the sample archive from a real fma_metadata folder.

    python tools/fma_profile.py FOLDER

Writes `src/genrelab/sources/fma/sample_profile.json`: tracks per top genre; quantiles per top genre and normal-score
correlations within genres of Echo Nest's audio features and of the librosa features that the folder has; the
share of the variance that artists explain; the most frequent genres below each root. Aggregates only: no
track, no artist and no title is in it.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.stats import norm

from genrelab.sources.fma import open_archive, read_echonest, read_genres, read_tracks, stage_features
from genrelab.tables.fma import ECHONEST_AUDIO

OUT = Path(__file__).resolve().parents[1] / "src" / "genrelab" / "sources" / "fma" / "sample_profile.json"
LEVELS = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
FEWEST = 60
"""A genre with fewer tracks takes the quantiles of all tracks together."""
POOLED = "all"
SUBGENRES = 4
MEASURES = ("track_duration", "track_listens", "track_interest", "track_favorites")


def scores(values: np.ndarray) -> np.ndarray:
    """Normal scores of the ranks, shape (tracks, columns)."""
    ranks = pd.DataFrame(values).rank(method="average").to_numpy()
    return np.asarray(norm.ppf((ranks - 0.5) / len(values)))


def describe(frame: pd.DataFrame, columns: list[str]) -> dict[str, Any]:
    """Quantiles per genre, and correlations within genres as the upper triangle."""
    genres = [g for g, n in frame["genre_top"].value_counts().items() if n >= FEWEST]
    parts = {POOLED: frame, **{genre: frame[frame["genre_top"] == genre] for genre in sorted(genres)}}
    triangle = np.triu_indices(len(columns), 1)
    within = np.vstack([scores(part[columns].to_numpy()) for name, part in parts.items() if name != POOLED])
    correlation = np.corrcoef(within.T)
    artists = np.concatenate([p["artist_id"].to_numpy() for n, p in parts.items() if n != POOLED])
    means = pd.DataFrame(within).groupby(artists).transform("mean").to_numpy()
    sizes = pd.Series(artists).groupby(artists).transform("size").to_numpy()[:, None]
    chosen = (sizes > 1).ravel()
    noise = ((within - means)[chosen] ** 2 * (sizes / np.maximum(sizes - 1, 1))[chosen]).mean(axis=0)
    return {
        "columns": columns,
        "artist_share": round(float(np.clip(1 - noise.mean(), 0, 1)), 3),
        "correlation": [round(float(x), 3) for x in correlation[triangle]],
        "quantiles": {
            name: [[float(f"{x:.4g}") for x in row] for row in np.quantile(part[columns], LEVELS, axis=0).T]
            for name, part in parts.items()
        },
    }


def main(folder: Path, scratch: Path) -> None:
    """Read the folder and write the statistics."""
    archive = open_archive(folder)
    tracks = read_tracks(archive).data.to_pandas()
    genres = read_genres(archive).data.to_pandas().set_index("genre_id")
    known = tracks[["track_id", "artist_id", "genre_top"]]
    echonest = read_echonest(archive).data.select(["track_id", *ECHONEST_AUDIO]).to_pandas()
    staged = stage_features(archive, scratch)
    filled = [
        c.name for c in staged.table if c.type == pa.float32() and staged.profile[c.name].low is not None
    ]
    features = pd.read_parquet(staged.files[0], columns=["track_id", *filled])
    staged.discard()
    used = Counter(genre for ids in tracks["genres"] for genre in ids)
    below = {}
    for root in genres.index[genres["parent_id"] == 0]:
        family = genres.index[(genres["top_level_id"] == root) & (genres.index != root)]
        chosen = sorted(family, key=lambda genre: -used[genre])[:SUBGENRES]
        chosen = [genre for genre in chosen if genres.loc[genre, "parent_id"] == root]
        below[genres.loc[root, "title"]] = [
            [int(root), used[root]],
            [[int(genre), genres.loc[genre, "title"], used[genre]] for genre in chosen],
        ]
    profile = {
        "levels": LEVELS,
        "tracks": tracks["genre_top"].value_counts().to_dict(),
        "genres": below,
        "measures": {
            name: [round(float(x)) for x in tracks[name].dropna().quantile(LEVELS)] for name in MEASURES
        },
        "echonest": describe(echonest.merge(known, on="track_id"), list(ECHONEST_AUDIO)),
        "features": describe(features.merge(known, on="track_id"), filled),
    }
    OUT.write_text(json.dumps(profile, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        main(Path(sys.argv[1]), Path(name) / "staging")
