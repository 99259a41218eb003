"""Facts of the drift page: two made versions of a table, really compared."""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from genrelab.analyses.drift.compare import compare
from genrelab.analyses.drift.judge import judge
from genrelab.analyses.drift.result import (
    ChampionDrift,
    DriftReport,
    DriftStatus,
    Earlier,
    Thresholds,
)
from genrelab.analyses.drift.watched import WATCHED
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.tables.spotify import AUDIO_FEATURES, BINS

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


def status(earlier: pa.Table, later: pa.Table, **more: Any) -> DriftStatus:
    """How spotify_binned stands after these two versions."""
    measured = compare(earlier, later, WATCHED["spotify_binned"])
    given: dict[str, Any] = {
        **vars(measured),
        "table": "spotify_binned",
        "source": "/data/spotify/pulls",
        "sample": False,
        "version": 3,
        "id": "3@now",
        "rows": len(later),
        "published_at": "2026-03-12T03:02:44+00:00",
        "content": "",
        "status": "compared",
        "earlier": Earlier(1, "1@then", len(earlier), "2026-03-05T03:02:44+00:00"),
        "findings": judge(measured, Thresholds()),
        "accepted": None,
    }
    return DriftStatus(**given | more)


def first(table: str, status: str = "first") -> DriftStatus:
    """A table that is the first version of its source."""
    return DriftStatus(
        table=table,
        source="/data/fma_metadata.zip",
        sample=False,
        version=0,
        id="0@now",
        rows=13129,
        published_at="2026-03-12T03:02:44+00:00",
        content="",
        status=status,
        earlier=None,
        features=(),
        classes=(),
        words=None,
        findings=(),
        accepted=None,
    )


def report_of(*tables: DriftStatus) -> DriftReport:
    """What the step leaves for the report."""
    return DriftReport(tables, Thresholds())


def since_training(
    trained: pa.Table, later: pa.Table, *champions: str, version: int = 0, **more: Any
) -> ChampionDrift:
    """How spotify_binned has changed since a champion of the classic bins was trained."""
    columns = SPOTIFY_BINS_CLASSIC.columns["spotify_binned"]
    measured = compare(trained, later, WATCHED["spotify_binned"].read_by(columns))
    identity = f"{version}@long ago"
    given: dict[str, Any] = {
        **vars(measured),
        "champions": dict.fromkeys(champions or ("spotify-bins-classic",), "1"),
        "trained_on": identity,
        "status": "compared",
        "earlier": Earlier(version, identity, len(trained), "2026-01-05T03:02:44+00:00"),
        "findings": judge(measured, Thresholds()),
        "accepted": None,
    }
    return ChampionDrift(**given | more)


@cache
def slow_drift() -> DriftReport:
    """A table that is quiet since its last version and has drifted since the champion was trained."""
    trained, last, later = tracks(3000, 1, pop=0.32), tracks(3000, 2, pop=0.25), tracks(3400, 3, pop=0.23)
    moved = status(last, later, version=9, champions=(since_training(trained, later),))
    return report_of(moved, first("fma_echonest"))


@cache
def made_drift() -> DriftReport:
    """A table that drifted, and others with nothing to compare."""
    moved = status(tracks(3000, 1), tracks(3400, 2, louder=0.2, pop=0.42, words=slice(2, 8)))
    return report_of(moved, first("fma_echonest"), first("fma_tracks", status="lost"))
