"""Speed of k-means and of the study of k on the real pulls, compared with scikit-learn alone.

Run: python benchmarks/clusters.py
Prints, for each feature set of the capstone project, the best time of `genrelab.analyses.clusters.cluster` and of
`KMeans.fit` alone on the same points, run in turns, with their ratio (limit 1.1); and the seconds of k = 2 to 30 with
the gap statistic (limit 60 on 2 cores).
"""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.cluster import KMeans

from genrelab.analyses.clusters.budgets import BUDGETS
from genrelab.analyses.clusters.feature_sets import FEATURE_SETS
from genrelab.analyses.clusters.kmeans import CLUSTERS, STARTS, cluster, scale
from genrelab.analyses.clusters.study import study_k
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import MODEL_FEATURES

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
TURNS = int(os.environ.get("GENRELAB_BENCH_TURNS", "7"))
SEED = 24
MOST_RATIO, MOST_SECONDS = 1.1, 60.0


def seconds_of(call: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def bare(values: np.ndarray, is_scaled: bool) -> None:
    """Run the same clustering with scikit-learn alone."""
    points = scale(values) if is_scaled else values
    KMeans(CLUSTERS, n_init=STARTS, random_state=SEED).fit(points)


def main() -> None:
    """Print times, ratios and whether they are within their limits."""
    data = read_pulls(PULLS).data
    data = data.filter(pa.array(~exact_duplicates(data)))
    bins = bin_tracks(data["genres"], load_rule_set("classic")).bins
    frame = data.filter(bins.is_valid()).select(list(MODEL_FEATURES)).to_pandas()
    genres = bins.drop_null().to_pylist()
    ratios, studies = [], []
    for name, feature_set in FEATURE_SETS.items():
        values = frame[list(feature_set.features)].to_numpy(dtype=float)

        both = partial(cluster, frame, feature_set, seed=SEED), partial(bare, values, feature_set.is_scaled)
        for call in both:
            call()
        times = [[seconds_of(call) for call in both] for _ in range(TURNS)]
        own, other = (min(column) for column in zip(*times, strict=True))  # other work only ever adds
        points = scale(values) if feature_set.is_scaled else values
        study = study_k(points, {"classic": genres}, BUDGETS["nightly"].ks, seed=SEED)
        ratios.append(own / other)
        studies.append(study.seconds)
        print(
            f"{name}: k-means {own:.3f} s, bare {other:.3f} s, ratio {own / other:.3f}; "
            f"k = 2 to 30 on {len(frame):,} tracks {study.seconds:.1f} s",
            flush=True,
        )
    print(
        f"worst ratio {max(ratios):.3f} (limit {MOST_RATIO}), longest study {max(studies):.1f} s (limit {MOST_SECONDS})"
    )


if __name__ == "__main__":
    main()
