"""Every page of the site, in the order of the navigation.

A page of an analysis is named by the analysis; another one is a module here with its `PAGE`, a template of the same
name, and one line below. A page whose module cannot be imported says so in its place, and takes no other page with it.
"""

from importlib import import_module

from genrelab.analyses.registry import page_modules
from genrelab.report.page import GROUPS, Page

OWN = ("rules", "models", "confusion", "predictions")
FIRST = 2
"""Pages of analyses that stand before those: the overview and the genres."""


def load(module: str) -> Page:
    """The page of a module, or one that says why there is none."""
    try:
        found: Page = import_module(module).PAGE
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        name = module.rpartition(".")[2]
        return Page(
            name=name,
            label=name.replace("_", " ").capitalize(),
            title="This page could not be loaded",
            question=f"{module}: {type(error).__name__}: {error}",
            needs=(name,),
            command="make lint",
            fill=lambda _facts: {},
            group=GROUPS[-1],
        )
    return found


_MODULES = page_modules()
_MODULES[FIRST:FIRST] = [f"genrelab.report.pages.{name}" for name in OWN]
_ALL: list[Page] = [load(name) for name in _MODULES]
PAGES: tuple[Page, ...] = tuple(sorted(_ALL, key=lambda page: GROUPS.index(page.group)))
