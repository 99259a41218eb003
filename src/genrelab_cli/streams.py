"""Standard input and output where somebody closed them: `genrelab nightly <&- >&- 2>&-` works, and nobody listens."""

import os
import sys

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


def open_closed() -> None:
    """Lead closed standard streams nowhere; to be called before any file is opened, which would take their numbers."""
    for number, (name, mode) in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(
                os.open(os.devnull, os.O_RDWR), True
            )  # gets the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="backslashreplace"
            )  # an artist's name that the terminal's encoding lacks


def flush(code: int) -> int:
    """Write the rest of the output.

    Args:
        code: Exit code of what was done.

    Returns:
        The exit code, another one where the output cannot be written.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        _lead_nowhere(sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # its reader has seen enough
            print(f"genrelab: the output cannot be written; found: {error.strerror}", file=sys.stderr)
        return code or 1
    return code


def _lead_nowhere(number: int) -> None:
    """Or Python would try once more at its end, and say so."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)
