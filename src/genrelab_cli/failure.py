"""The last resort: what to print of an error that nobody caught."""

import sys
import traceback
from collections.abc import Sequence

from genrelab.runtime.disk import LEAST_FREE, free_bytes, is_full
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import explain, first_line, write_down

VERBOSE = ("--verbose", "-v")


def tell(error: Exception, words: Sequence[str]) -> int:
    """Say what went wrong in a sentence, and keep the traceback where the cause is not known.

    Args:
        error: The error.
        words: The command line.

    Returns:
        The exit code.
    """
    if any(word in VERBOSE for word in words):
        traceback.print_exception(error)
    print(f"genrelab: {in_a_sentence(error, command_of(words))}", file=sys.stderr)
    return 1


def in_a_sentence(error: BaseException, command: str) -> GenrelabError:
    """The error in words; where its cause is not known, with the file that its traceback is in.

    Args:
        error: The error.
        command: What was asked for.
    """
    try:
        home = Home.find()
    except GenrelabError as said:
        return said
    if is_full(error) and getattr(error, "filename", None) is None and free_bytes(home.root) > LEAST_FREE:
        return GenrelabError(
            "the output cannot be written", found=str(error)
        )  # /dev/full, or a full disk elsewhere
    if (known := explain(error, home, command)) is not None:
        return known
    file = write_down(error, home, command)
    return GenrelabError(
        f"{command} met an error that it does not know",
        found=first_line(error),
        do=f"the traceback is in {file}"
        if file
        else "`genrelab --verbose` and the same words show the traceback",
    )


def command_of(words: Sequence[str]) -> str:
    """The command of a command line, without what was passed to it."""
    return next((word for word in words if not word.startswith("-")), "genrelab")
