"""`genrelab listen`: the genres of audio files.

Conventions: the exit code is 0 when every file was heard, and 1 when one was not; the others are heard all the same.
The table `listened` is published only when something has changed, which keeps a second run short.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genrelab.report.wording import plural
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.layout import printable

if TYPE_CHECKING:
    import pyarrow as pa

    from genrelab.audio.listening import Heard
    from genrelab.serving.description import ChampionDescription
    from genrelab_cli.commands.listen_tags import Tagging

WIDTH = 80
COLUMNS = {"file": 22, "genre": 19, "": 5, "further genres": 16, "sounds like": WIDTH}
"""Columns of the table with their greatest width; the last one takes what is left."""


def listen_to(
    paths: Sequence[Path], *, as_json: bool, csv: Path | None, tagging: "Tagging | None" = None
) -> int:
    """Hear files and folders, print what they are, publish the table, and return the exit code.

    Args:
        paths: Files and folders; without any, the folders of [listen] in genrelab.toml.
        as_json: Print JSON instead of a table.
        csv: A file that the rows are written to.
        tagging: How the genres are written into the tags of the files; None for not at all.

    Raises:
        GenrelabError: There is no audio file, no champion for audio, or what audio needs is missing.
    """
    from genrelab.audio.extract import find_files, require_audio
    from genrelab.audio.listening import rows_of
    from genrelab.runtime import engine
    from genrelab.runtime.settings import load_settings
    from genrelab_cli.commands.lock import command_lock
    from tasks.publishing.listened import hear, out_of_reach, publish_listened

    home = Home.find()
    paths = list(paths) or list(load_settings().listen_folders)
    if not paths:
        raise GenrelabError(
            "there is nothing to listen to",
            found="no path, and no folder in [listen] of genrelab.toml",
            do="genrelab listen FOLDER",
        )
    require_audio()
    files, unusable = find_files(paths)
    if not files and not unusable:
        raise GenrelabError(
            "there is no audio file",
            found=", ".join(map(str, paths)),
            allowed="files, or folders with mp3, flac, ogg, wav, m4a and the like",
            do="name another folder",
        )
    settings = load_settings()
    with engine.use(settings):
        heard, asked = hear(home, files, unusable, settings.cores)
    rows = rows_of(heard)
    with command_lock(home, "listen"):
        publish_listened(home, rows, asked, paths)
    if csv is not None:
        _write_csv(rows, csv)
    if as_json:
        print(json.dumps([_as_json(each) for each in heard], ensure_ascii=False, indent=1))
    else:
        _print_table(heard, asked)
        if away := out_of_reach(home):
            print(
                f"{plural(away, 'file')} of earlier runs not there now, still in the table; is the disk connected? "
                "`genrelab listen --forget PATH` removes the rows"
            )
    has_problem = any(each.extracted.problem for each in heard)
    if tagging is not None:
        from genrelab_cli.commands.listen_tags import write_tags

        with command_lock(home, "listen"):
            has_problem |= write_tags(home, heard, tagging, sys.stderr if as_json else sys.stdout)
    return int(has_problem)


def forget_places(places: Sequence[Path]) -> int:
    """Remove the rows of files, and of files below folders, from the table; return the exit code.

    Raises:
        GenrelabError: No path is named.
    """
    from genrelab_cli.commands.lock import command_lock
    from tasks.publishing.listened import forget

    if not places:
        raise GenrelabError(
            "there is nothing to forget", found="no path", do="genrelab listen --forget FOLDER"
        )
    home = Home.find()
    with command_lock(home, "listen"):
        gone = forget(home, places)
    print(f"{plural(gone, 'file')} removed from the table listened; no file was changed")
    return int(not gone)


def _write_csv(rows: "pa.Table", file: Path) -> None:
    frame = rows.to_pandas()
    for name in ("probabilities", "all_genres", "nearest"):
        frame[name] = [
            "" if value is None else json.dumps(value, ensure_ascii=False) for value in rows[name].to_pylist()
        ]
    try:
        frame.to_csv(file, index=False)
    except OSError as error:
        raise GenrelabError(
            "the CSV file cannot be written", found=f"{file}: {error.strerror}", do="name another file"
        ) from None


def _as_json(heard: "Heard") -> dict[str, Any]:
    from genrelab.audio.listening import as_text

    one, known = heard.extracted, heard.champion
    found = {name: value for name, value in asdict(heard).items() if name not in {"extracted", "champion"}}
    return {
        "path": as_text(one.path),
        "digest": one.digest,
        "recipe": one.recipe,
        "seconds": one.seconds,
        "problem": as_text(one.problem),
        "champion": known.name if known else None,
        "version": known.version if known else None,
        "is_sample": known.is_sample if known else None,
        **found,
        "probabilities": dict(heard.probabilities),
    }


def _print_table(heard: "Sequence[Heard]", asked: "Sequence[ChampionDescription]") -> None:
    by_file: dict[Path, list[Heard]] = {}
    for each in heard:
        by_file.setdefault(each.extracted.path, []).append(each)
    rows = []
    problems = []
    for path, answers in sorted(by_file.items()):
        problem = next((each.extracted.problem for each in answers if each.extracted.problem), "")
        if problem:
            problems.append(f"{path}: {problem}")
            continue
        one = next((each for each in answers if each.genre is not None), None)
        several = next((each.genres for each in answers if each.genres is not None), ())
        genre = one.genre or "" if one else ""
        share = f"{100 * (one.probability or 0):.0f} %" if one else ""
        further = ", ".join(each for each in several if each != genre) or "-"
        near = next((" by ".join(filter(None, each.nearest[0][:2])) for each in answers if each.nearest), "")
        rows.append((printable(path.name), genre, share, further, printable(near)))
    if rows:
        _print_rows(rows)
    for known in asked:
        label = "SAMPLE DATA, its answers mean nothing: " if known.is_sample else ""
        print(f"{label}{known.name} version {known.version}, features {known.recipe}")
    print(f"{len(rows):,} of {len(by_file):,} files heard; table listened, page Your music of the report")
    for problem in problems:
        print(f"not heard: {printable(problem)}", file=sys.stderr)


def _print_rows(rows: "Sequence[tuple[str, ...]]") -> None:
    """Print a table; where it is wider than the terminal, names are cut, the last column first."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for number, (title, most) in enumerate(COLUMNS.items()):
        width = min(most, max(map(cell_len, (title, *(row[number] for row in rows)))))
        table.add_column(title, no_wrap=True, max_width=width, min_width=width if most < WIDTH else None)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False).print(table)
