"""The report in a real browser: from disk, without a network, on a phone and on a desk, light and dark."""

from typing import Any

import pytest
from look import errors, undrawn
from report_facts import made_facts
from run_facts import made_fma, made_table
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from genrelab.analyses.data_quality.result import PublishedTables
from genrelab.report.figure import Chart
from genrelab.report.pages import PAGES, with_more
from genrelab.report.palette import GENRE_COLOURS, THEME
from genrelab.report.site import write_site

pytestmark = pytest.mark.browser

ALL_PAGES = with_more(PAGES, made_facts())
WIDTHS = (390, 1440)
THEMES = ("light", "dark")
BACKGROUND = "return getComputedStyle(document.body).backgroundColor"


def rgb(colour: str) -> str:
    """A hexadecimal colour as the browser reports it."""
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def promised(value: Any) -> list[Chart]:
    """The charts in a page's summary."""
    if isinstance(value, Chart):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [chart for each in value for chart in promised(each)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_page_opens_from_disk_and_draws_its_charts(look, page, width):
    """No console error, no request but for files, every chart drawn, nothing sticks out; on a desk in both themes.

    The themes differ in colours alone, so that one of them is enough on a phone.
    """
    for theme, ground in list(zip(THEMES, THEME["page"], strict=True))[: 2 if width == max(WIDTHS) else 1]:
        seen = look(page.file, width, theme)

        assert seen.errors == []
        assert {address.partition(":")[0] for address in seen.requests} <= {"file", "data"}
        assert seen.undrawn == []
        assert seen.width <= width
        assert seen.too_wide == []
        assert seen.crowded == []
        assert seen.cut_off == []
        assert seen.background == rgb(ground)


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_a_page_shows_the_charts_that_it_promises(look, page):
    """As many as its summary holds, each under an address of its own; a page that loads Plotly has at least one."""
    summary = page.summarise(made_facts())
    assert summary["has_run"], f"made_facts() has nothing for the page {page.name}"
    found = look(page.file).charts

    assert sorted(found) == sorted(chart.name for chart in promised(summary))
    assert len(set(found)) == len(found)
    assert bool(found) == page.has_charts


def test_a_bin_has_one_colour_on_every_page(look):
    """Beside every mark stands a name, and the twelve bins wear the palette's colours wherever they occur."""
    for place, theme in enumerate(THEMES):
        for page in ALL_PAGES:
            for name, colour in look(page.file, theme=theme).swatches:
                assert name, page.name
                if name in GENRE_COLOURS:
                    assert colour == rgb(GENRE_COLOURS[name][place]), (page.name, name)


def test_text_from_the_data_runs_no_script(look):
    """Track names and messages full of markup open no dialogue and add no element."""
    for page in ALL_PAGES:
        seen = look(page.file)
        assert seen.elements_of_text == 0, page.name
        assert seen.errors == []


def test_the_picker_shows_another_matrix(show, site):
    """Title, caption, drawing and numbers follow the choice; what does not exist cannot be chosen."""
    browser = show(site / "models-bins.html")
    chart = browser.find_element(By.CSS_SELECTOR, "#confusion-bins")
    model, split = (Select(found) for found in chart.find_elements(By.TAG_NAME, "select"))

    def state() -> tuple[str, ...]:
        numbers = chart.find_element(By.TAG_NAME, "tbody").get_attribute("textContent")
        drawn = chart.find_element(By.CSS_SELECTOR, ".drawing").get_attribute("textContent")
        return chart.find_element(By.CLASS_NAME, "reads").text, numbers, drawn

    before = state()
    split.select_by_visible_text("Published split")
    on_published = state()
    model.select_by_visible_text("XGBoost (duplicates removed)")
    WebDriverWait(browser, 5).until(lambda _: chart.get_attribute("data-drawn") == "xgboost/removed|grouped")
    after = state()

    assert all(old != new for old, new in zip(before, on_published, strict=True))
    assert all(old != new for old, new in zip(on_published, after, strict=True))
    assert split.first_selected_option.text == "New artists"
    assert [option.text for option in split.options if not option.is_enabled()] == ["Published split"]
    assert errors(browser) == []


def test_the_picker_works_by_keyboard(show, site):
    """A choice needs no mouse."""
    browser = show(site / "models-bins.html")
    chart = browser.find_element(By.CSS_SELECTOR, "#leaders-bins")
    title = chart.find_element(By.TAG_NAME, "h3")
    before = title.text
    chart.find_element(By.TAG_NAME, "select").send_keys(Keys.ARROW_DOWN)

    WebDriverWait(browser, 5).until(lambda _: title.text != before)
    assert chart.get_attribute("data-drawn") == "macro_f1|grouped"


def test_the_theme_can_be_switched_and_is_remembered(show, site, browser):
    """The toggle turns page and charts, says what it does, and holds on the next page."""
    show(site / "classes.html")
    button = browser.find_element(By.CSS_SELECTOR, "button.theme")
    bar = "return getComputedStyle(document.querySelector('#balance .bars .point path')).fill"
    assert browser.execute_script(bar) == rgb(GENRE_COLOURS["pop"][0])

    button.send_keys(Keys.ENTER)
    WebDriverWait(browser, 5).until(lambda _: browser.execute_script(bar) == rgb(GENRE_COLOURS["pop"][1]))
    assert browser.execute_script(BACKGROUND) == rgb(THEME["page"][1])
    assert button.get_attribute("aria-label") == "Switch to the light theme"
    browser.get((site / "tables.html").as_uri())
    assert browser.execute_script(BACKGROUND) == rgb(THEME["page"][1])
    browser.execute_script("localStorage.clear()")


def test_every_page_can_be_read_without_scripts(site, browser):
    """Numbers stay below every title."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((site / "classes.html").as_uri())
        figure = browser.find_element(By.CSS_SELECTOR, "figure#balance")
        figure.find_element(By.TAG_NAME, "summary").click()
        assert "12,197" in figure.find_element(By.TAG_NAME, "table").text
        assert not figure.find_element(By.CLASS_NAME, "drawing").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_everything_that_acts_is_reached_by_the_tab_key(show, site, browser):
    """Skip link first, then navigation, the toggle, pickers and wide tables."""
    show(site / "confusion.html")
    reached = []
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        active = browser.switch_to.active_element
        reached.append(active.get_attribute("class") or active.tag_name)

    assert reached[0] == "skip"
    assert {"brand", "theme", "select", "summary"} <= set(reached)


def test_a_narrow_window_redraws_the_charts(show, site, browser):
    """Turning the phone changes the drawing, not only its size."""
    show(site / "confusion.html", 1440)
    heads = "return document.querySelector('#confusion .xaxislayer-above text').getAttribute('transform')"
    wide = browser.execute_script(heads)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True},
    )

    WebDriverWait(browser, 5).until(lambda _: browser.execute_script(heads) != wide)
    assert "rotate(-90" in browser.execute_script(heads)
    assert "rotate(-90" not in wide
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


FEW = {"ingest_fma": made_fma(), "tables": PublishedTables((made_table("fma_tracks", 3, sample=True),))}


@pytest.mark.parametrize("facts", [{}, FEW], ids=["empty", "fma"])
def test_a_run_with_little_in_it_still_opens(show, tmp_path, facts):
    """Pages without facts are there, and the sample banner with them."""
    folder = write_site(facts, tmp_path / "run").parent
    for page in PAGES:
        browser = show(folder / page.file, 390)
        assert errors(browser) == []
        assert undrawn(browser) == []
        assert bool(browser.find_elements(By.CLASS_NAME, "banner")) is bool(facts)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which model is best, and is its lead real?", "is the lead real?"),
        ("Which genre is recognised worst, and as what?", "is recognised worst"),
    ],
)
def test_what_a_newcomer_asks_of_models_is_answered_within_a_click_and_a_scroll(show, site, question, answer):
    """From the overview, by the link that asks it; the answer is on the first two screens."""
    browser = show(site / "index.html")
    browser.find_element(By.LINK_TEXT, question).click()
    tops = browser.execute_script(
        """return [...document.querySelectorAll("main h2, main h3, main .finding")]
             .filter((box) => box.textContent.includes(arguments[0]))
             .map((box) => box.getBoundingClientRect().top)""",
        answer,
    )

    assert tops
    assert min(tops) < 2 * 900
