"""An audit and a comparison as plain tables, for the terminal and for Prefect's artifact.

Conventions: a cell is text, made here; a `Section` has a title, a heading, rows, and says how many rows it
leaves out. Drawing lines and aligning columns belongs to whoever shows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from genrelab.analyses.rule_audit.result import Comparison, Decider, RuleUse, SetAudit

SHOWN = 20
"""Rows of each list of micro-genres; the number of all stands beside it."""
NO_BIN = "(none)"


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


def audit_sections(found: SetAudit, shown: int = SHOWN) -> list[Section]:
    """What `audit` found, as tables.

    Args:
        found: Its result.
        shown: Rows of each list at most.
    """
    name, counts, tracks = found.rule_set, found.counts, found.tracks
    unmatched, contested = found.unmatched, found.contested
    return [
        Section(
            f"Rule set {name} ({found.decision}): {found.coverage:.2%} of {tracks:,} tracks have a bin",
            ("what", "# count"),
            (
                ("tracks with a bin", f"{counts['binned']:,}"),
                ("tracks whose micro-genres no rule hits", f"{counts['unmatched']:,}"),
                ("tracks without any micro-genre", f"{counts['without_micro_genre']:,}"),
                ("distinct micro-genres", f"{counts['micro_genres']:,}"),
                ("  of them with capitals", f"{counts['with_capitals']:,}"),
                ("  of them with accents", f"{counts['with_accents']:,}"),
                ("  of them in another script", f"{counts['in_other_scripts']:,}"),
            ),
        ),
        Section(
            f"{name}: tracks in each bin",
            ("bin", "# tracks", "# share"),
            tuple(
                (row.bin or NO_BIN, f"{row.tracks:,}", f"{row.share:.1%}")
                for row in sorted(found.bins, key=lambda row: (row.bin is None, -row.tracks))
            ),
        ),
        Section(
            f"{name}: what became of each rule, in order",
            ("rule", "# tracks", "# micro-genres hit", "# won", "remark"),
            tuple(
                (
                    row.rule,
                    f"{row.tracks:,}",
                    f"{row.micro_genres_hit:,}",
                    f"{row.micro_genres_won:,}",
                    _remark(row),
                )
                for row in found.rules
            ),
        ),
        Section(
            f"{name}: {unmatched.micro_genres:,} micro-genres that no rule hits"
            f"{_first(shown, unmatched.micro_genres)}",
            ("micro-genre", "# tracks", "# of them without a bin"),
            tuple(
                (row.micro_genre, f"{row.tracks:,}", f"{row.tracks_without_bin:,}")
                for row in unmatched.shown[:shown]
            ),
        ),
        Section(
            f"{name}: {contested.micro_genres:,} micro-genres that several rules claim, on"
            f" {contested.tracks:,} tracks{_first(shown, contested.micro_genres)}",
            ("micro-genre", "# tracks", "claimed by", "won by"),
            tuple(
                (row.micro_genre, f"{row.tracks:,}", ", ".join(row.claimed_by), row.won_by)
                for row in contested.shown[:shown]
            ),
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
        Section(
            f"From {found.before} to {found.after}: {moved:,} of {found.tracks:,} tracks move; of"
            f" {found.both_binned:,} that both bin, {found.agreement:.1%} stay"
            f"{_first(shown, len(found.moves), 'moves')}",
            ("from", "to", "# tracks", "decided before and after, most often"),
            tuple(
                (
                    move.before or NO_BIN,
                    move.after or NO_BIN,
                    f"{move.tracks:,}",
                    _decider(move.decided_by),
                )
                for move in found.moves[:shown]
            ),
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
    return f"; the first {shown}{' ' + what if what else ''}" if of > shown else ""


def _decider(deciders: Sequence[Decider]) -> str:
    if not deciders:
        return ""
    first = deciders[0]
    return f"{first.before or NO_BIN} -> {first.after or NO_BIN} ({first.tracks:,})"
