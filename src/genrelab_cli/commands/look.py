"""`genrelab ingest-spotify --look`: preview how a file is read and what would be rejected; nothing is published."""

import shutil
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from genrelab_cli.layout import printable

if TYPE_CHECKING:
    from genrelab.lake.ingested import Ingested
    from genrelab.sources.spotify.parsing import FileRead
    from tasks.publishing.audit import Audit

WIDTH = 80
ROWS = 3
LABEL = 14
NAME, FROM = 17, 16
COLUMNS = ("artist_id", "artist_name", "track_id", "track_name", "genres", "popularity")
EXAMPLES = 6
"""Number of rules that are shown with an example."""


def print_look(source: str | None, columns: str) -> int:
    """Print the recognised layout, the first rows, and what would be rejected.

    Args:
        source: A file or folder; None uses the configured one.
        columns: The value of `--map`.

    Returns:
        The exit code: 0 when the table would be published.

    Raises:
        GenrelabError: A file cannot be read, or a setting is not allowed.
    """
    import logging
    from pathlib import Path

    from genrelab.lake.lake import Lake
    from genrelab.runtime.settings import load_settings, require_tracks_file
    from genrelab.sources.spotify.pulls import read_files
    from genrelab.tables import TABLES
    from tasks.publishing.audit import PublishContext
    from tasks.publishing.publish import audit_rows

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    settings = load_settings(spotify=source, columns=columns)
    require_tracks_file(settings)
    ingested, reads = read_files(Path(settings.spotify), settings.columns, is_distinct=True)
    audit, _ = audit_rows(
        Lake(settings.home),
        TABLES["spotify_tracks"],
        PublishContext(settings.spotify, is_sample=False, refuse_above=settings.refuse_above),
        ingested.data,
        ingested.rejected,
        repeated=ingested.repeated,
    )
    print("\n".join(look_lines(ingested, reads, audit)))
    return 1 if audit.reasons else 0


def look_lines(ingested: "Ingested", reads: Sequence["FileRead"], audit: "Audit") -> list[str]:
    """The lines to print, each at most `WIDTH` wide unless a single word is longer."""
    from genrelab.sources.spotify.remarks import IN_A_LOOK

    lines: list[str] = []
    for group in _groups(reads):
        lines += [*_described(group), "", *_table(ingested, group[0]), ""]
    counts = audit.counts
    lines.append(
        f"{counts.read:,} records: {counts.rows:,} would be published, {counts.quarantined:,} rejected, "
        f"{counts.duplicates:,} dropped as duplicates"
    )
    lines += _rejected(audit)
    known = {remark(read) for read in reads for remark in IN_A_LOOK} - {""}
    notes = [note for note in ingested.notes if not note.endswith(tuple(known))]
    for title, said in (("note", notes), ("caveat", ingested.caveats), ("warning", audit.warnings)):
        for sentence in said:
            lines += _wrapped(f"{title}: {sentence}")
    if audit.reasons:
        lines += ["", *_wrapped(f"The table would be refused: {'; '.join(audit.reasons)}")]
    else:
        lines += ["", "The file can be ingested. Nothing was published; to publish it, omit --look."]
    return lines


def _groups(reads: Sequence["FileRead"]) -> list[list["FileRead"]]:
    """Group the files by layout and format."""
    groups: dict[tuple[object, ...], list[FileRead]] = {}
    for read in reads:
        groups.setdefault((read.found.layout.name, str(read.look), read.found.header), []).append(read)
    return list(groups.values())


def _described(group: Sequence["FileRead"]) -> list[str]:
    from genrelab.sources.spotify.remarks import layout

    read, found = group[0], group[0].found
    names = read.name if len(group) == 1 else f"{len(group)} files, {read.name} to {group[-1].name}"
    title, written = layout(read).split("; ", 1)
    artists = "by id" if "artist_id" in found.positions else "by name, because the file has no artist ids"
    if read.are_lists or read.separator:
        artists += "; the first of several is the main artist"
    tracks = (
        "by id" if "track_id" in found.positions else "by artist and title, because the file has no track ids"
    )
    genres = (
        f"{found.header[found.positions['genres']].strip()}: {read.genre_form.name}"
        if "genres" in found.positions
        else "none in the file"
    )
    facts = [
        ("layout", f"{title} ({found.layout.name})"),
        ("format", written),
        ("artists", artists),
        ("tracks", tracks),
        ("genres", genres),
        ("missing", ", ".join(found.missing) or "nothing"),
        ("ignored", ", ".join(name or "(no name)" for name in found.passed_over) or "nothing"),
    ]
    lines = [names]
    for label, text in facts:
        lines += _wrapped(text, f"  {label:<{LABEL}}")
    return lines


def _table(ingested: "Ingested", read: "FileRead") -> list[str]:
    """The first rows of a file, one line per column of the table, with the column of the file it comes from."""
    import pyarrow.compute as pc

    from genrelab.tables.spotify import AUDIO_FEATURES

    rows = ingested.data.filter(pc.equal(ingested.data["source"], read.name)).slice(0, ROWS).to_pylist()
    if not rows:
        return ["  no row could be read"]
    room = (WIDTH - NAME - FROM - 2 * (len(rows) + 1)) // len(rows)
    lines = [["column", "from", *(f"row {row['source_row']}" for row in rows)]]
    for name in (*COLUMNS, *AUDIO_FEATURES):
        place = read.found.positions.get(name)
        origin = "-" if place is None else read.found.header[place].strip()
        lines.append([name, origin, *(_cell(row[name]) for row in rows)])
    widths = [NAME, FROM, *([room] * len(rows))]
    return [
        "  ".join(_fitted(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _fitted(text: str, width: int) -> str:
    """Pad or cut text to a number of terminal columns; East Asian wide characters take two."""
    text = printable(text, " ")
    if _columns(text) > width:
        while _columns(text) > width - 3:
            text = text[:-1]
        text += "..."
    return text + " " * (width - _columns(text))


def _columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.combining(sign) > 0 for sign in text)


def _rejected(audit: "Audit") -> list[str]:
    """Each broken rule with the number of rejected records and one example."""
    rejected = audit.rejected
    if rejected is None or not len(rejected):
        return []
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for source, row, rules, reasons in zip(
        *(rejected[name].to_pylist() for name in ("source", "source_row", "rules", "reasons")), strict=True
    ):
        for rule, reason in zip(rules, reasons, strict=True):
            counts[rule] += 1
            examples.setdefault(rule, f"{source} row {row}: {reason.removeprefix(rule).lstrip('; :')}")
    lines = []
    for rule, count in counts.most_common(EXAMPLES):
        lines += _wrapped(f"{rule}: {count:,} rejected, e.g. {examples[rule]}", "  ")
    more = len(counts) - EXAMPLES
    return lines + ([f"  and {more:,} more rules"] if more > 0 else [])


def _wrapped(text: str, start: str = "") -> list[str]:
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=start,
        subsequent_indent=" " * max(len(start), 2),
        break_on_hyphens=False,
    )
