"""Requests per artist, use of the allowed rate, and memory growth of the scraper.

    python benchmarks/scraper.py [requests | rate | memory] [--quick]

Everything is counted by the mock API, not by the scraper. Prints the Markdown table (without a word: all three) that
`docs/scraper.md` shows, that of the requests also `README.md`. The rate is measured on a clock that runs faster than a
real one, for server and scraper alike, so that 20,000 requests do not take hours.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import requests

from genrelab.runtime import progress
from genrelab.sources.sample import Catalogue, catalogue
from genrelab.sources.sandbox import CREDENTIALS, Sandbox
from genrelab.sources.scrape.clock import Clock
from genrelab.sources.scrape.input import Artists, read_artists
from genrelab.sources.scrape.main import scrape
from genrelab.sources.scrape.parameters import Parameters, from_environment
from genrelab.sources.scrape.rate_limiter import WINDOW
from genrelab_cli.numbers import markdown

WORLDS = {
    "extended": ("extended quota", 1.05),
    "restricted": ("apps since November 2024", None),
    "development2026": ("development mode of 2026", 2.1),
}
LIMITS = (90, 300, 1_500)
REAL_REQUESTS_PER_SECOND = 400
"""Rate that the mock API and the scraper reach together on two cores, with a margin."""
MIB = 1 << 20


def main() -> None:
    """Run one part or all, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="?", choices=("requests", "rate", "memory"))
    parser.add_argument("--quick", action="store_true", help="a tenth of the size: does it run at all")
    parser.add_argument("--memory-child", nargs=2, metavar=("FOLDER", "ARTISTS"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.memory_child:
        memory_child(Path(chosen.memory_child[0]), int(chosen.memory_child[1]))
        return
    scale = 10 if chosen.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        if chosen.part in (None, "requests"):
            print(requests_table(requests_per_artist(Path(folder), 2_000 // scale)))
        if chosen.part in (None, "rate"):
            print(rate_table(allowed_rate(Path(folder), 20_000 // scale)))
        if chosen.part in (None, "memory"):
            print(memory_table(*memory(Path(folder), 10_000 // scale)))


def requests_table(found: Iterable[tuple[str, float | None, float, float | None]]) -> str:
    """The Markdown table of API version, requests of the old script and of this one, and the most allowed."""
    return markdown(
        ("requests per artist", "the capstone project's script", "genrelab", "at most"),
        [
            (name, f"{old:.2f}" if old else "-", f"{mine:.3f}", str(target or "-"))
            for name, old, mine, target in found
        ],
    )


def rate_table(found: Iterable[tuple[int, float, float, int]]) -> str:
    """The Markdown table of limit, share used, share refused and requests counted."""
    return markdown(
        (
            f"allowed in {WINDOW:g} s",
            "share used (at least 0.90)",
            "answered 429 (below 1 %)",
            "requests counted",
        ),
        [
            (f"{limit:,}", f"{used:.3f}", f"{refused:.2%}", f"{counted:,}")
            for limit, used, refused, counted in found
        ],
    )


def memory_table(early: int, last: int, per_second: float) -> str:
    """The Markdown table of resident bytes at artist 500 and at the last, and artists a second."""
    return markdown(
        ("at artist 500", "at the last", "growth (at most 50 MiB)", "artists a second"),
        [
            (
                f"{early / MIB:.0f} MiB",
                f"{last / MIB:.0f} MiB",
                f"{(last - early) / MIB:.1f} MiB",
                f"{per_second:.0f}",
            )
        ],
    )


def requests_per_artist(
    folder: Path, artists: int
) -> Iterator[tuple[str, float | None, float, float | None]]:
    """The requests per artist that the mock API counted, by API version."""
    drawn = catalogue(artists)
    for world, (name, target) in WORLDS.items():
        with Sandbox(drawn, world) as sandbox:
            scrape(parameters(drawn, sandbox), folder / world)
            mine = sandbox.requests / artists
        yield name, old_script(drawn) if world == "extended" else None, mine, target


def old_script(drawn: Catalogue, artists: int = 100) -> float:
    """The calls of the script that this scraper replaces: artist, two searches by name, audio features."""
    with Sandbox(drawn) as sandbox:
        token = requests.post(
            sandbox.token_url, {"grant_type": "client_credentials"}, auth=CREDENTIALS, timeout=10
        )
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
        for artist in [artist for artist in drawn.artists if artist.tracks][:artists]:
            name = session.get(f"{sandbox.api_url}artists/{artist.id}").json()["name"]
            found = {}
            for kind in ("track", "artist"):
                query = {"q": name, "type": kind, "limit": 1}
                found[kind] = session.get(f"{sandbox.api_url}search", params=query).json()
            track = found["track"]["tracks"]["items"][0]["id"]
            session.get(f"{sandbox.api_url}audio-features/", params={"ids": track})
        return sandbox.requests / artists


def allowed_rate(folder: Path, count: int) -> Iterator[tuple[int, float, float, int]]:
    """The share of the allowed rate that the scraper uses without knowing the limit."""
    drawn = catalogue(count + 2 * max(LIMITS))  # what the first two windows take does not count
    for limit in LIMITS:
        clock = Clock(speed=REAL_REQUESTS_PER_SECOND * WINDOW / limit)
        with Sandbox(drawn, limit=limit, clock=clock) as sandbox:
            scrape(parameters(drawn, sandbox, clock=clock), folder / f"limit-{limit}")
            yield limit, *sandbox.limiter.share_used()


def memory(folder: Path, artists: int) -> tuple[int, int, float]:
    """Resident bytes of a scraper in its own process at artist 500 and at the last, and artists a second."""
    drawn = catalogue(artists)
    listed = folder / "artists.txt"
    listed.write_text("\n".join(artist.id for artist in drawn.artists), encoding="utf-8")
    with Sandbox(drawn) as sandbox:
        child = subprocess.run(
            [sys.executable, __file__, "--memory-child", str(folder), str(artists)],
            env={**os.environ, **sandbox.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    early, last, per_second = json.loads(child.stdout.splitlines()[-1])
    return early, last, per_second


def memory_child(folder: Path, artists: int) -> None:
    """Scrape, and print the memory and the speed as JSON; runs in a process of its own."""
    sink = MemorySink()
    progress.use(sink)
    wanted = read_artists(folder / "artists.txt")
    started = time.monotonic()
    summary = scrape(from_environment(wanted, start_per_second=1_000.0), folder / "memory")
    seconds = time.monotonic() - started
    early = next(size for done, size in sink.sizes if done >= min(500, artists // 2))
    print(json.dumps([early, resident(), summary.fetched / seconds]))


class MemorySink(progress.LogSink):
    """Records the resident memory whenever progress is reported."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[tuple[float, int]] = []

    def advanced(self, handle: int, done: float, note: str) -> None:
        """Note it."""
        super().advanced(handle, done, note)
        self.sizes.append((done, resident()))


def resident() -> int:
    """Resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def parameters(drawn: Catalogue, sandbox: Sandbox, clock: Clock | None = None) -> Parameters:
    """Everything in the catalogue, unhurried unless a clock is given."""
    return Parameters(
        artists=Artists(ids=tuple(artist.id for artist in drawn.artists)),
        client_id=CREDENTIALS[0],
        client_secret=CREDENTIALS[1],
        spotify_api=sandbox.api_url,
        spotify_token=sandbox.token_url,
        reccobeats_api=sandbox.reccobeats_url,
        is_sample=True,
        **({"clock": clock} if clock else {"start_per_second": 1_000.0}),
    )


if __name__ == "__main__":
    main()
