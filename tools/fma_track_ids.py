"""Store the ids of FMA's tracks, which distinguish ids from row numbers.

    python tools/fma_track_ids.py FOLDER

Writes `src/genrelab/sources/fma/track_ids.bin` from the tracks.csv of a whole, official fma_metadata folder (metadata
CC BY 4.0): one bit per number from 0 on, set where it is the id of a track, compressed by zlib.
"""

import sys
import zlib
from pathlib import Path

import numpy as np

from genrelab.sources.fma import open_archive, read_tracks

OUT = Path(__file__).resolve().parents[1] / "src" / "genrelab" / "sources" / "fma" / "track_ids.bin"


def main(folder: str) -> None:
    """Write the file."""
    ids = read_tracks(open_archive(folder)).data["track_id"].to_numpy()
    is_known = np.zeros(ids.max() + 1, dtype=bool)
    is_known[ids] = True
    OUT.write_bytes(zlib.compress(np.packbits(is_known).tobytes(), 9))
    print(f"{len(ids):,} ids up to {ids.max():,} in {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
