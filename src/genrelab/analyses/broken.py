"""Describe errors of code that cannot be loaded: file, line and message in one line."""

import traceback
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2]
IMPORTING = ("<frozen importlib", str(Path(__file__).parent / "analysis.py"))
"""Code that only imports other code and is never the cause."""


def fault_of(error: BaseException) -> str:
    """Return the message of an error with file and line, if known.

    Args:
        error: The caught error.
    """
    file, line = "", 0
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno or 0
    else:
        # The first frame is the import itself.
        own = [each for each in traceback.extract_tb(error.__traceback__)[1:] if not _imports(each.filename)]
        if own:
            file, line = own[-1].filename, own[-1].lineno or 0
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    place = Path(file)
    shown = place.relative_to(LIBRARY) if place.is_relative_to(LIBRARY) else place
    return f"{f'{shown}:{line}: ' if file else ''}{type(error).__name__}: {message}"


def _imports(file: str) -> bool:
    return file.startswith(IMPORTING) or file.endswith("importlib/__init__.py")
