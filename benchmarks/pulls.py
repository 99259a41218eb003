"""Reading tables of tracks against a plain program that reads them, and the share of looking at them.

Run: python benchmarks/pulls.py
Claims: looking takes at most 5 % of reading; reading 46,291 pulls takes no longer than a plain reader, which neither
judges a cell nor knows where a record came from; a million rows of Exportify take at most 1.5 GB.

The plain reader: `csv.reader` over each file, columns by name, `float` and `ast.literal_eval` for each cell.
Times are of processor time, the best of some rounds, both in the same process.
"""

import ast
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from genrelab.spotify import read_pulls
from genrelab.spotify.folder import table_files
from genrelab.spotify.pulls import look_at_files
from genrelab.tables.spotify import AUDIO_FEATURES

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
ROUNDS = 3
MANY = 1_000_000
LOOK_SHARE, READING, GIGABYTES = 0.05, 1.0, 1.5


def plain(folder: Path) -> int:
    """Read every file in the plainest way; how many rows there were."""
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
    """The least processor time of some rounds."""
    found = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


def many_rows(rows: int) -> None:
    """Read as many rows of Exportify, in this process, and print time and memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.csv"
        names = [name.replace("_", " ").title() for name in AUDIO_FEATURES]
        with path.open("w", encoding="utf-8") as file:
            file.write(
                f"Track URI,Track Name,Artist Name(s),Popularity,Added At,Genres,Record Label,{','.join(names)}\n"
            )
            values = ["0.5", "0.7", "0.3", "0.1", "7", "0.2", "-7.25", "1", "0.04", "120.123", "4", "0.9"]
            for row in range(rows):
                values[0] = f"{row % 997 / 1000}"
                file.write(
                    f"spotify:track:{row:022d},Song {row},Artist {row // 9};Guest,40,2024-01-01T00:00:00Z,"
                    f'"pop,dance pop",Label,{",".join(values)}\n'
                )
        start = time.perf_counter()
        read = read_pulls(path)
        took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{read.read:,} rows of Exportify: {took:.1f} s, {peak:.2f} GB at most")
    if rows <= MANY and peak > GIGABYTES:
        sys.exit(f"more than {GIGABYTES} GB")


def main() -> None:
    """Print what is claimed; exit with 1 where it does not hold."""
    files = table_files(PULLS)
    reading = seconds(lambda: read_pulls(PULLS))
    looking = seconds(lambda: look_at_files(PULLS, files, {}))
    plainly = seconds(lambda: plain(PULLS))
    print(f"reading {PULLS}: {reading:.2f} s; plain reader {plainly:.2f} s: {reading / plainly:.2f} times")
    print(f"looking at {len(files)} files: {looking:.3f} s, {looking / reading:.1%} of reading")
    subprocess.run([sys.executable, __file__, str(MANY)], check=True)
    if looking > LOOK_SHARE * reading or reading > READING * plainly:
        sys.exit("a claim does not hold")


if __name__ == "__main__":
    many_rows(int(sys.argv[1])) if len(sys.argv) > 1 else main()
