"""Speed of reading tables of tracks compared with a plain reader, and the share of detecting their layout.

Run: python benchmarks/pulls.py, or `python benchmarks/pulls.py ROWS pulls|exportify` for one table of as many rows
Claims: looking takes at most 5 % of reading; reading 46,291 pulls takes no longer than a plain reader, which neither
judges a cell nor knows where a record came from; a million rows are read, judged and published in at most 1.1 GB, of
which the libraries take 0.3.

The plain reader: `csv.reader` over each file, columns by name, `float` and `ast.literal_eval` for each cell.
Times are of processor time, the best of some rounds, both in the same process.
"""

import ast
import csv
import logging
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from genrelab.lake.lake import Lake
from genrelab.runtime.home import Home
from genrelab.runtime.memory import give_memory_back
from genrelab.sources.spotify import read_pulls
from genrelab.sources.spotify.folder import table_files
from genrelab.sources.spotify.pulls import look_at_files
from genrelab.sources.spotify.size import BY_ITSELF, estimate
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS
from tasks.publishing.audit import PublishContext
from tasks.publishing.publish import audit_and_publish

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
ROUNDS = 3
MANY = 1_000_000
LOOK_SHARE, READING, GIGABYTES = 0.05, 1.0, 1.1


def plain(folder: Path) -> int:
    """Read every file with the plain reader and return the number of rows."""
    names, features, genres = [], [], []
    for path in table_files(folder):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row.get("track_id"):
                    continue
                names.append((row["artist_name"], row["artist_uri"], row["track_id"], row["track_name"]))
                features.append([float(row[name]) for name in AUDIO_FEATURES])
                genres.append(ast.literal_eval(row["genre"]))
    return len(names)


def seconds(work: Callable[[], object]) -> float:
    """Return the shortest processor time of some rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def write_many(path: Path, rows: int, layout: str) -> None:
    """Write a table of as many rows, each tenth of them the same as one before."""
    exports = layout == "exportify"
    names = [name.replace("_", " ").title() for name in AUDIO_FEATURES] if exports else AUDIO_FEATURES
    first = (
        "Track URI,Track Name,Artist Name(s),Popularity,Added At,Genres,Record Label"
        if exports
        else "artist_name,artist_uri,track_id,track_name,genre"
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{first},{','.join(names)}\n")
        for row in range(rows):
            track = row // 2 if row % 10 == 9 else row  # noqa: PLR2004 - the tenth
            artist, share = track // 9, f"0.{track * 7919 % 100_003:06d}"
            genres = ["pop", f"dance pop {artist % 13}", f"house {artist % 999}"][: artist % 4]
            if exports:
                named = (
                    f"spotify:track:{track:022d},A song of some words {track},Artist {artist};Guest,40,"
                    f'2024-01-{row % 28 + 1:02d}T00:00:00Z,"{",".join(genres)}",Label'
                )
            else:
                who = f"Artist {artist},spotify:artist:{artist:022d}"
                named = f'{who},{track:022d},A song of some words {track},"{genres}"'
            file.write(
                f"{named},{share},0.7,{share},0.1,7,0.2,-{track % 60}.{track % 997},1,0.04,1{share[2:4]}.123,4,0.9\n"
            )


def many_rows(rows: int, layout: str) -> None:
    """Ingest a table of as many rows in this process; print time and memory."""
    logging.disable(logging.WARNING)
    give_memory_back()
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.csv"
        write_many(path, rows, layout)
        with measured() as reading:
            read = [read_pulls(path, is_distinct=True)]
        with measured() as publishing:
            version = audit_and_publish(
                Lake(Home(Path(folder))), SPOTIFY_TRACKS, read.pop(), PublishContext("many", is_sample=False)
            )
        rows_estimated, needed = estimate(*look_at_files(path, [path], {})[0][0])
    print(
        f"{version.counts.read:,} rows, {layout}: read in {reading[0]:.0f} s, {reading[1]:.2f} GB at most; published "
        f"in {publishing[0]:.0f} s, {publishing[1]:.2f} GB; of them {imported:.2f} GB were there before. Estimated: "
        f"{rows_estimated:,} rows, {(needed + BY_ITSELF) / 1e9:.2f} GB"
    )
    if rows == MANY and max(reading[1], publishing[1]) > GIGABYTES:
        sys.exit(f"more than {GIGABYTES} GB")


@contextmanager
def measured() -> Iterator[list[float]]:
    """Seconds of processor time, and the most memory of the process so far in GB."""
    found: list[float] = []
    start = time.process_time()
    yield found
    found += [time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6]


def main() -> None:
    """Print what is claimed; exit with 1 where it does not hold."""
    files = table_files(PULLS)
    reading = seconds(lambda: read_pulls(PULLS))
    looking = seconds(lambda: look_at_files(PULLS, files, {}))
    plainly = seconds(lambda: plain(PULLS))
    print(f"reading {PULLS}: {reading:.2f} s; plain reader {plainly:.2f} s: {reading / plainly:.2f} times")
    print(f"looking at {len(files)} files: {looking:.3f} s, {looking / reading:.1%} of reading")
    for layout in ("pulls", "exportify"):
        subprocess.run([sys.executable, __file__, str(MANY), layout], check=True)
    if looking > LOOK_SHARE * reading or reading > READING * plainly:
        sys.exit("a claim does not hold")


if __name__ == "__main__":
    many_rows(int(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 1 else main()
