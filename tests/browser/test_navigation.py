"""The navigation of the report: groups in two lines that stay, on a phone a sheet with a search box."""

from dataclasses import replace

import pytest
from look import errors, too_wide
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from genrelab.report import site as site_module
from genrelab.report.pages import PAGES, in_order
from genrelab.report.site import summarise_site, write_site

pytestmark = pytest.mark.browser

LATER = {
    "Genres": ("Moves", "Your rule set"),
    "Models": ("Calibration", "Every score", "Second opinions"),
    "Data": ("Lineage",),
}
"""Pages that may come later, so that the navigation is seen with more than thirty."""
DATA = (
    "What is missing",
    "The archive",
    "Places",
    "Popularity",
    "Tables",
    "Columns",
    "Validation",
    "Glossary",
    "Drift",
)
VISIBLE = """return [...document.querySelectorAll(arguments[0])]
               .filter((box) => box.offsetParent).map((box) => box.textContent)"""


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A site of all pages and those of `LATER`."""
    more = [
        replace(PAGES[0], name=label.lower().replace(" ", "_"), label=label, group=group, needs=("nothing",))
        for group, labels in LATER.items()
        for label in labels
    ]
    pages = in_order([*PAGES, *more])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_module, "PAGES", pages)
        patch.setattr(site_module, "summarise_site", lambda facts, _: summarise_site(facts, pages))
        return write_site({}, tmp_path_factory.mktemp("many") / "run").parent


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1200])
def test_more_than_thirty_pages_fit_in_the_navigation(show, many, width, theme):
    """Nothing sticks out, and of a desk's screen it takes two lines."""
    browser = show(many / "classes.html", width, theme)

    assert len(list(many.glob("*.html"))) > 30
    assert too_wide(browser) == []
    assert errors(browser) == []
    assert browser.execute_script("return document.querySelector('.top').offsetHeight") <= (
        100 if width > 1000 else 140
    )


def test_the_second_line_shows_the_pages_of_the_open_group(show, many):
    """A group that only a page names comes last; links say where the reader is."""
    browser = show(many / "drift.html", 1280)
    groups = browser.execute_script(VISIBLE, ".groups a")
    pages = browser.execute_script(VISIBLE, ".top > .pages a")
    current = browser.find_elements(By.CSS_SELECTOR, ".top > nav [aria-current]")

    assert groups == ["This run", "Genres", "Sound", "Models", "Without labels", "Data", "Your music"]
    assert pages == [*DATA, *LATER["Data"]]
    assert [(one.text, one.get_attribute("aria-current")) for one in current] == [
        ("Data", "true"),
        ("Drift", "page"),
    ]


def test_a_group_opens_with_its_first_page_without_a_script(many, browser):
    """Each group and each page is a link, on a phone within the sheet."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((many / "index.html").as_uri())
        browser.find_element(By.LINK_TEXT, "Sound").click()
        assert browser.current_url.endswith("/features.html")
        browser.find_element(By.CSS_SELECTOR, ".top > .pages").find_element(By.LINK_TEXT, "Outliers").click()
        assert browser.current_url.endswith("/outliers.html")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_navigation_stays_while_the_page_is_scrolled(show, site):
    """And covers no heading that a link within the page leads to."""
    browser = show(site / "models-bins.html", 1280)
    browser.execute_script("document.querySelector('main a[href^=\"#\"]').click()")
    place = "return document.querySelector(arguments[0]).getBoundingClientRect().top"
    anchor = (
        browser.find_element(By.CSS_SELECTOR, "main a[href^='#']").get_attribute("href").partition("#")[2]
    )

    assert browser.execute_script("return scrollY") > 0
    assert browser.execute_script(place, ".top") == 0
    assert browser.execute_script(place, f"#{anchor}") >= browser.execute_script(
        "return document.querySelector('.top').offsetHeight"
    )


def test_on_a_phone_a_page_is_found_by_its_name_or_its_group(show, many):
    """The sheet holds the search and every page; Escape closes it, and the focus returns."""
    browser = show(many / "classes.html", 390)
    summary = browser.find_element(By.CSS_SELECTOR, ".menu summary")
    assert browser.execute_script(VISIBLE, ".groups a") == []
    summary.send_keys(Keys.ENTER)
    every = browser.execute_script(VISIBLE, ".sheet nav li")
    field = browser.find_element(By.CSS_SELECTOR, ".sheet input")

    field.send_keys("LABEL")
    WebDriverWait(browser, 10).until(lambda _: browser.execute_script(VISIBLE, ".results a"))
    by_name = browser.execute_script(VISIBLE, ".results a")
    field.send_keys("zzz")
    status = browser.find_element(By.CSS_SELECTOR, ".sheet [role=status]")

    assert len(every) == len(list(many.glob("*.html")))
    assert "Doubtful labels" in by_name
    assert browser.execute_script(VISIBLE, ".results a") == []
    assert status.text == "Nothing begins with these words."
    field.send_keys(Keys.ESCAPE, Keys.ESCAPE)
    assert not field.is_displayed()
    assert browser.switch_to.active_element == summary


def test_the_tab_key_goes_through_groups_pages_and_the_toggle(show, site):
    """In the order in which they are seen: search, task and toggle end the first line."""
    browser = show(site / "drift.html", 1280, query="")
    reached = []
    for _ in range(25):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        reached.append(active.get_attribute("type") or active.text)

    groups = ("This run", "Genres", "Sound", "Models", "Without labels", "Data", "Your music")
    band = ("What failed", "What changed", "Trends")
    assert reached[1:24] == [*band, "genrelab", *groups, "search", "select-one", "button", *DATA]
