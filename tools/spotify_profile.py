"""Compute the statistics behind the sample catalogue from a folder of earlier pulls.

    python tools/spotify_profile.py FOLDER

Writes `src/genrelab/sources/sample/spotify_profile.json`: per target genre its share, quantiles and rank correlations
of the audio features and the popularity, and the most frequent micro-genres with those they come with.
Aggregates only: no track, no artist and no title of the pulls is in it.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import AUDIO_FEATURES, BINS, MODEL_FEATURES

TARGET = (
    Path(__file__).resolve().parents[1] / "src" / "genrelab" / "sources" / "sample" / "spotify_profile.json"
)
UNMATCHED = "unmatched"
MEASURES = (*AUDIO_FEATURES, "popularity")
WHOLE = ("key", "mode", "time_signature")
LEVELS = [
    0.001, 0.005, 0.01, 0.02, 0.05, *(round(0.1 * step, 1) for step in range(1, 10)),
    0.15, 0.25, 0.75, 0.85, 0.95, 0.98, 0.99, 0.995, 0.999,
]  # fmt: skip
DECIDING, COMPANIONS, LONGEST = 48, 8, 7
CATCH_ALL = 100
"""An artist id with more tracks than this stands for many artists ("Various Artists")."""


def main(folder: Path) -> None:
    """Read the pulls, summarise them and write the profile."""
    pulls = read_pulls(folder).data
    tracks = pulls.filter(~exact_duplicates(pulls))
    binned = bin_tracks(tracks["genres"], load_rule_set("classic"))
    frame = tracks.to_pandas()
    frame["genres"] = [tuple(genres) for genres in frame["genres"]]
    frame["bin"] = binned.bins.fill_null(UNMATCHED).to_pylist()
    frame["decider"] = [
        decider or genres[0]
        for decider, genres in zip(binned.micro_genres.to_pylist(), frame["genres"], strict=True)
    ]
    names: dict[str, int] = {}
    profile = {
        "levels": sorted(LEVELS),
        "measures": list(MEASURES),
        "artist_share": artist_share(frame),
        "bins": {
            name: summary(frame[frame["bin"] == name], len(frame), names) for name in (*BINS, UNMATCHED)
        },
        "micro_genres": list(names),
    }
    TARGET.write_text(json.dumps(profile, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size:,} bytes from {len(frame):,} tracks\n")


def summary(frame: pd.DataFrame, total: int, names: dict[str, int]) -> dict[str, Any]:
    """One target genre; `names` numbers the micro-genres that it mentions."""
    return {
        "share": round(len(frame) / total, 5),
        "quantiles": {
            name: [float(f"{value:.4g}") for value in frame[name].quantile(sorted(LEVELS))]
            for name in MEASURES
            if name not in WHOLE
        },
        "shares": {
            name: {
                str(value): round(float(share), 4)
                for value, share in frame[name].astype(int).value_counts(normalize=True).sort_index().items()
            }
            for name in WHOLE
        },
        "correlation": np.round(np.corrcoef(normal_scores(frame), rowvar=False), 3)[
            np.triu_indices(len(MEASURES), 1)
        ].tolist(),
        "genres": micro_genres(frame, names),
        "lengths": [
            int((frame["genres"].map(len).clip(upper=LONGEST) == n).sum()) for n in range(1, LONGEST + 1)
        ],
    }


def normal_scores(frame: pd.DataFrame) -> Any:
    """Mid-ranks as standard normal values, shape (tracks, measures)."""
    ranks = frame[list(MEASURES)].rank(method="average").to_numpy()
    return norm.ppf((ranks - 0.5) / len(frame))


def micro_genres(frame: pd.DataFrame, names: dict[str, int]) -> list[list[Any]]:
    """The most frequent deciding micro-genres: [number, count, [[companion, count], ...]]."""
    found = []
    for decider, count in Counter(frame["decider"]).most_common(DECIDING):
        lists = frame.loc[frame["decider"] == decider, "genres"]
        others = Counter(genre for genres in lists for genre in genres if genre != decider)
        companions = [[names.setdefault(o, len(names)), n] for o, n in others.most_common(COMPANIONS)]
        found.append([names.setdefault(decider, len(names)), count, companions])
    return found


def artist_share(frame: pd.DataFrame) -> float:
    """Share of the variance within a target genre that the artist explains (intraclass correlation)."""
    pairs = frame.drop_duplicates(list(MODEL_FEATURES))
    pairs = pairs[pairs["bin"] != UNMATCHED]
    sizes = pairs.groupby("artist_id")["track_id"].transform("size")
    shares = []
    for _, group in pairs.groupby("bin"):
        scores = pd.DataFrame(normal_scores(group), index=group.index)
        scores = (scores - scores.mean()) / scores.std()
        several = group[sizes.loc[group.index].between(2, CATCH_ALL)]
        first, second = [], []
        for _, rows in several.groupby("artist_id"):
            if len(rows) > 1:
                first.append(rows.index[0])
                second.append(rows.index[1])
        shares.append((scores.loc[first].to_numpy() * scores.loc[second].to_numpy()).mean())
    return round(float(np.mean(shares)), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
