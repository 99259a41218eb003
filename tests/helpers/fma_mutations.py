"""What becomes of a legal FMA set that other programs have saved again: one row per way to save one of its files.

Every mutation ends in the right table, or in a message that names the trouble. `test_fma_mutations.py` runs them and
prints the table of outcomes; `fma_savings.py` lists them.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from fma_files import GENRES, IDS, echonest_csv, features_csv, folder_of, tracks_csv

from genrelab.runtime.errors import SourceError
from genrelab.sources.fma import (
    judge_joins,
    open_archive,
    read_genres,
    read_tracks,
    stage_echonest,
    stage_features,
)

ROWS = 30
LEVELS = {"tracks": 2, "echonest": 3, "features": 3, "genres": 1}
RIGHT = "right"


def _tracks() -> bytes:
    rows = [
        {
            "track_title": f'Café "{n}"; a, b|c',
            "artist_name": f"Björk {n % 7}",
            "artist_id": 100 + n % 7,
            "artist_bio": "<p>one,\ntwo;\n</p>" if n % 3 else None,
            "artist_latitude": 48.25 + n if n % 2 else None,
            "artist_longitude": -2.5 if n % 2 else None,
            "track_duration": 100 + n,
            "track_listens": 1_234 * n,
            "track_date_created": f"2010-01-{n % 28 + 1:02d} 10:11:12",
            "track_tags": str(["a", "b's"][: n % 3]),
            "genres": ("[25]", "[12, 17]", "[]")[n % 3],
            "genre_top": ("Rock", "Folk", None)[n % 3],
        }
        for n in range(ROWS)
    ]
    return tracks_csv(*rows, count=ROWS)


LEGAL = {
    "tracks": _tracks(),
    "echonest": echonest_csv(*[{"energy": n / 100, "tempo": 90.5 + n} for n in range(ROWS)], count=ROWS),
    "features": features_csv(count=ROWS),
    "genres": GENRES,
}


@dataclass(frozen=True)
class Mutation:
    """One file of the legal set, changed.

    Args:
        member: Which, without `.csv`.
        name: What was done to it, in words.
        change: From its bytes to others.
        expected: `RIGHT`, or a word of the message that names the trouble.
        told: A word of the caveats, notes or rejections that come with a right table.
        rows: How many rows are right.
        lost: Whether cells or columns may be missing.
        is_warned: Whether the word is one of a caveat, since nothing proves the trouble.
    """

    member: str
    name: str
    change: Callable[[bytes], bytes]
    expected: str = RIGHT
    told: str = ""
    rows: int = ROWS
    lost: bool = False
    is_warned: bool = False

    @property
    def id(self) -> str:
        """For a person."""
        return f"{self.member}: {self.name}"


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Args:
        rows: Those that would be published, by key.
        message: Why it is refused; empty when it is read.
        told: Caveats, notes and reasons of rejections.
    """

    rows: dict[int, dict[str, Any]]
    message: str = ""
    told: str = ""


def read(member: str, data: bytes, folder: Path) -> Outcome:
    """What genrelab makes of a file, with the other files of the set beside it."""
    files = {f"{name}_csv": content for name, content in (LEGAL | {member: data}).items()}
    try:
        archive = open_archive(folder_of(folder / "fma", **files))
        if member in ("tracks", "genres"):
            found = read_tracks(archive) if member == "tracks" else read_genres(archive)
            rows, rejected, said = found.data, found.rejected, (*found.caveats, *found.notes)
        else:
            stage = stage_echonest if member == "echonest" else stage_features
            staged = stage(archive, folder / "staging")
            rows, rejected = pq.read_table(staged.files[0]), staged.rejected
            said = (
                *staged.caveats,
                *staged.notes,
                *judge_joins(staged.track_ids, np.array(IDS[:ROWS]), member),
            )
    except SourceError as error:
        return Outcome({}, str(error))
    reasons = [reason for each in rejected["reasons"].to_pylist() for reason in each]
    if not len(rows):
        return Outcome({}, "; ".join(reasons[:1]) or "no record", "; ".join(said))
    key = "genre_id" if member == "genres" else "track_id"
    by_key = {row[key]: {k: v for k, v in row.items() if k != "source_row"} for row in rows.to_pylist()}
    return Outcome(by_key, "", "; ".join([*reasons, *said]))


@cache
def legal(member: str) -> dict[int, dict[str, Any]]:
    """The rows of the unchanged file."""
    with tempfile.TemporaryDirectory() as folder:
        return read(member, LEGAL[member], Path(folder)).rows


def fault(mutation: Mutation, outcome: Outcome) -> str:
    """What is silently wrong; empty when the outcome is what it must be."""
    if mutation.is_warned:
        return "" if mutation.expected in outcome.told else f"no caveat has {mutation.expected!r}"
    if mutation.expected != RIGHT:
        if outcome.rows:
            return f"{len(outcome.rows)} rows were read"
        return "" if mutation.expected in outcome.message else f"the message has no {mutation.expected!r}"
    if outcome.message:
        return "refused"
    right = legal(mutation.member)
    if len(outcome.rows) != mutation.rows:
        return f"{len(outcome.rows)} rows instead of {mutation.rows}"
    for key, row in outcome.rows.items():
        if key not in right:
            return f"there is no id {key}"
        for name, value in row.items():
            if value != right[key][name] and not (
                mutation.lost and (value is None or "\ufffd" in str(value))
            ):
                return f"{name} of {key} is {value!r} instead of {right[key][name]!r}"
    return "" if mutation.told in outcome.told else f"nothing tells {mutation.told!r}"


def as_markdown(outcomes: dict[Mutation, Outcome]) -> str:
    """The table of outcomes for people."""
    lines = ["| file | saved | outcome |", "| --- | --- | --- |"]
    for each, outcome in outcomes.items():
        wrong = fault(each, outcome)
        end = f"WRONG: {wrong}" if wrong else ("refused: " + outcome.message if outcome.message else "right")
        told = f"; {outcome.told}" if (each.told or each.is_warned) and not wrong else ""
        lines.append(f"| {each.member} | {each.name} | {(end + told)[:300]} |".replace("\n", " "))
    return "\n".join(lines)


def outcome_of(mutation: Mutation) -> Outcome:
    """What becomes of it."""
    with tempfile.TemporaryDirectory() as folder:
        return read(mutation.member, mutation.change(LEGAL[mutation.member]), Path(folder))
