"""The summary of a scrape.

Conventions: `lines` returns pairs of label and value; `markdown` returns the same as a table. Numbers count this run
unless stated otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

UNKNOWN, MALFORMED, MOVED = (
    "unknown to Spotify",
    "not an artist id, URI or address",
    "answered with a different artist",
)
REFUSED, UNREACHABLE = "refused by Spotify", "without a usable answer"
"""Why artists fail: the first three permanently, the last two until the next run."""
FOR_GOOD = {UNKNOWN, MALFORMED, MOVED}
EXAMPLES = 10


@dataclass(frozen=True)
class ScrapeSummary:
    """The results of a scrape.

    Args:
        asked: Artists asked for, those found by search terms included.
        fetched: Artists fetched by this run.
        skipped: Artists that an earlier run had finished.
        unfinished: Artists left for the next run.
        tracks: Tracks of the artists asked for, over all runs.
        without_tracks: Artists that have none.
        without_genres: Artists fetched by this run whose list of micro-genres is empty or absent.
        withheld: Artists among them whose earlier micro-genres are kept.
        without_features: Tracks without audio features, over all runs; a later run requests them again.
        failed: Artists by why they failed.
        requests: Requests by call.
        refused: Requests answered 429.
        retries: Requests repeated after an error.
        waits: Pauses that a server asked for and that the run waited out.
        waited_seconds: Their total length.
        seconds: How long the run took.
        closed: Calls that the credentials may not make.
        stopped: Why the run ended early; empty when it did not.
        resume_at: When to resume, if the server said so.
        is_sample: Whether the answers were synthetic.
        genres: Result of each further genre service, by its name.
    """

    asked: int
    fetched: int
    skipped: int
    unfinished: int
    tracks: int
    without_tracks: int
    without_genres: int
    without_features: int
    failed: Mapping[str, tuple[str, ...]]
    requests: Mapping[str, int]
    refused: int
    retries: int
    waits: int
    waited_seconds: float
    seconds: float
    closed: tuple[str, ...] = ()
    stopped: str = ""
    resume_at: datetime | None = field(default=None)
    is_sample: bool = False
    withheld: int = 0
    genres: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every requested artist is finished; permanent failures count as finished."""
        return not self.unfinished and not self.stopped and self.failed.keys() <= FOR_GOOD

    @property
    def request_count(self) -> int:
        """Requests of this run."""
        return sum(self.requests.values())

    def lines(self) -> list[tuple[str, str]]:
        """Return the label and value of every line of the summary."""
        found = [
            ("artists", f"{self.asked:,} asked for{' (sample data)' if self.is_sample else ''}"),
            ("fetched", f"{self.fetched:,}"),
            ("skipped", f"{self.skipped:,} already fetched"),
        ]
        if self.unfinished:
            found.append(("unfinished", f"{self.unfinished:,} left for the next run"))
        found += [
            ("tracks", f"{self.tracks:,}"),
            ("without tracks", f"{self.without_tracks:,} artists"),
            (
                "without micro-genres",
                f"{self.without_genres:,} artists fetched now"
                + (f"; {self.withheld:,} of them keep those of an earlier run" if self.withheld else ""),
            ),
            *((f"genres from {title}", result) for title, result in self.genres.items()),
            (
                "without audio features",
                f"{self.without_features:,} tracks"
                + (", requested again by a later run" if self.without_features else ""),
            ),
        ]
        for reason, artists in self.failed.items():
            shown = ", ".join(artists[:EXAMPLES])
            more = f" and {len(artists) - EXAMPLES:,} more" if len(artists) > EXAMPLES else ""
            found.append(("failed", f"{len(artists):,} {reason}: {shown}{more}"))
        calls = ", ".join(f"{count:,} {call}" for call, count in sorted(self.requests.items()))
        found += [
            ("requests", f"{self.request_count:,}" + (f" ({calls})" if calls else "")),
            ("repeated", f"{self.retries:,} after errors, {self.refused:,} after 429"),
            ("waited", f"{self.waits:,} times, {spell(self.waited_seconds)} in all"),
            ("took", spell(self.seconds)),
        ]
        if self.closed:
            found.append(("not allowed", ", ".join(self.closed)))
        if self.stopped:
            found.append(("ended early", self.stopped))
        if self.resume_at is not None:
            found.append(("resume at", f"{self.resume_at:%Y-%m-%d %H:%M:%S} UTC"))
        return found

    def markdown(self) -> str:
        """Return the lines as a Markdown table."""
        rows = [f"| {label} | {value.replace('|', '/')} |" for label, value in self.lines()]
        return "\n".join(["| scrape | |", "|---|---|", *rows]) + "\n"


def spell(seconds: float) -> str:
    """Return a duration in words.

    >>> spell(7), spell(95), spell(83276)
    ('7 s', '1 min 35 s', '23 h 7 min')
    """
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - seconds in a minute
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left} min" if hours else f"{minutes} min {rest} s"
