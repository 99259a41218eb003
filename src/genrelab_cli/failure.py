"""What to print for an error that no command handled."""

import sys
import traceback
from collections.abc import Sequence

from genrelab.runtime.disk import LEAST_FREE, free_bytes, is_full
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import explain, first_line, write_down

VERBOSE = ("--verbose", "-v")


def report_error(error: Exception, words: Sequence[str]) -> int:
    """Print the error in a sentence; if its cause is unknown, write the traceback to a file.

    Args:
        error: The error.
        words: The arguments of the command line.

    Returns:
        The exit code.
    """
    if any(word in VERBOSE for word in words):
        traceback.print_exception(error)
    print(f"genrelab: {in_a_sentence(error, command_of(words))}", file=sys.stderr)
    return 1


def in_a_sentence(error: BaseException, command: str) -> GenrelabError:
    """The error as a sentence; if its cause is unknown, the sentence names the file with the traceback.

    Args:
        error: The error.
        command: Name of the command.
    """
    try:
        home = Home.find()
    except GenrelabError as not_found:
        return not_found
    if is_full(error) and getattr(error, "filename", None) is None and free_bytes(home.root) > LEAST_FREE:
        return GenrelabError(
            "the output cannot be written", found=str(error)
        )  # /dev/full, or a full disk elsewhere
    if (known := explain(error, home, command)) is not None:
        return known
    file = write_down(error, home, command)
    return GenrelabError(
        f"{command} failed with an unexpected error",
        found=first_line(error),
        do=f"the traceback is in {file}"
        if file
        else "run it again with `genrelab --verbose` to see the traceback",
    )


def command_of(words: Sequence[str]) -> str:
    """The name of the command in a command line, without its arguments."""
    return next((word for word in words if not word.startswith("-")), "genrelab")
