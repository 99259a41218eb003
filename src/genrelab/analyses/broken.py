"""What is wrong with code that cannot be loaded, and where: file, line and message, in one line."""

import traceback
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2]
IMPORTING = ("<frozen importlib", str(Path(__file__).parent / "analysis.py"))
"""Code that imports other code, and is never what is wrong."""


def fault_of(error: BaseException) -> str:
    """What code raised, after the file and line where that is known.

    Args:
        error: What it raised, where it was caught.
    """
    file, line = "", 0
    if isinstance(error, SyntaxError) and error.filename:
        file, line = error.filename, error.lineno or 0
    else:
        # The first frame is where the code was asked for.
        own = [each for each in traceback.extract_tb(error.__traceback__)[1:] if not _imports(each.filename)]
        if own:
            file, line = own[-1].filename, own[-1].lineno or 0
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    place = Path(file)
    shown = place.relative_to(LIBRARY) if place.is_relative_to(LIBRARY) else place
    return f"{f'{shown}:{line}: ' if file else ''}{type(error).__name__}: {message}"


def _imports(file: str) -> bool:
    return file.startswith(IMPORTING) or file.endswith("importlib/__init__.py")
