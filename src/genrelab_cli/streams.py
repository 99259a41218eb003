"""Replacements for closed standard streams, so that `genrelab nightly <&- >&- 2>&-` works without output."""

import os
import sys

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def open_closed() -> None:
    """Open closed standard streams on /dev/null; call it before any file is opened, which would take their numbers."""
    for number, (name, mode) in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(
                os.open(os.devnull, os.O_RDWR), True
            )  # gets the lowest free number, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # characters that the terminal's encoding lacks


def flush(code: int) -> int:
    """Write the rest of the output.

    Args:
        code: Exit code of the command.

    Returns:
        The exit code; not 0 if the output cannot be written.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        _redirect_to_null(sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # the reader of the pipe stopped reading
            print(f"genrelab: the output cannot be written; found: {error.strerror}", file=sys.stderr)
        return code or 1
    return code


def _redirect_to_null(number: int) -> None:
    """Prevent Python from writing again at its exit, which would print a second error."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, number)
    os.close(null)
