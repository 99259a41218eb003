"""Computes the summary of a collection from the table `listened`.

Conventions: one file may have a row for each champion; its genre comes from the row that names one, its several genres
from the row that names several. Ties are ordered by folder and name, so that equal tables give equal results.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath
from typing import Any

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.your_music.result import GenreFiles, Heard, ProblemFile, YourMusic

TABLE = "listened"
SHOWN = 3
"""Most typical and strangest files of a genre."""
UNSURE = 20
"""Files in the list of the smallest margins."""
PROBLEMS = 100
"""Files in the list of problems; all are counted."""

Row = Mapping[str, Any]


def compute(inputs: Inputs) -> YourMusic:
    """Return the summary of the files in the lake."""
    version = inputs.version(TABLE)
    return collection_of(inputs.read(TABLE).to_pylist(), version=version.version, is_sample=version.is_sample)


def collection_of(rows: Sequence[Row], *, version: int, is_sample: bool) -> YourMusic:
    """Return the summary of a collection.

    Args:
        rows: Rows of `listened`.
        version: Version of the table.
        is_sample: Whether the whole table is sample data.
    """
    ordered = sorted(rows, key=itemgetter("path"))
    files = [list(group) for _, group in groupby(ordered, key=itemgetter("path"))]
    named = [(group, _with_genre(group)) for group in files]
    heard = [(_heard(row, group), row["seconds"] or 0.0) for group, row in named if row]
    problems = [_problem(group) for group, row in named if not row]
    several = [names for group in files if (names := _several(group)) is not None]
    return YourMusic(
        table=TABLE,
        table_version=version,
        sample=is_sample or any(row["is_sample"] for row in rows),
        champions=tuple(
            sorted({f"{row['champion']} version {row['model_version']}" for row in rows if row["champion"]})
        ),
        files=len(heard),
        seconds=float(sum(seconds for _, seconds in heard)),
        genres=_by_genre(heard),
        unsure=tuple(
            sorted((one for one, _ in heard if one.second_genre), key=lambda one: (one.margin, *_name(one)))[
                :UNSURE
            ]
        ),
        several=_frequent(name for names in several for name in names),
        several_files=len(several),
        near_genres=_frequent(
            str(near[0]["genre"]) for _, row in named if row and (near := row["nearest"]) and near[0]["genre"]
        ),
        problems=tuple(sorted(problems, key=_name)[:PROBLEMS]),
        problem_count=len(problems),
    )


def _by_genre(heard: Iterable[tuple[Heard, float]]) -> tuple[GenreFiles, ...]:
    """Return the files by genre, the most frequent genre first."""
    by_genre: dict[str, list[tuple[Heard, float]]] = {}
    for one, seconds in heard:
        by_genre.setdefault(one.genre, []).append((one, seconds))
    found = []
    for genre, files in by_genre.items():
        ranked = sorted((one for one, _ in files), key=lambda one: (-one.probability, *_name(one)))
        strange = ranked[SHOWN:][-SHOWN:][::-1]
        length = float(sum(seconds for _, seconds in files))
        found.append(GenreFiles(genre, len(files), length, tuple(ranked[:SHOWN]), tuple(strange)))
    return tuple(sorted(found, key=lambda one: (-one.files, one.genre)))


def _with_genre(group: Sequence[Row]) -> Row | None:
    return next((row for row in group if row["genre"] and not row["problem"]), None)


def _several(group: Sequence[Row]) -> tuple[str, ...] | None:
    """Return the genres that a champion of several genres names; None if none was applied."""
    found = next((row["all_genres"] for row in group if row["all_genres"] is not None), None)
    return None if found is None else tuple(_genre(one) for one in found)


def _genre(one: Mapping[str, Any] | str) -> str:
    return one if isinstance(one, str) else str(one["genre"])


def _heard(row: Row, group: Sequence[Row]) -> Heard:
    others = sorted(
        ((one["probability"], str(one["genre"])) for one in row["probabilities"] or ()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    second = next(((share, genre) for share, genre in others if genre != row["genre"]), None)
    near = row["nearest"] or ()
    return Heard(
        file=row["file"],
        folder=_folder(row),
        genre=row["genre"],
        probability=float(row["probability"]),
        second_genre=second[1] if second else "",
        margin=float(row["probability"] - (second[0] if second else 0)),
        genres=_several(group) or (),
        near=_title(near[0]) if near else "",
    )


def _title(near: Row) -> str:
    """Return the name of a track of the archive, without the parts that are unknown."""
    return " by ".join(str(part) for part in (near["track"], near["artist"]) if part)


def _problem(group: Sequence[Row]) -> ProblemFile:
    row = group[0]
    reason = next((one["problem"] for one in group if one["problem"]), "no champion names one genre for it")
    return ProblemFile(row["file"], _folder(row), reason)


def _folder(row: Row) -> str:
    return PurePath(row["path"]).parent.name


def _name(one: Heard | ProblemFile) -> tuple[str, str]:
    return one.folder, one.file


def _frequent(names: Iterable[str]) -> dict[str, int]:
    """Return how often each name occurs, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0])))
