"""`genrelab listen --write-tags` and `--undo`: the genres in the tags of audio files."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from genrelab.report.wording import plural
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.layout import printable

if TYPE_CHECKING:
    from genrelab.audio.listening import Heard
    from genrelab.audio.tags import TagRecord


@dataclass(frozen=True)
class Tagging:
    """How genres are written.

    Args:
        least: The least probability of a genre that is written.
        is_dry: Whether old and new genre are only shown.
    """

    least: float
    is_dry: bool


def write_tags(home: Home, heard: "Sequence[Heard]", how: Tagging, out: TextIO) -> bool:
    """Write the genre into each file of which it is probable enough, and return whether a file had a problem.

    Args:
        home: Where the records for undoing are kept.
        heard: What the champions say of the files; the champion of one genre decides.
        how: How genres are written.
        out: Where changes are printed.

    Raises:
        GenrelabError: The champion was trained on sample data.
    """
    from genrelab.audio.tags import read_genres, remove_copies, write_genre

    if not how.is_dry:
        remove_copies(each.extracted.path for each in heard)
    changed = same = unsure = failed = 0
    for each in heard:
        if each.champion is None or each.genre is None or each.probability is None:
            continue
        if each.champion.is_sample:
            raise GenrelabError(
                "genres of sample data are not written into tags",
                found=f"{each.champion.name} was trained on sample data; its answers mean nothing",
                do="train on real data: `genrelab nightly --fma FOLDER`",
            )
        if each.probability < how.least:
            unsure += 1
            continue
        path = each.extracted.path.absolute()
        try:
            old = read_genres(path)
            if old == (each.genre,):
                same += 1
                continue
            if not how.is_dry:
                old_digest = each.extracted.digest
                _keep_features(home, old_digest, write_genre(home, path, each.genre, old_digest))
        except GenrelabError as error:
            failed += 1
            print(f"tag not written: {printable(str(path))}: {printable(str(error))}", file=sys.stderr)
            continue
        changed += 1
        print(
            f"{printable(str(path))}: {printable(', '.join(old)) or '(no genre)'} -> {each.genre}", file=out
        )
    verb = "would be written" if how.is_dry else "written"
    few = f"{unsure:,} left as they are: less probable than {how.least:.0%}"
    print(f"{plural(changed, 'genre')} {verb}, {same:,} already there, {few}", file=out)
    if changed and not how.is_dry:
        print("`genrelab listen --undo` puts the old genres back", file=out)
    return failed > 0


def _keep_features(home: Home, old: str, new: str) -> None:
    """Store the features of a content under the digest that it has with another tag: its sound is the same."""
    from genrelab.audio.cache import read_features, write_features
    from genrelab.audio.listening import cache_of
    from genrelab.audio.recipes import RECIPES

    for recipe in RECIPES.values():
        if (stored := read_features(cache_of(home), recipe, old)) is not None:
            write_features(cache_of(home), recipe, new, *stored)


def undo_tags(paths: Sequence[Path], *, dry_run: bool) -> int:
    """Put the genres back that files had before, and return the exit code.

    Args:
        paths: Files, or folders of files; none for every file.
        dry_run: Only print the changes.
    """
    from genrelab.audio.tags import records, remove_copies, undo
    from genrelab_cli.commands.lock import command_lock

    home = Home.find()
    named = [path.absolute() for path in paths]
    found = [
        each
        for each in records(home)
        if not named or any(Path(each.path).is_relative_to(path) for path in named)
    ]
    if not found:
        print("there is no genre to put back")
        return int(bool(named))
    if dry_run:
        for record in found:
            _print_undone(record)
        return 0
    failed = 0
    with command_lock(home, "listen"):
        remove_copies(Path(each.path) for each in found)
        for record in found:
            try:
                _keep_features(home, record.digests[-1], undo(home, record))
            except GenrelabError as error:
                failed += 1
                print(f"not undone: {printable(record.path)}: {printable(str(error))}", file=sys.stderr)
            else:
                _print_undone(record)
    return int(failed > 0)


def _print_undone(record: "TagRecord") -> None:
    old, new = ", ".join(record.written), ", ".join(record.before) or "(no genre)"
    print(f"{printable(record.path)}: {printable(old)} -> {printable(new)}")
