"""Places and genres: what the real files give, and how long the whole archive takes.

    python benchmarks/places.py list       the list of genres and coordinates: how 1,288 places were found
    python benchmarks/places.py genres     the same list: places of the three genres on the two continents
    python benchmarks/places.py tests      tracks.csv: tests of genre by state
    python benchmarks/places.py time       seconds for a made-up archive of official size

Reads below GENRELAB_REAL_DATA (default ../shared/data), prints a Markdown table; `time` needs no file.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from genrelab.analyses.places.cross_tables import DOCUMENT_GENRES, DOCUMENT_PLACES
from genrelab.analyses.places.pages.numbers import growth, p_text, permuted_text
from genrelab.analyses.places.placing import Location, locate
from genrelab.analyses.places.result import Places
from genrelab.analyses.places.study import COLUMNS, PERMUTATIONS, study_places
from genrelab.evaluation.contingency import corrected_v, equal_counts, independence
from genrelab.sources.fma import open_archive, read_genres, read_tracks
from genrelab.tables.places import DECISIONS
from genrelab_cli.numbers import markdown

DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data"))
SEED = 24
TRACKS, ARTISTS, LOCATED = 106_574, 16_341, 0.42


def genre_places() -> dict[int, list[tuple[float, float]]]:
    """Coordinates by genre id."""
    found = {}
    for line in (DATA / "fma_geolocation_by_genre.txt").read_text("utf-8").splitlines():
        pairs = re.findall(r"\((-?[\d.E+-]+), ?(-?[\d.E+-]+)\)", line)
        found[int(line.partition(",")[0])] = [
            (float(latitude), float(longitude)) for latitude, longitude in pairs
        ]
    return found


def located(pairs: Sequence[tuple[float, float]]) -> list[Location]:
    """Where each pair lies."""
    found, index = locate(np.array(pairs, float))
    return [found[at] for at in index]


def of_list() -> str:
    """How the places of the list were found, and where most of them are."""
    pairs = sorted({pair for places in genre_places().values() for pair in places})
    places = located(pairs)
    rows = [("decided by", name, f"{sum(one.decided_by == name for one in places):,}") for name in DECISIONS]
    for level in ("continent", "country", "state"):
        counted = pd.Series([getattr(one, level) for one in places if getattr(one, level)]).value_counts()
        rows += [(level, str(name), f"{count:,}") for name, count in counted.head(6).items()]
    return markdown(("", "", f"of {len(pairs):,} places"), rows)


def of_genres() -> str:
    """Distinct places of the three genres on the two continents, with both tests."""
    titles = read_genres(open_archive(DATA / "fma_metadata")).data.to_pandas()
    roots = titles.set_index("title")["genre_id"]
    of_genre = genre_places()
    counts = np.array(
        [
            [
                sum(one.continent == continent for one in located(sorted(set(of_genre[int(roots[genre])]))))
                for genre in DOCUMENT_GENRES
            ]
            for continent in DOCUMENT_PLACES
        ]
    )
    test = independence(counts)
    rows = [
        (continent, *(f"{count:,} ({count / row.sum():.0%})" for count in row), f"{row.sum():,}")
        for continent, row in zip(DOCUMENT_PLACES, counts, strict=True)
    ]
    rows.append(("equal counts, p", *(p_text(equal_counts(column).p) for column in counts.T), ""))
    v = f"corrected V {corrected_v(test.statistic, counts):.2f}"
    rows.append(("independence", f"chi-squared {test.statistic:.1f}", f"p {p_text(test.p)}", v, ""))
    return markdown(("places", *DOCUMENT_GENRES, "all three"), rows)


def of_tests() -> str:
    """The tests of tracks.csv."""
    tracks = read_tracks(open_archive(DATA / "fma_metadata")).data.select(COLUMNS).to_pandas()
    return tests(study_places(tracks, PERMUTATIONS["nightly"], SEED, 0, is_sample=False)[0])


def tests(found: Places) -> str:
    """The tests of every table of genres by place."""
    rows = []
    for one in (found.document, *found.tables):
        if one.tests is None:
            rows.append((one.name, one.missing, *[""] * 6))
            continue
        had = one.tests
        rows.append(
            (
                one.name,
                f"{len(one.places)} places, {len(one.genres)} genres, {sum(map(sum, one.tracks)):,} tracks",
                p_text(had.tracks.p),
                f"{had.tracks.fewest_expected:.2f}",
                permuted_text(had.permuted),
                growth(had.tracks.p, had.permuted.p),
                permuted_text(had.once) if had.once else "-",
                f"{had.permuted.inflation:.1f}",
            )
        )
    return markdown(
        (
            "genre by",
            "table",
            "p, tracks as units",
            "smallest expected count",
            "p, artists permuted",
            "p grows",
            "p, each artist once",
            "inflation",
        ),
        rows,
    )


def made_archive() -> pd.DataFrame:
    """Tracks of an archive of official size: artists in about 2,000 towns of the list's density, 16 genres."""
    draw = np.random.default_rng(SEED)
    artist = np.sort(np.append(np.arange(ARTISTS), draw.integers(0, ARTISTS, TRACKS - ARTISTS)))
    towns = np.column_stack([draw.uniform(25, 60, 2_000), draw.uniform(-125, 40, 2_000)])
    place = towns[draw.zipf(1.6, ARTISTS) % len(towns)]
    place[draw.random(ARTISTS) > LOCATED] = np.nan
    main = draw.integers(0, 16, ARTISTS)
    genre = np.where(draw.random(TRACKS) < 0.7, main[artist], draw.integers(0, 16, TRACKS))  # noqa: PLR2004 - mostly one genre
    top = pd.Series(genre).map("genre {}".format).where(draw.random(TRACKS) < 0.47, None)  # noqa: PLR2004 - as in FMA
    return pd.DataFrame(
        {
            "track_id": np.arange(1, TRACKS + 1),
            "artist_id": artist + 1,
            "artist_name": [f"artist {number}" for number in artist],
            "artist_location": [f"a town, {'USA' if number % 2 else 'Germany'}" for number in artist],
            "artist_latitude": place[artist, 0],
            "artist_longitude": place[artist, 1],
            "genre_top": top,
        }
    )


def of_time() -> str:
    """Seconds to place every track and for the whole analysis."""
    tracks = made_archive()
    pairs = tracks[["artist_latitude", "artist_longitude"]].to_numpy(float)
    begun = time.perf_counter()
    locate(pairs)
    placed = time.perf_counter() - begun
    begun = time.perf_counter()
    study_places(tracks, PERMUTATIONS["nightly"], SEED, 0, is_sample=False)
    whole = time.perf_counter() - begun
    return markdown(
        ("step", "tracks", "seconds"),
        [
            ("load polygons, place every track", f"{TRACKS:,}", f"{placed:.1f}"),
            ("the whole analysis, budget nightly", f"{TRACKS:,}", f"{whole:.1f}"),
        ],
    )


TABLES: dict[str, Callable[[], str]] = {
    "list": of_list,
    "genres": of_genres,
    "tests": of_tests,
    "time": of_time,
}


if __name__ == "__main__":
    print(TABLES[sys.argv[1]](), end="")
