"""Run the stand-in by hand: `python -m genrelab.sources.sandbox --world development2026`.

It prints the variables that make genrelab talk to it, and runs until it is interrupted.
"""

import argparse
import sys
import threading

from genrelab.sources.sample import catalogue
from genrelab.sources.sandbox import WORLDS, Faults, Sandbox


def main() -> None:
    """Serve a sample catalogue."""
    parser = argparse.ArgumentParser(prog="python -m genrelab.sources.sandbox", description=__doc__)
    parser.add_argument("--world", choices=sorted(WORLDS), default="extended")
    parser.add_argument("--artists", type=int, default=200, help="size of the catalogue")
    parser.add_argument(
        "--genres", choices=("list", "empty", "null", "absent"), help="how artists carry them"
    )
    parser.add_argument("--limit", type=int, help="requests allowed in any 30 seconds")
    parser.add_argument("--faults", type=float, default=0.0, help="rate at which every fault is played")
    chosen = parser.parse_args()
    drawn = catalogue(chosen.artists)
    faults = Faults.every(chosen.faults) if chosen.faults else None
    options = {"genres": chosen.genres}
    with Sandbox(drawn, chosen.world, limit=chosen.limit, faults=faults, options=options) as sandbox:
        for name, value in sandbox.environment.items():
            sys.stdout.write(f"export {name}={value}\n")
        sys.stdout.write(f"# some artists: {' '.join(artist.id for artist in drawn.artists[:3])}\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            sys.stdout.write("# stopped\n")


if __name__ == "__main__":
    main()
