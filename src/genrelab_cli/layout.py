"""How text stands on a terminal: wrapped at words in its width, with colour where there is one.

Where the output is a file or a pipe, nothing is wrapped or coloured, so that other programs find one fact a line.
"""

import os
import shutil
import sys
import textwrap
from pathlib import Path

import click

from genrelab.runtime.errors import GenrelabError

NARROWEST = 40


class Commands(click.Group):
    """A group whose help says each command in a whole sentence; the groups in it do so, too."""

    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with the first sentence of their help, wrapped but not cut."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, one.get_short_help_str(limit=1_000)) for name, one in found if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def width() -> int | None:
    """Return the columns of the terminal; None where the output is no terminal and COLUMNS does not say them."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS", "").isdecimal():
        return None
    return max(shutil.get_terminal_size().columns, NARROWEST)


def wrapped(text: str, first: str = "", rest: str | None = None) -> str:
    """Return a paragraph in the width of the terminal, broken at blanks only.

    Args:
        text: The paragraph.
        first: What its first line begins with.
        rest: What the others begin with; None indents them like the first.
    """
    columns = width()
    if columns is None:
        return first + text
    return textwrap.fill(
        text,
        columns,
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def printable(text: str, instead: str = "?") -> str:
    """Return text without control characters, which a terminal would obey, and without bytes that are not UTF-8.

    Args:
        text: From a file name, a tag or a table.
        instead: What stands for each control character.
    """
    shown = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else instead for sign in shown)


def one_line(value: object) -> str:
    """Return a value as one line without control characters.

    >>> one_line("a\\n\\tb\\x1b[2J")
    'a b [2J'
    """
    return " ".join(printable(str(value), " ").split())


def painted(text: str, colour: str = "", *, bold: bool = False) -> str:
    """Return text in a colour, which `click.echo` removes where the output is no terminal."""
    if "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb":
        return text
    return click.style(text, fg=colour or None, bold=bold or None)


def ask_before_replacing(file: Path, *, force: bool) -> None:
    """Ask whether an existing file may be replaced.

    Args:
        file: The file to write.
        force: Whether it may be replaced without asking.

    Raises:
        GenrelabError: It exists, and there is no terminal to ask on.
        click.Abort: The answer was no.
    """
    if force or not file.exists():
        return
    if not sys.stdin.isatty():
        raise GenrelabError(
            f"{file} exists already", found=f"{file.stat().st_size:,} bytes", do="add --force to replace it"
        )
    click.confirm(f"{file} exists already. Replace it?", abort=True)
