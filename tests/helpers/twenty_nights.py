"""A home in which one night follows the other: artists arrive, `genrelab nightly` runs, everything is checked."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from program import Program
from twenty_checks import check_champions, check_counts, check_report, check_shelves, said_on, size
from twenty_tracks import TRACKS_EACH, write_pull

NEW_ARTISTS = 8
MOST_SECONDS = 600


@dataclass
class Night:
    """What a night left.

    Args:
        number: From 1.
        said: What it printed.
        report: Folder of its report.
        versions: Version of every table.
        champions: Version of every champion.
        read: How many tracks the source of spotify_tracks holds.
        runs: How many runs MLflow holds.
        size: Bytes of data and models.
    """

    number: int
    said: str
    report: Path
    versions: dict[str, int]
    champions: dict[str, str]
    read: int
    runs: int
    size: int

    def on(self, page: str) -> str:
        """A page of its report, as text."""
        return said_on(self.report, page)


@dataclass
class Nights:
    """The nights of one home.

    Args:
        program: The program in that home.
        pulls: Folder of the Spotify source.
        most_runs: How many runs MLflow may hold after any night.
        past: The nights so far.
        artists: How many artists have arrived.
        tracks: How many tracks each file of the source holds.
    """

    program: Program
    pulls: Path
    most_runs: int | None = None
    past: list[Night] = field(default_factory=list)
    artists: int = 0
    tracks: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Number of the coming night."""
        return len(self.past) + 1

    @property
    def file(self) -> Path:
        """Tonight's file of the source."""
        return self.pulls / f"info_{self.number}.csv"

    def arrive(self, artists: int = NEW_ARTISTS, *, scale: float = 1.0) -> None:
        """Tracks of new artists, one of them with an impossible value and one of them twice.

        Args:
            artists: How many.
            scale: Of their energy and danceability.
        """
        new = range(self.artists, self.artists + artists)
        self.artists += artists
        write_pull(self.file, new, scale=scale, bad_rows=1)
        self.tracks[self.file.name] = artists * TRACKS_EACH + 1

    def pass_(self, *words: str, fails: bool = False, is_read: bool = True) -> Night:
        """Run the night and check what must hold after any.

        Args:
            words: What else the command is told.
            fails: Whether it ends with an exit code other than 0.
            is_read: Whether tonight's pulls can be read.
        """
        done = self.program.run(*self.command(*words))
        said = done.stdout + done.stderr
        assert done.returncode == (1 if fails else 0), said
        assert "Traceback" not in said
        before = self.past[-1] if self.past else None
        read = sum(self.tracks.values()) if is_read else self.past[-1].read
        tables = check_counts(self.program, read)
        night = Night(
            number=self.number,
            said=said,
            report=check_report(self.program, before.report if before else None, tables),
            versions={name: row["version"] for name, row in tables.items()},
            champions=check_champions(self.program, before.champions if before else {}),
            read=read,
            runs=check_shelves(self.program, self.most_runs),
            size=size(self.program),
        )
        self.past.append(night)
        return night

    def kill(self, is_time: Callable[[], bool]) -> None:
        """Start tonight's run and end it with kill -9 as soon as it is time."""
        running = self.program.start(*self.command())
        until = time.monotonic() + MOST_SECONDS
        while not is_time():
            assert running.poll() is None, "the night was over before it was killed"
            assert time.monotonic() < until, "the moment to kill it never came"
            time.sleep(0.1)
        _kill(running)
        check_counts(self.program, None)

    def command(self, *words: str) -> tuple[str, ...]:
        """Tonight's command."""
        return ("nightly", "--spotify", str(self.pulls), "--budget", "quick", *words)


def _kill(running: "subprocess.Popen[bytes]") -> None:
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
