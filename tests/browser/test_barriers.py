"""Barriers for readers who use the keyboard or a screen reader, as axe-core finds them."""

from pathlib import Path

import pytest
from selenium import webdriver

from genrelab.report.pages import PAGES

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text("utf-8")
SERIOUS = {"serious", "critical"}
FEW = ("index", "rules", "tables")
"""Pages of each kind: figures, charts with pickers, tables."""
WIDTHS = (390, 1440)
SLOWEST = 120
"""Seconds for the check of a page; 2,000 rows of a table take 10 s where nothing else runs."""


def barriers(browser: webdriver.Chrome) -> list[str]:
    """Serious violations on the page that is open, each with its first element."""
    browser.set_script_timeout(SLOWEST)
    browser.execute_script(AXE)
    # its own preloading would fetch the style sheets again, which the policy of the pages forbids
    found = browser.execute_script("return axe.run(document, {preload: false, resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})"
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", FEW)
def test_three_pages_have_no_serious_barrier(show, site, page, theme):
    """In both themes, on a desk."""
    assert barriers(show(site / f"{page}.html", 1440, theme)) == []


def test_the_check_finds_a_barrier(show, site):
    """A button without a name is one."""
    browser = show(site / "tables.html")
    browser.execute_script("document.querySelector('main').append(document.createElement('button'))")

    assert any(one.startswith("button-name") for one in barriers(browser))


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_has_a_serious_barrier(show, site, page, width):
    """On a phone and on a desk, in both themes."""
    for theme in ("light", "dark"):
        assert barriers(show(site / page.file, width, theme)) == [], theme
