"""An audit and a comparison as plain tables, for the terminal and for Prefect's artifact.

Conventions: a cell is text, made here; a `Section` has a title, a heading, rows, and says how many rows it
leaves out. Drawing lines and aligning columns belongs to whoever shows it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from genrelab.analyses.rule_audit.result import Comparison, Decider, RuleUse, SetAudit

SHOWN = 20
"""Rows of each list of micro-genres; the number of all stands beside it."""
NO_BIN = "(none)"
COUNTS = {
    "binned": "tracks with a bin",
    "unmatched": "tracks whose micro-genres match no rule",
    "without_micro_genre": "tracks without any micro-genre",
    "micro_genres": "distinct micro-genres",
    "with_capitals": "  of them with capitals",
    "with_accents": "  of them with accents",
    "in_other_scripts": "  of them in another script",
}
"""Display names of the counts."""

R = TypeVar("R")


@dataclass(frozen=True)
class Section:
    """One table.

    Args:
        title: What it shows, with the counts.
        heading: Name of each column; one that starts with `#` holds numbers.
        rows: Its cells.
    """

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def section(title: str, rows: Iterable[R], *columns: tuple[str, Callable[[R], str]]) -> Section:
    """A table of which each column is declared once: its heading, and its cell of a row."""
    headings, cells = zip(*columns, strict=True)
    return Section(title, headings, tuple(tuple(cell(row) for cell in cells) for row in rows))


def audit_sections(found: SetAudit, shown: int = SHOWN) -> list[Section]:
    """What `audit` found, as tables.

    Args:
        found: Its result.
        shown: Rows of each list at most.
    """
    name, unmatched, contested = found.rule_set, found.unmatched, found.contested
    return [
        section(
            f"Rule set {name} ({found.decision}): {found.coverage:.2%} of {found.tracks:,} tracks have a bin",
            COUNTS.items(),
            ("what", lambda row: row[1]),
            ("# count", lambda row: f"{found.counts[row[0]]:,}"),
        ),
        section(
            f"{name}: tracks in each bin",
            sorted(found.bins, key=lambda row: (row.bin is None, -row.tracks)),
            ("bin", lambda row: row.bin or NO_BIN),
            ("# tracks", lambda row: f"{row.tracks:,}"),
            ("# share", lambda row: f"{row.share:.1%}"),
        ),
        section(
            f"{name}: result of each rule, in order",
            found.rules,
            ("rule", lambda row: row.rule),
            ("# tracks", lambda row: f"{row.tracks:,}"),
            ("# micro-genres hit", lambda row: f"{row.micro_genres_hit:,}"),
            ("# won", lambda row: f"{row.micro_genres_won:,}"),
            ("remark", _remark),
        ),
        section(
            f"{name}: {unmatched.micro_genres:,} micro-genres without a rule"
            f"{_first(shown, unmatched.micro_genres)}",
            unmatched.shown[:shown],
            ("micro-genre", lambda row: row.micro_genre),
            ("# tracks", lambda row: f"{row.tracks:,}"),
            ("# of them without a bin", lambda row: f"{row.tracks_without_bin:,}"),
        ),
        section(
            f"{name}: {contested.micro_genres:,} micro-genres that several rules claim, on"
            f" {contested.tracks:,} tracks{_first(shown, contested.micro_genres)}",
            contested.shown[:shown],
            ("micro-genre", lambda row: row.micro_genre),
            ("# tracks", lambda row: f"{row.tracks:,}"),
            ("claimed by", lambda row: ", ".join(row.claimed_by)),
            ("won by", lambda row: row.won_by),
        ),
    ]


def comparison_sections(found: Comparison, shown: int = SHOWN) -> list[Section]:
    """What `compare` found, as tables.

    Args:
        found: Its result.
        shown: Moves at most.
    """
    moved = found.tracks - found.same
    return [
        section(
            f"From {found.before} to {found.after}: {moved:,} of {found.tracks:,} tracks change; of"
            f" {found.both_binned:,} with a bin in both, {found.agreement:.1%} stay"
            f"{_first(shown, len(found.moves), ' moves')}",
            found.moves[:shown],
            ("from", lambda move: move.before or NO_BIN),
            ("to", lambda move: move.after or NO_BIN),
            ("# tracks", lambda move: f"{move.tracks:,}"),
            ("most frequent deciders before and after", lambda move: _decider(move.decided_by[0])),
        )
    ]


def in_markdown(sections: Sequence[Section]) -> str:
    """The tables as Markdown."""
    texts = []
    for section in sections:
        numbers = [name.startswith("#") for name in section.heading]
        lines = [
            _line(name.removeprefix("# ") for name in section.heading),
            _line("---:" if number else "---" for number in numbers),
            *map(_line, section.rows),
        ]
        texts.append(f"### {section.title}\n\n" + "\n".join(lines))
    return "\n\n".join(texts) + "\n"


def _line(cells: Iterable[str]) -> str:
    escaped = [
        str(cell).strip().replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells
    ]
    return "| " + " | ".join(" ".join(cell.split()) for cell in escaped) + " |"


def _remark(row: RuleUse) -> str:
    if row.is_never_hit:
        return "never hit"
    return "shadowed: earlier rules win all it hits" if row.is_shadowed else ""


def _first(shown: int, of: int, what: str = "") -> str:
    return f"; the first {shown}{what}" if of > shown else ""


def _decider(first: Decider) -> str:
    return f"{first.before or NO_BIN} -> {first.after or NO_BIN} ({first.tracks:,})"
