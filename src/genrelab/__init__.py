"""What is true: the library. Frames and values in, frames and values out.

It knows no Prefect, no MLflow and no Great Expectations: orchestration lives in `flows` and `tasks`, checks in
`expectations`.

A program or a notebook writes `import genrelab as gl` and uses what `__all__` lists; docs/python.md shows each. They
are loaded on first use, so that `import genrelab` imports nothing else.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genrelab.notebook.champions import champion, champions
    from genrelab.notebook.fma import fma
    from genrelab.notebook.genre_rules import rules
    from genrelab.notebook.lake_tables import table, tables
    from genrelab.notebook.places import SampleDataWarning, home
    from genrelab.notebook.sql import sql
    from genrelab.runtime.errors import GenrelabError

__version__ = "0.1.0"
__all__ = [
    "GenrelabError",
    "SampleDataWarning",
    "__version__",
    "champion",
    "champions",
    "fma",
    "home",
    "rules",
    "sql",
    "table",
    "tables",
]

_MODULES = {
    "GenrelabError": "genrelab.runtime.errors",
    "SampleDataWarning": "genrelab.notebook.places",
    "champion": "genrelab.notebook.champions",
    "champions": "genrelab.notebook.champions",
    "fma": "genrelab.notebook.fma",
    "home": "genrelab.notebook.places",
    "rules": "genrelab.notebook.genre_rules",
    "sql": "genrelab.notebook.sql",
    "table": "genrelab.notebook.lake_tables",
    "tables": "genrelab.notebook.lake_tables",
}
"""Where each public name is defined."""


if not TYPE_CHECKING:  # a checker knows the names from the imports above

    def __getattr__(name: str) -> object:
        """Load a public name on first use (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - only a first use needs it

        return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
