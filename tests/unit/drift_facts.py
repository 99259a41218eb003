"""Facts of the drift page: two made versions of a table, really compared."""

from typing import Any

import numpy as np
import pyarrow as pa

from genrelab.analyses.drift import WATCHED, Thresholds, compare, judge
from genrelab.tables.spotify import AUDIO_FEATURES, BINS

TH = Thresholds()
THRESHOLDS = {"psi": TH.psi, "ks": TH.ks, "class_share": TH.class_share}
WORDS = ("classic opm", "deep house", "bebop", "banda", "reading", "lo-fi beats", "hyperpop", "<b>drill</b>")


def tracks(
    rows: int, seed: int, *, louder: float = 0.0, pop: float = 0.3, words: slice = slice(0, 6)
) -> pa.Table:
    """Tracks of spotify_binned; `louder` moves two features, `pop` is the share of a class."""
    generator = np.random.default_rng(seed)
    data: dict[str, Any] = {name: generator.beta(2, 3, rows) for name in AUDIO_FEATURES}
    data["energy"] = np.clip(data["energy"] + louder, 0, 1)
    data["loudness"] = -20 + 15 * generator.beta(3, 2, rows) + 8 * louder
    data["tempo"] = 60 + 130 * data["tempo"]
    data["key"] = generator.integers(0, 12, rows)
    data["mode"] = generator.integers(0, 2, rows)
    data["time_signature"] = generator.choice([3, 4, 5], rows, p=[0.1, 0.85, 0.05])
    data["popularity"] = generator.integers(0, 101, rows)
    rest = (1 - pop) / len(BINS)
    labels = generator.choice([*BINS, ""], rows, p=[pop, *[rest] * len(BINS)])
    for name in ("bin_classic", "bin_reviewed"):
        data[name] = pa.array([label or None for label in labels], pa.string())
    known = WORDS[words]
    data["genres"] = [
        [known[number] for number in row] for row in generator.integers(0, len(known), (rows, 2))
    ]
    return pa.table(data)


def standing(earlier: pa.Table, later: pa.Table, **more: Any) -> dict[str, Any]:
    """How spotify_binned stands after these two versions."""
    measured = compare(earlier.select, later.select, WATCHED["spotify_binned"])
    return {
        "table": "spotify_binned",
        "source": "/data/spotify/pulls",
        "sample": False,
        "version": 3,
        "rows": len(later),
        "published_at": "2026-03-12T03:02:44+00:00",
        "status": "compared",
        "earlier": {"version": 1, "rows": len(earlier), "published_at": "2026-03-05T03:02:44+00:00"},
        "accepted": None,
        **measured,
        "findings": judge(measured, TH),
    } | more


def first(table: str, **more: Any) -> dict[str, Any]:
    """A table that is the first version of its source."""
    return {
        "table": table,
        "source": "/data/fma_metadata.zip",
        "sample": False,
        "version": 0,
        "rows": 13129,
        "published_at": "2026-03-12T03:02:44+00:00",
        "status": "first",
        "earlier": None,
        "features": [],
        "classes": [],
        "words": {},
        "findings": [],
        "accepted": None,
    } | more


def drift_facts() -> dict[str, Any]:
    """A table that drifted, and others with nothing to compare."""
    moved = standing(tracks(3000, 1), tracks(3400, 2, louder=0.2, pop=0.42, words=slice(2, 8)))
    return {
        "tables": [moved, first("fma_echonest"), first("fma_tracks", status="lost")],
        "thresholds": THRESHOLDS,
    }
