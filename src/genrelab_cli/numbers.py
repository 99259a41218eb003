"""The tables of numbers in README.md and docs/: each is the output of a command, kept beside the page and checked.

    python -m genrelab_cli.numbers            put the tables into the pages
    python -m genrelab_cli.numbers --check    fail if a page differs, or holds a table that no command made
    COMMAND | python -m genrelab_cli.numbers --save NAME    keep the table that a command prints

Conventions: a table stands in `docs/numbers/<name>.md`; in a page it stands between `<!-- numbers: <name> -->` and
`<!-- /numbers -->`. A table of decimal numbers outside such a block is a finding. Records of decisions are
history and keep theirs. The scores of a real run are written by `tools/real_numbers.py`.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from genrelab.runtime.files import write_atomically
from genrelab.runtime.home import PROJECT

FOLDER = Path("docs") / "numbers"
GENERATED = ("data-dictionary.md", "analyses.md")
"""Pages that another command writes whole."""

MANY = 3
"""Decimal numbers that make a table one of numbers, if that is at least one in every second row."""

BLOCK = re.compile(r"<!-- numbers: ([\w-]+) -->\n.*?<!-- /numbers -->", re.DOTALL)
DECIMAL = re.compile(r"\d\.\d")


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def pages(project: Path) -> list[Path]:
    """The pages that may hold tables of numbers."""
    docs = (page for page in sorted((project / "docs").glob("*.md")) if page.name not in GENERATED)
    return [project / "README.md", *docs]


def rendered(text: str, folder: Path) -> str:
    """A page with the tables of its blocks.

    Args:
        text: The page.
        folder: Where the tables are.

    Raises:
        FileNotFoundError: A block names a table that does not exist.
    """

    def filled(block: re.Match[str]) -> str:
        name = block[1]
        table = (folder / f"{name}.md").read_text(encoding="utf-8").strip()
        return f"<!-- numbers: {name} -->\n\n{table}\n\n<!-- /numbers -->"

    return BLOCK.sub(filled, text)


def findings(project: Path) -> Iterator[str]:
    """What is wrong with the tables of numbers, one sentence each.

    Args:
        project: The folder of the project.
    """
    used: set[str] = set()
    for page in pages(project):
        text, name = page.read_text(encoding="utf-8"), page.relative_to(project)
        used |= set(BLOCK.findall(text))
        try:
            if rendered(text, project / FOLDER) != text:
                yield f"{name}: a table differs from the one in {FOLDER}; run `python -m genrelab_cli.numbers`"
        except FileNotFoundError as error:
            yield f"{name}: there is no table {error.filename}"
        for table in _tables(BLOCK.sub("", text)):
            if len(DECIMAL.findall(table)) >= max(MANY, table.count("\n") / 2):
                yield f"{name}: no command made the table that begins with {table.splitlines()[0]!r}"
    there = {path.stem for path in (project / FOLDER).glob("*.md")}
    yield from (f"{FOLDER / name}.md: no page shows this table" for name in sorted(there - used))


def _tables(text: str) -> Iterator[str]:
    """The Markdown tables of a page."""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line for line in paragraph.splitlines() if line.startswith("|")]
        if lines:
            yield "\n".join(lines)


def main() -> None:
    """Put the tables into the pages, check them, or keep one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true")
    what.add_argument("--save", metavar="NAME")
    asked = parser.parse_args()
    if asked.check:
        sys.exit("\n".join(findings(PROJECT)) or None)
    if asked.save:
        table = sys.stdin.read().strip()
        if not table.startswith("|"):
            sys.exit(f"nothing saved: the input is not a Markdown table, it begins with {table[:80]!r}")
        (PROJECT / FOLDER).mkdir(exist_ok=True)
        write_atomically(PROJECT / FOLDER / f"{asked.save}.md", f"{table}\n".encode())
    for page in pages(PROJECT):
        text = page.read_text(encoding="utf-8")
        try:
            new = rendered(text, PROJECT / FOLDER)
        except FileNotFoundError as error:
            sys.exit(f"{page.relative_to(PROJECT)}: there is no table {error.filename}; keep one with --save")
        if new != text:
            write_atomically(page, new.encode())
            print(page.relative_to(PROJECT))


if __name__ == "__main__":
    main()
