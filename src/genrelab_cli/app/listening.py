"""One uploaded audio file to its genres: `POST /api/listen?name=FILE`.

Conventions: the body is the file itself. It is streamed to a temporary folder under the home, never held in memory, and
deleted before the answer is sent; nothing is published. One file is analysed at a time, in a thread; others wait.
Which champions are asked, and labelled as of sample data, is decided as in `genrelab listen`.
"""

import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response

from genrelab.audio.extract import SUFFIXES, Extracted, extract_all, require_audio
from genrelab.audio.listening import NEAREST, recipe_for
from genrelab.audio.recipes import ONE_GENRE, SEVERAL_GENRES, Recipe
from genrelab.runtime.home import Home
from genrelab.serving.champion import NearTrack, ServedChampion
from genrelab.serving.description import check_values
from genrelab_cli.app.answers import RequestError, result
from genrelab_cli.app.bodies import read_chunks
from genrelab_cli.app.champions import Champions
from genrelab_cli.app.predictions import made_by, predict_rows

LARGEST_FILE = 200 << 20
"""Bytes of a file."""
SLOWEST_UPLOAD = 300.0
"""Seconds in which a file must have arrived."""
LONGEST_NAME = 200
LEFT_BEHIND = 24 * 3600
"""Seconds after which a temporary folder is one that a killed process has left."""


def add_listening(application: FastAPI, home: Home, champions: Champions) -> None:
    """Add the route to an application.

    Args:
        application: The application.
        home: The home; files are kept in `data/uploads` while they are analysed.
        champions: The champions of this home.
    """
    uploads = home.root / "data" / "uploads"
    turn = asyncio.Semaphore(1)

    @application.post(
        "/api/listen",
        summary="The genres of an audio file",
        description="The body is the file itself, at most 200 MB; `name` is its name. The file is deleted afterwards.",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def listen(request: Request, name: str = "file") -> Response:
        asked = await asyncio.to_thread(_for_audio, champions)
        require_audio()
        try:
            with _folder_for(uploads) as folder:
                file = folder / f"audio{_suffix(name)}"
                await _receive(request, file)
                async with turn:
                    return result(await asyncio.to_thread(hear, file, _shown(name), asked, champions))
        except OSError as error:
            raise RequestError(
                "the file cannot be kept while it is analysed",
                HTTPStatus.INSUFFICIENT_STORAGE,
                found=error.strerror or type(error).__name__,
                do=f"free some space in {home.short(uploads)}, and check that genrelab may write there",
            ) from None


def hear(
    file: Path, name: str, asked: Sequence[tuple[ServedChampion, Recipe]], champions: Champions
) -> dict[str, Any]:
    """Return the answer for one file.

    Args:
        file: The file; features are cached beside it.
        name: Its name for the answer.
        asked: The champions that predict from audio, each with the recipe of its features.
        champions: All champions of the home.

    Raises:
        RequestError: The file cannot be used (422).
    """
    predictions: list[dict[str, Any]] = []
    nearest: tuple[NearTrack, ...] = ()
    found = None
    for served, recipe in asked:
        found = next(iter(extract_all([file], recipe, file.parent / "cache", 1, _no_progress)))
        if found.features is None:
            raise _unusable(found, name)
        row = {one.name: found.features[one.name] for one in served.description.features}
        predictions.append(
            {**made_by(served, champions), "recipe": found.recipe, **predict_rows(served, [row])[0]}
        )
        nearest = nearest or served.nearest(check_values(served.description, [row])[0], NEAREST)
    assert found is not None  # noqa: S101 - `_for_audio` returns at least one
    return {
        "file": name,
        "digest": found.digest,
        "seconds": found.seconds,
        "predictions": predictions,
        "nearest": [asdict(one) for one in nearest],
    }


def _for_audio(champions: Champions) -> tuple[tuple[ServedChampion, Recipe], ...]:
    """Return the champions whose features can be computed from audio, that of one genre first, with the recipe.

    Raises:
        RequestError: There is none (503).
    """
    there = champions.names()
    found = tuple(
        (champion, recipe)
        for name in (ONE_GENRE, SEVERAL_GENRES)
        if name in there
        and (champion := champions.get(name))
        and (recipe := recipe_for(champion.description))
    )
    if not found:
        raise RequestError(
            "no champion can judge audio yet",
            HTTPStatus.SERVICE_UNAVAILABLE,
            found=f"champions: {', '.join(there) or 'none'}",
            allowed=f"{ONE_GENRE} or {SEVERAL_GENRES}, trained on features that are computed from audio",
            do="run `genrelab nightly` with a fma_metadata folder that has features.csv",
        )
    return found


async def _receive(request: Request, file: Path) -> None:
    """Write the body to a file.

    Raises:
        RequestError: It is empty (400), too large (413) or too slow (408).
    """
    size = 0
    try:
        with file.open("wb") as opened:
            async for piece in read_chunks(request, LARGEST_FILE, SLOWEST_UPLOAD):
                size += await asyncio.to_thread(opened.write, piece)
    except RequestError as error:
        if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            error.what = "the file is too large"
            error.do = "cut it, or run `genrelab listen FILE`, which has no limit"
        raise
    if not size:
        raise RequestError(
            "the body is empty", found="0 bytes", allowed="an audio file", do="send the file as the body"
        )


@contextmanager
def _folder_for(uploads: Path) -> Iterator[Path]:
    """Make a folder for one request, deleted at its end; also delete those that a killed process has left."""
    uploads.mkdir(parents=True, exist_ok=True)
    for old in uploads.iterdir():
        with suppress(FileNotFoundError):  # another request may just delete it
            if time.time() - old.stat().st_mtime > LEFT_BEHIND:
                shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="listen-", dir=uploads) as folder:
        yield Path(folder)


def _unusable(found: Extracted, name: str) -> RequestError:
    """Return the error for a file without features; its problem has the parts of a `GenrelabError`."""
    what, *parts = re.split(r"; (found|allowed|to do|do): ", found.problem)
    said = dict(zip(parts[::2], parts[1::2], strict=True))
    return RequestError(
        f"{name} cannot be used: {what}".replace(str(found.path), name),
        HTTPStatus.UNPROCESSABLE_ENTITY,
        found=said.get("found", "").replace(str(found.path), name),
        allowed=said.get("allowed", "a file of music: " + ", ".join(SUFFIXES)),
        do=said.get("to do") or said.get("do") or "choose another file",
    )


def _suffix(name: str) -> str:
    """Return the end of a name if it is one of audio: it may help to recognise the format."""
    suffix = Path(name[-LONGEST_NAME:]).suffix.lower()
    return suffix if suffix in SUFFIXES else ""


def _shown(name: str) -> str:
    """Return the name without folders, not much longer than a line."""
    last = re.split(r"[/\\]", name)[-1] or "file"
    return last if len(last) <= LONGEST_NAME else f"{last[:LONGEST_NAME]}…"


def _no_progress(_done: int, _of: int) -> None:
    """Report nothing: it is one file."""
