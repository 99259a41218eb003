"""Every page of the site, in the order of the navigation.

A page is a module of the package `pages` of its analysis, which names it. A page whose module cannot be imported is
replaced by one that says so; all others are written.
"""

from dataclasses import replace
from importlib import import_module

from genrelab.analyses.broken import fault_of
from genrelab.analyses.registry import GROUPS, page_modules
from genrelab.report.page import Page


def load(module: str) -> Page:
    """Return the page of a module, or a page that shows why it could not be loaded."""
    try:
        found: Page = import_module(module).PAGE
    except Exception as error:  # noqa: BLE001 - any error of the module
        name = module.rpartition(".")[2]
        label = name.replace("_", " ").capitalize()
        blank = Page(name, label, "", "", (), "", dict, group=GROUPS[-1])
        return without_content(blank, f"{module}: {fault_of(error)}")
    return found


def without_content(page: Page, fault: str) -> Page:
    """Return the page that replaces one whose code fails.

    Args:
        page: The page.
        fault: The failing code, its place and the error.
    """
    return replace(
        page,
        title="This page could not be loaded",
        question=fault,
        has_charts=False,
        fault=fault,
    )


def in_order(pages: list[Page]) -> tuple[Page, ...]:
    """Return the pages by group: first the groups of the registry in their order, then all other groups."""
    groups = list(dict.fromkeys((*GROUPS, *(page.group for page in pages))))
    return tuple(sorted(pages, key=lambda page: groups.index(page.group)))


PAGES = in_order(
    [
        *(load(module) for module in page_modules()),
    ]
)
