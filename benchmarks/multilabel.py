"""Speed and memory of the study of all genres at the size of the whole FMA: 106,574 tracks, 518 features, 161 genres.

Run: python benchmarks/multilabel.py [neighbours components study training]
Tracks are made up: artists with a place of their own in the space of features, and genres by frequency. Each part runs
in a process of its own, and its peak memory is that of the process with the data. GENRELAB_BENCH_CORES sets the cores.

neighbours  The document's rule for k = 1 to 10 on one division of its sizes (1,065 test tracks), scaling and votes
            included, against `kneighbors` of scikit-learn on scaled data: ratio (limit 1.2), peak memory (limit 4 GiB).
components  Principal components of the training tracks against `PCA.fit` alone: ratio (limit 1.1).
study       The whole analysis with the budget `nightly`: seconds (limit 900), peak memory.
training    The models of `fma-all-genres` with the budget `nightly`, fits in worker processes as `genrelab train` has
            them: seconds (limit 900, together with the study).
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from genrelab.analyses.genre_study import components
from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.neighbours import K, by_k, nearest, scaled
from genrelab.analyses.genre_study.protocols import draw
from genrelab.analyses.genre_study.study import compute
from genrelab.analyses.genre_study.tracks import FEATURE_SETS
from genrelab.analyses.inputs import Inputs
from genrelab.lake.version import Counts, TableVersion
from genrelab.models.data import prepare
from genrelab.models.fitting import Fitted
from genrelab.models.tasks import FMA_ALL_GENRES
from genrelab.models.training import train_task
from genrelab.models.zoo import models_for
from genrelab.runtime.settings import load_settings
from genrelab.runtime.workers import Workers

TRACKS, ARTISTS, GENRES, ROOTS, TEST = 106_574, 16_341, 161, 16, 1_065
FEATURES = FEATURE_SETS[0].columns
CORES = int(os.environ.get("GENRELAB_BENCH_CORES", "0")) or os.cpu_count() or 1
SEED = 24
GIB = 1024**2
"""Kilobytes."""


def made() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (tracks, features) as float32, artist of each track, genres (tracks, labels)."""
    generator = np.random.default_rng(SEED)
    artists = np.sort(generator.integers(ARTISTS, size=TRACKS))
    features = generator.standard_normal((TRACKS, len(FEATURES)), dtype=np.float32)
    features += generator.standard_normal((ARTISTS, len(FEATURES)), dtype=np.float32)[artists]
    chance = 0.25 / np.arange(1, GENRES + 1)
    has = generator.random((ARTISTS, GENRES))[artists] < chance
    has[:, 0] |= ~has.any(axis=1)
    return features, artists, has


def seconds_of(call: Callable[[], object]) -> float:
    """Return how many CPU seconds a call takes: the machine may be busy."""
    started = time.process_time()
    call()
    return time.process_time() - started


def peak() -> float:
    """Return the largest memory of this process so far in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB


def neighbours() -> str:
    """Measure the document's rule."""
    features, _, has = made()
    one = draw(TRACKS, TEST, SEED)

    def study() -> None:
        train, test = scaled(features[one.train], features[one.test])
        by_k(has[one.test], has[one.train], nearest(train, test, CORES))

    own, memory = seconds_of(study), peak()
    train, test = scaled(features[one.train], features[one.test])
    search = NearestNeighbors(n_neighbors=K[-1], algorithm="brute", metric="manhattan", n_jobs=CORES)
    bare = seconds_of(lambda: search.fit(train).kneighbors(test))
    return (
        f"neighbours, k = 1 to {K[-1]}, {len(train):,} x {len(FEATURES)}, {len(test):,} test tracks: {own:.1f} s, bare "
        f"{bare:.1f} s, ratio {own / bare:.3f} (limit 1.2), peak {memory:.2f} GiB (limit 4)"
    )


def parts() -> str:
    """Measure principal components."""
    features, _, _ = made()
    train = scaled(features)[0]
    del features
    # In turns: other work on the machine only ever adds.
    times = [
        (
            seconds_of(lambda: components.fit(train)),
            seconds_of(lambda: PCA(svd_solver="covariance_eigh").fit(train)),
            seconds_of(lambda: PCA().fit(train)),
        )
        for _ in range(3)
    ]
    own, bare, default = (min(column) for column in zip(*times, strict=True))
    return (
        f"components of {TRACKS:,} x {len(FEATURES)}: {own:.2f} s, PCA.fit {bare:.2f} s, ratio {own / bare:.3f} "
        "(limit 1.1); "
        f"PCA.fit as it chooses itself {default:.2f} s"
    )


class Made(Inputs):
    """Inputs of the study, from memory instead of the lake."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        super().__init__(GENRE_STUDY, load_settings(budget="nightly", cores=CORES))
        self.made = tables

    def find(self, table: str) -> TableVersion | None:
        """Return a made-up version of a table that is there."""
        rows = len(self.made.get(table, ()))
        return TableVersion(table, 0, "made", Counts(rows, rows, 0, 0), "made", False, "") if rows else None

    def read(self, table: str, columns: Any = None, **_: bool) -> pa.Table:
        """Return a table."""
        return self.made[table].select(list(columns))


def made_tables() -> dict[str, pa.Table]:
    """Tables of the whole archive."""
    features, artists, has = made()
    ids = np.arange(1, TRACKS + 1)
    flat = pa.array(np.nonzero(has)[1] + 1)
    lists = pa.ListArray.from_arrays(np.r_[0, np.cumsum(has.sum(axis=1))].astype(np.int32), flat)
    split = np.random.default_rng(SEED).choice(
        ["training", "validation", "test"], ARTISTS, p=[0.8, 0.1, 0.1]
    )[artists]
    tracks = {
        "source": ["made"] * TRACKS,
        "source_row": ids,
        "track_id": ids,
        "artist_id": artists + 1,
        "album_id": artists + 1,
        "split": split,
        "genres": lists,
    }
    return {
        "fma_tracks": pa.table({**tracks, "genres_all": lists}),
        "fma_features": pa.table({"track_id": ids, **dict(zip(FEATURES, features.T, strict=True))}),
        "fma_genres": pa.table(
            {
                "genre_id": np.arange(1, GENRES + 1),
                "parent_id": np.where(np.arange(GENRES) < ROOTS, 0, np.arange(GENRES) % ROOTS + 1),
                "title": [f"genre {number}" for number in range(1, GENRES + 1)],
            }
        ),
    }


def study() -> str:
    """Measure the whole analysis."""
    inputs = Made(made_tables())
    started = time.perf_counter()
    compute(inputs)
    took = time.perf_counter() - started
    return (
        f"the whole study, budget nightly, {CORES} cores: {took:.0f} s (limit 900), CPU {time.process_time():.0f} s, "
        f"peak {peak():.2f} GiB"
    )


def training() -> str:
    """Measure the training of the models that name every genre."""
    settings = load_settings(budget="nightly", cores=1)
    data = prepare(FMA_ALL_GENRES, made_tables())
    models = models_for(FMA_ALL_GENRES.family, settings.budget or "nightly")
    started = time.perf_counter()

    def told(one: Fitted) -> None:
        print(f"{time.perf_counter() - started:6.0f} s  {one.model.label}", file=sys.stderr, flush=True)

    with Workers(CORES) as workers:
        trained = train_task(data, FMA_ALL_GENRES, models, settings, told, runner=workers.run)
    took = time.perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() + children.ru_utime + children.ru_stime
    return (
        f"training of {len(trained.results)} models on {len(data):,} x {data.features.shape[1]}, budget nightly, "
        f"{CORES} cores: {took:.0f} s, CPU {cpu:.0f} s, peak {peak():.2f} GiB and of a worker "
        f"{children.ru_maxrss / GIB:.2f} GiB; failures: {trained.failures or 'none'}"
    )


PARTS = {"neighbours": neighbours, "components": parts, "study": study, "training": training}


def main() -> None:
    """Run the parts, each in a process of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    asked = parser.parse_args().parts
    if len(asked) == 1:
        print(PARTS[asked[0]](), flush=True)
        return
    for part in asked or PARTS:
        subprocess.run([sys.executable, __file__, part], check=True)


if __name__ == "__main__":
    main()
