"""`genrelab rules`: audit a rule set on the tracks of the lake, and check a rule file."""

import json
import re
import shutil
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from genrelab.lake.lake import Lake
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.settings import load_settings

if TYPE_CHECKING:
    from genrelab.analyses.rule_audit.tables import Section

TABLE = "spotify_tracks"
NARROW = 100
"""Width of the text when the output is a file or a pipe."""
BETWEEN_FAULTS = re.compile(r"; (?=line \d+: |the file: )")


def print_audit(given: str | None, against: str | None, *, as_json: bool, shown: int) -> None:
    """Print the audit of a rule set on the newest tracks, and its comparison with another one.

    Args:
        given: Name or path of the rule set; None uses the active one.
        against: The rule set to compare with; None uses `classic`, or `reviewed` if `classic` is audited.
        as_json: Print JSON, with every micro-genre.
        shown: Maximum rows of each list.

    Raises:
        GenrelabError: A rule set is missing or invalid, or there are no tracks yet.
    """
    from genrelab.analyses.rule_audit.audit import audit, compare
    from genrelab.analyses.rule_audit.coverage import COLUMNS, coverage_by_origin, origin_section
    from genrelab.analyses.rule_audit.tables import audit_sections, comparison_sections
    from genrelab.rules import load_rule_set
    from genrelab.runtime.records import encode

    settings = load_settings(rules=given)
    rules = load_rule_set(settings.rules)
    other = load_rule_set(against or ("reviewed" if rules.name == "classic" else "classic"))
    lake = Lake(settings.home)
    version = lake.find(TABLE)
    if version is None or not version.counts.rows:
        raise GenrelabError(
            "there are no tracks to audit the rules on",
            found=f"{TABLE} has not been published" if version is None else f"{TABLE} has no rows",
            do="run `genrelab nightly`, or `genrelab ingest-spotify --spotify pulls/`",
        )
    tracks = lake.stored(TABLE, version.version)
    # older tables lack the column with the origin of the genres
    origins = (
        coverage_by_origin(tracks, {each.name: each for each in (rules, other)})
        if set(COLUMNS).issubset(tracks.column_names)
        else ()
    )
    found = audit(rules, tracks, listed=len(tracks) if as_json else shown)
    moved = compare(rules, other, tracks)
    if as_json:
        result = {
            "table": TABLE,
            "version": version.version,
            "sample": version.is_sample,
            "audit": encode(found),
            "comparison": encode(moved),
            "origins": [encode(one) for one in origins],
        }
        print(json.dumps(result, indent=1, ensure_ascii=False))
        return
    sample = ", synthetic sample data" if version.is_sample else ""
    print(f"{TABLE} version {version.version}: {len(tracks):,} tracks{sample}")
    by_origin = [origin_section(origins)] if origins else []
    _print_sections([*by_origin, *audit_sections(found, shown), *comparison_sections(moved, shown)])


def check_file(file: str, *, as_json: bool = False) -> int:
    """Print the errors of a rule file, one per line.

    Args:
        file: Its path, or the name of a built-in rule set.
        as_json: Print JSON.

    Returns:
        The exit code: 0 only if the file is valid.
    """
    from genrelab.rules import RuleError, load_rule_set

    try:
        rules = load_rule_set(file)
    except RuleError as error:
        if as_json:
            faults = BETWEEN_FAULTS.split(error.found)
            print(json.dumps({"file": file, "valid": False, "error": error.what, "faults": faults}, indent=1))
            return 1
        print(f"genrelab: {error.what}", file=sys.stderr)
        for fault in BETWEEN_FAULTS.split(error.found):
            print(f"  {fault}", file=sys.stderr)
        hints = [
            f"{name}: {text}" for name, text in (("allowed", error.allowed), ("to do", error.do)) if text
        ]
        print("\n".join(hints), file=sys.stderr)
        return 1
    examples = sum(len(rule.proofs) for rule in rules.rules)
    if as_json:
        facts = {
            "name": rules.name,
            "rules": len(rules.rules),
            "decision": rules.decision,
            "examples": examples,
        }
        print(json.dumps({"file": file, "valid": True, **facts}, indent=1))
        return 0
    print(
        f"{file}: the rule set {rules.name} is valid: {len(rules.rules)} rules, conflicts resolved by {rules.decision};"
        f" each rule matches its own examples ({examples} in all)"
    )
    return 0


def _print_sections(sections: Iterable["Section"]) -> None:
    """Print tables with aligned columns for any script; no line is cut off."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else NARROW
    console = Console(highlight=False, width=width, soft_wrap=False)
    for section in sections:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for name in section.heading:
            table.add_column(
                Text(name.removeprefix("# ")),
                justify="right" if name.startswith("#") else "left",
                overflow="fold",
                no_wrap=name.startswith("#"),
            )
        for row in section.rows:
            table.add_row(*map(Text, row))
        console.print()
        console.print(Text(section.title, style="bold"))
        if section.rows:
            console.print(table)
