"""Every page of the site, in the order of the navigation.

A page of an analysis is named by the analysis; another one is a module here with its `PAGE`, a template of the same
name, and one line below.
"""

from importlib import import_module

from genrelab.analyses.registry import page_modules
from genrelab.report.page import GROUPS, Page

OWN = ("overview", "classes", "rules", "models", "confusion", "predictions", "tables", "validation")

_ALL: list[Page] = [
    import_module(name).PAGE for name in (*(f"genrelab.report.pages.{name}" for name in OWN), *page_modules())
]
PAGES: tuple[Page, ...] = tuple(sorted(_ALL, key=lambda page: GROUPS.index(page.group)))
