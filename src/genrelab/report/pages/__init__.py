"""Every page of the site, in the order of the navigation.

A page is a module of the package `pages` of its analysis, which names it; it may bring further ones that depend on what
was found (`Page.more`). A page whose module cannot be imported is
replaced by one that says so; all others are written.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module

from genrelab.analyses.broken import fault_of
from genrelab.analyses.registry import GROUPS, page_modules
from genrelab.report.page import Facts, Page


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


def with_more(pages: Sequence[Page], facts: Facts) -> tuple[Page, ...]:
    """Return every page of a site: the pages given, and after each the further ones that the facts ask for.

    Args:
        pages: The pages that every site has.
        facts: What the run found; every key may be absent.
    """
    made: list[Page] = []
    for page in pages:
        try:
            more: Sequence[Page] = page.more(facts) if page.more else ()
        except Exception as error:  # noqa: BLE001 - a failing page must not stop the others
            made.append(without_content(page, f"the page {page.name}: {fault_of(error)}"))
        else:
            made += [page, *more]
    return tuple(made)


def in_order(pages: list[Page]) -> tuple[Page, ...]:
    """Return the pages by group: first the groups of the registry in their order, then all other groups."""
    groups = list(dict.fromkeys((*GROUPS, *(page.group for page in pages))))
    return tuple(sorted(pages, key=lambda page: groups.index(page.group)))


PAGES = in_order(
    [
        *(load(module) for module in page_modules()),
    ]
)
