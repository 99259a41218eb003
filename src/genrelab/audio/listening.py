"""From audio files to genres: features by the recipe of a champion, then what the champion says.

Conventions: a champion predicts from features of its own recipe only. Features of sample data have no recipe; a
champion that was trained on them is asked all the same, with the recipe that has its columns, and labelled. A file that
cannot be used is an answer with a problem; the others go on. A stored answer about the same content is used again while
the compiled champion and the code are the same: an unchanged folder loads no model, which takes seconds.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

import genrelab
from genrelab.audio.extract import Extracted, extract_all
from genrelab.audio.recipes import CLIPS_59, FMA_518, ONE_GENRE, RECIPES, SEVERAL_GENRES, Recipe
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, hash_file
from genrelab.runtime.home import Home
from genrelab.serving.description import ChampionDescription, bundle_digest, champion_names, describe
from genrelab.tables.listened import LISTENED
from genrelab.tables.predictions import DECIMALS

NEAREST = 5
CODE = ("audio", "evaluation", "models", "serving")
"""Parts of the library that an answer depends on."""


@dataclass(frozen=True)
class Heard:
    """What one champion says of one file, or why the file cannot be used.

    Args:
        extracted: The file and its features.
        champion: The champion; None where there is a problem.
        genre: The most probable genre; None of a champion of several.
        probability: Its probability.
        probabilities: All genres, the most probable first.
        genres: Every genre above its threshold; None of a champion of one.
        nearest: Tracks of the archive that sound most alike: track, artist, genre.
        answered_by: Fingerprint of the compiled champion and of the code that asked it.
    """

    extracted: Extracted
    champion: ChampionDescription | None = None
    genre: str | None = None
    probability: float | None = None
    probabilities: tuple[tuple[str, float], ...] = ()
    genres: tuple[str, ...] | None = None
    nearest: tuple[tuple[str, str, str], ...] = ()
    answered_by: str = ""


def recipe_for(champion: ChampionDescription) -> Recipe | None:
    """Return the recipe that computes a champion's features from audio; None if there is none."""
    found = RECIPES.get(champion.recipe)
    if found is None and champion.is_sample:
        names = {feature.name for feature in champion.features}
        return next((each for each in (CLIPS_59, FMA_518) if names <= set(each.columns)), None)
    return found


def champions_for_audio(home: Home) -> tuple[ChampionDescription, ...]:
    """Return the champions that can judge audio, that of one genre first.

    Raises:
        GenrelabError: There is none.
    """
    there = champion_names(home)
    known = [describe(home, name) for name in (ONE_GENRE, SEVERAL_GENRES) if name in there]
    found = tuple(each for each in known if recipe_for(each) is not None)
    if not found:
        recipes = ", ".join(f"{each.name} of {each.recipe}" for each in known)
        raise GenrelabError(
            "no champion can judge audio yet",
            found=recipes or f"champions: {', '.join(there) or 'none'}",
            allowed=f"{ONE_GENRE} or {SEVERAL_GENRES}, trained on features of {', '.join(RECIPES)}",
            do="run `genrelab nightly --fma FOLDER` with an fma_metadata folder that has features.csv",
        )
    return found


def listen(
    home: Home,
    files: Sequence[Path],
    asked: Sequence[ChampionDescription],
    earlier: pa.Table | None,
    processes: int,
    progress: Callable[[int, int], None],
) -> list[Heard]:
    """Return what champions say of files, in the order of the files.

    Args:
        home: Where the champions and the features of earlier runs are.
        files: The files.
        asked: The champions.
        earlier: The table `listened`, None before the first run: its answers are used again.
        processes: Processes that compute features.
        progress: Called with the files done and their number.
    """
    found: dict[Path, list[Heard]] = {file: [] for file in files}
    stored = {_identity(row): row for row in earlier.to_pylist()} if earlier is not None else {}
    for recipe in dict.fromkeys(filter(None, map(recipe_for, asked))):
        extracted = list(extract_all(files, recipe, cache_of(home), processes, progress))
        usable = [one for one in extracted if one.features is not None]
        for one in extracted:
            if one.features is None and not found[one.path]:
                found[one.path] = [Heard(one)]
        for known in asked:
            if recipe_for(known) == recipe:
                for heard in _answers(home, usable, known, stored):
                    found[heard.extracted.path].append(heard)
    return [heard for file in files for heard in found[file]]


def fingerprint(home: Home, known: ChampionDescription) -> str:
    """Return what changes with the compiled champion and with the code that asks it."""
    return digest(known.name, bundle_digest(home, known.name, known.version), _code_digest())


@cache
def _code_digest() -> str:
    top = Path(genrelab.__path__[0])
    files = [file for part in CODE for file in sorted((top / part).rglob("*.py"))]
    return digest([(file.relative_to(top).as_posix(), hash_file(file)) for file in files])


def _identity(row: Mapping[str, Any]) -> tuple[object, ...]:
    """What an answer depends on."""
    return tuple(row.get(name) for name in ("digest", "recipe", "answered_by"))


def _answers(
    home: Home,
    extracted: Sequence[Extracted],
    known: ChampionDescription,
    stored: Mapping[tuple[object, ...], Mapping[str, Any]],
) -> list[Heard]:
    """Return what a champion says of files with features; the model is asked only where no answer is stored."""
    by = fingerprint(home, known)
    rows = [(one, stored.get((one.digest, one.recipe, by))) for one in extracted]
    new = [one for one, row in rows if row is None]
    earlier = [_stored_answer(one, known, row) for one, row in rows if row is not None]
    return [*earlier, *(_new_answers(home, new, known, by) if new else ())]


def _stored_answer(one: Extracted, known: ChampionDescription, row: Mapping[str, Any]) -> Heard:
    """Return the answer of a stored row."""
    return Heard(
        one,
        known,
        row["genre"],
        row["probability"],
        tuple((each["genre"], each["probability"]) for each in row["probabilities"] or ()),
        None if row["all_genres"] is None else tuple(row["all_genres"]),
        tuple((each["track"], each["artist"], each["genre"]) for each in row["nearest"] or ()),
        row["answered_by"],
    )


def _new_answers(
    home: Home, extracted: Sequence[Extracted], known: ChampionDescription, by: str
) -> list[Heard]:
    """Return what the model of a champion says of files with features."""
    import numpy as np  # noqa: PLC0415 - an unchanged folder needs neither

    from genrelab.serving.champion import load_champion  # noqa: PLC0415 - it imports models, which takes seconds

    served = load_champion(home, known.name, known.version)
    names = [feature.name for feature in known.features]
    values = np.array([[(one.features or {})[name] for name in names] for one in extracted])
    answers = []
    for one, row, prediction in zip(extracted, values, served.answers(values), strict=True):
        ranked = tuple((genre, round(probability, DECIMALS)) for genre, probability in prediction.ranked)
        near = tuple((each.track, each.artist, each.genre) for each in served.nearest(row, NEAREST))
        if prediction.genres is None:
            answers.append(Heard(one, known, *ranked[0], ranked, None, near, by))
        else:
            genres = tuple(genre for genre, _ in ranked if genre in prediction.genres)
            answers.append(Heard(one, known, None, None, ranked, genres, near, by))
    return answers


def cache_of(home: Home) -> Path:
    """Return the folder of the features of earlier runs."""
    return home.root / "data" / "audio"


def rows_of(heard: Sequence[Heard]) -> pa.Table:
    """Return rows of the table `listened`."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return pa.Table.from_pylist([_row(each, now) for each in heard], schema=LISTENED.schema)


def _row(heard: Heard, now: str) -> dict[str, Any]:
    one, known = heard.extracted, heard.champion
    path = as_text(os.path.abspath(one.path))  # noqa: PTH100 - links stay
    return {
        "path": path,
        "file": as_text(one.path.name),
        "champion": known.name if known else "",
        "model_version": known.version if known else None,
        "digest": one.digest,
        "recipe": one.recipe,
        "seconds": one.seconds,
        "problem": as_text(one.problem),
        "genre": heard.genre,
        "probability": heard.probability,
        "probabilities": [{"genre": genre, "probability": p} for genre, p in heard.probabilities] or None,
        "all_genres": None if heard.genres is None else list(heard.genres),
        "nearest": [dict(zip(("track", "artist", "genre"), each, strict=True)) for each in heard.nearest]
        or None,
        "answered_by": heard.answered_by,
        "listened_at": now,
        "is_sample": bool(known and known.is_sample),
    }


def as_text(value: object) -> str:
    """Return a text that UTF-8 can hold: names of files may have bytes that it cannot."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def merged(earlier: pa.Table | None, new: pa.Table, searched: Sequence[Path]) -> pa.Table:
    """Return the rows of this run, and the earlier rows of other places.

    An earlier row leaves where its folder was searched and its file is gone. A folder in which no audio is found keeps
    its rows, as do all others: the disk that belongs there may not be connected.

    Args:
        earlier: The table as it is; None before the first run.
        new: Rows of this run.
        searched: The files and folders of this run.
    """
    if earlier is None:
        return new
    rows = new.to_pylist()
    read = [row["path"] for row in rows if row["digest"]]
    there = [place for place in searched if any(_lies_in(path, place) for path in read)]
    replaced = {row["path"] for row in rows}
    kept = [
        {"answered_by": "", **row}  # tables of earlier versions of genrelab lack it
        for row in earlier.to_pylist()
        if row["path"] not in replaced and not any(_lies_in(row["path"], place) for place in there)
    ]
    return pa.Table.from_pylist(kept + rows, schema=LISTENED.schema)


def without(table: pa.Table, places: Sequence[Path]) -> pa.Table:
    """Return the rows of `listened` that are neither of these files nor of files below these folders."""
    kept = [not any(_lies_in(path, place) for place in places) for path in table["path"].to_pylist()]
    return table.filter(pa.array(kept, pa.bool_()))


def _lies_in(path: str, place: Path) -> bool:
    """Whether a path of `listened` is a place, or lies below it."""
    top = as_text(os.path.abspath(place))  # noqa: PTH100 - links stay
    return path == top or path.startswith(os.path.join(top, ""))  # noqa: PTH118 - "/" stays "/"
