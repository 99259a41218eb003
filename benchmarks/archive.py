"""Time and memory of describing an archive of full size: 106,574 tracks, 518 features.

    python benchmarks/archive.py | python -m genrelab_cli.numbers --save archive-time

Tables are made up: gaps, genres and heavy-tailed features of 16,341 artists, published to a lake in a temporary home.
Each analysis runs in a process of its own, whose peak memory is printed; making the tables is not counted.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.registry import BY_NAME
from genrelab.lake.lake import Lake
from genrelab.lake.schema import Column
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.tables.fma import FMA_FEATURES, FMA_TRACKS, SPLITS, SUBSETS, TOP_GENRES
from genrelab_cli.numbers import markdown

TRACKS, ARTISTS = 106_574, 16_341
STEPS = ("missing_values", "archive")
GAPS, WITH_GENRE, WITH_LANGUAGE = 0.4, 0.47, 0.14
LANGUAGES = np.array(["en", "es", "fr", "xx"], dtype=object)


def values_of(column: Column, artists: np.ndarray, draw: np.random.Generator) -> pa.Array:
    """Return legal values of a column of `fma_tracks`, with gaps of whole artists where it is no whole number."""
    rows = len(artists)
    special = {
        "track_id": np.arange(2, rows + 2),
        "source": np.full(rows, "made.csv", dtype=object),
        "source_row": np.arange(rows),
        "artist_id": artists + 1,
        "split": np.array(SPLITS, dtype=object)[np.searchsorted([0.8, 0.9], (artists * 7919 % 1000) / 1000)],
        "subset": np.array(SUBSETS, dtype=object)[draw.integers(0, 3, rows)],
        "genre_top": np.array([*TOP_GENRES, None], dtype=object)[
            np.where(draw.random(rows) < WITH_GENRE, artists % 16, 16)
        ],
        "track_language_code": np.where(draw.random(rows) < WITH_LANGUAGE, LANGUAGES[artists % 4], None),
        "track_license": np.array(["Attribution", "Attribution-NonCommercial", "x"], dtype=object)[
            artists % 3
        ],
        "track_bit_rate": draw.choice([320_000, 256_000, 319_771, -1], rows),
        "track_duration": draw.integers(0, 900, rows),
    }
    if column.name in special:
        return pa.array(special[column.name], column.type, from_pandas=True)
    is_gap = draw.random(ARTISTS)[artists] < GAPS
    if pa.types.is_list(column.type):
        return (
            pa.array([[12]] * rows, column.type)
            if column.name.startswith("genres")
            else pa.nulls(rows, column.type)
        )
    if pa.types.is_timestamp(column.type):
        days = draw.integers(-30_000, 17_000, rows).astype("datetime64[D]").astype("datetime64[us]")
        return pa.array(days, column.type, mask=is_gap)
    if pa.types.is_integer(column.type):
        return pa.array(draw.integers(0, 5_000, rows), column.type)
    if pa.types.is_floating(column.type):
        return pa.array(draw.uniform(-60, 60, rows), column.type, mask=is_gap)
    texts = np.array([f"{column.name} {number}, " * 8 for number in range(500)], dtype=object)
    return pa.array(texts[artists % 500], column.type, mask=is_gap)


def make(home: Home, tracks: int) -> None:
    """Publish both tables."""
    draw = np.random.default_rng(24)
    artists = np.minimum((draw.random(tracks) ** 1.5 * ARTISTS).astype(np.int64), ARTISTS - 1)
    lake = Lake(home)
    rows = pa.table({column.name: values_of(column, artists, draw) for column in FMA_TRACKS})
    lake.publish("fma_tracks", rows, Counts(tracks, tracks), source="made.csv", is_sample=True)
    columns = {name: rows[name] for name in ("source", "source_row", "track_id")}
    for column in FMA_FEATURES.columns[3:]:
        values = draw.standard_t(3, tracks) + draw.normal(size=16)[artists % 16]
        columns[column.name] = pa.array(values.astype(np.float32))
    features = pa.table(columns, schema=FMA_FEATURES.schema)
    lake.publish("fma_features", features, Counts(tracks, tracks), source="made.csv", is_sample=True)


def run(home: Home, step: str, results: "multiprocessing.Queue[tuple[float, float]]") -> None:
    """Compute one analysis and put its seconds and its peak memory in MB."""
    analysis = BY_NAME[step]
    compute = analysis.load(analysis.compute)
    began = time.perf_counter()
    compute(Inputs(analysis, Settings(home=home)))
    results.put((time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=TRACKS)
    tracks = parser.parse_args().tracks
    context = multiprocessing.get_context("spawn")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        maker = context.Process(target=make, args=(home, tracks))
        maker.start()
        maker.join()
        for step in STEPS:
            results = context.Queue()
            worker = context.Process(target=run, args=(home, step, results))
            worker.start()
            seconds, memory = results.get()
            worker.join()
            rows.append(
                (step, f"{tracks:,} x {len(FMA_FEATURES.columns) - 3}", f"{seconds:.1f}", f"{memory:,.0f}")
            )
    print(markdown(("analysis", "tracks x features", "seconds, two cores", "peak memory, MB"), rows), end="")


if __name__ == "__main__":
    main()
