"""The report in a real browser: from disk, without a network, on a phone and on a desk, light and dark."""

import json
from typing import Any

import pytest
from report_facts import made_facts
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from genrelab.report import write_site
from genrelab.report.figure import Chart
from genrelab.report.pages import PAGES
from genrelab.report.palette import GENRE_COLOURS, THEME

pytestmark = pytest.mark.browser

WIDTHS = (390, 1440)
THEMES = ("light", "dark")
TOUCHING = 4
"""CSS pixels by which the boxes of two labels may overlap: letters do not fill their boxes."""
BACKGROUND = "return getComputedStyle(document.body).backgroundColor"


def rgb(colour: str) -> str:
    """A hexadecimal colour as the browser reports it."""
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def errors(browser) -> list[str]:
    """What the console complained about."""
    return [
        entry["message"] for entry in browser.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}
    ]


def requests(browser) -> list[str]:
    """Addresses that the page asked for."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def undrawn(browser) -> list[str]:
    """Charts without a visible drawing."""
    return browser.execute_script(
        """return [...document.querySelectorAll("figure.chart")].filter((chart) => {
             const drawing = chart.querySelector(".drawing svg.main-svg, .drawing canvas");
             return !drawing || drawing.getBoundingClientRect().height < 50;
           }).map((chart) => chart.id)"""
    )


def too_wide(browser) -> list[str]:
    """Elements that stick out of the page, wide tables aside."""
    return browser.execute_script(
        """const width = document.documentElement.clientWidth;
           return [...document.querySelectorAll("main *, header *, footer *")]
             .filter((box) => !box.closest(".wide, .drawing, .skip"))
             .filter((box) => box.getBoundingClientRect().right > width + 1)
             .map((box) => box.tagName + "." + box.className)"""
    )


def crowded(browser) -> list[str]:
    """Labels of an axis that stand in each other's way."""
    return browser.execute_script(
        """const found = [];
           for (const layer of document.querySelectorAll(".drawing .xaxislayer-above, .drawing .yaxislayer-above")) {
             const boxes = [...layer.querySelectorAll(":scope > g > text")]
               .map((text) => [text.getBoundingClientRect(), text.textContent])
               .filter(([box]) => box.width && box.height);
             for (const [place, [one, name]] of boxes.entries())
               for (const [other, next] of boxes.slice(place + 1))
                 if (Math.min(one.right, other.right) - Math.max(one.left, other.left) > arguments[0] &&
                     Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > arguments[0])
                   found.push(`${layer.closest("figure").id}: ${name} / ${next}`);
           }
           return found""",
        TOUCHING,
    )


def cut_off(browser) -> list[str]:
    """Texts of a drawing that reach beyond it."""
    return browser.execute_script(
        """return [...document.querySelectorAll("figure.chart .drawing")].flatMap((drawing) => {
             const frame = drawing.getBoundingClientRect();
             return [...drawing.querySelectorAll("svg.main-svg text")]
               .filter((text) => text.textContent.trim() && !text.closest(".hoverlayer"))
               .map((text) => [text.getBoundingClientRect(), text.textContent])
               .filter(([box]) => box.width && (box.left < frame.left - 2 || box.right > frame.right + 2 ||
                                                box.top < frame.top - 2 || box.bottom > frame.bottom + 2))
               .map(([, text]) => `${drawing.closest("figure").id}: ${text}`);
           })"""
    )


def swatches(browser) -> list[tuple[str, str]]:
    """The name beside every coloured mark in a table, and its colour."""
    return browser.execute_script(
        """return [...document.querySelectorAll("main .swatch")].map((mark) =>
             [(mark.nextElementSibling?.textContent || "").trim(), getComputedStyle(mark).backgroundColor])"""
    )


def promised(value: Any) -> list[Chart]:
    """The charts in a page's summary."""
    if isinstance(value, Chart):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [chart for each in value for chart in promised(each)] if isinstance(value, list | tuple) else []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_opens_from_disk_and_draws_its_charts(show, site, page, width):
    """No console error, no request but for files, every chart drawn, nothing sticks out, in both themes."""
    for theme, ground in zip(THEMES, THEME["page"], strict=True):
        browser = show(site / page.file, width, theme)

        assert errors(browser) == []
        assert {address.partition(":")[0] for address in requests(browser)} <= {"file", "data"}
        assert undrawn(browser) == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert too_wide(browser) == []
        assert crowded(browser) == []
        assert cut_off(browser) == []
        assert browser.execute_script(BACKGROUND) == rgb(ground)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_the_charts_that_it_promises(show, site, page):
    """As many as its summary holds, each under an address of its own; a page that loads Plotly has at least one."""
    assert page.summarise(made_facts())["has_run"], f"made_facts() has nothing for the page {page.name}"
    found = [
        chart.get_attribute("id")
        for chart in show(site / page.file).find_elements(By.CSS_SELECTOR, "figure.chart")
    ]

    assert sorted(found) == sorted(chart.name for chart in promised(page.summarise(made_facts())))
    assert len(set(found)) == len(found)
    assert bool(found) == page.has_charts


def test_a_bin_has_one_colour_on_every_page(show, site):
    """Beside every mark stands a name, and the twelve bins wear the palette's colours wherever they occur."""
    for place, theme in enumerate(THEMES):
        for page in PAGES:
            for name, colour in swatches(show(site / page.file, theme=theme)):
                assert name, page.name
                if name in GENRE_COLOURS:
                    assert colour == rgb(GENRE_COLOURS[name][place]), (page.name, name)


def test_the_picker_shows_another_matrix(show, site):
    """Title, caption, drawing and numbers follow the choice; what does not exist cannot be chosen."""
    browser = show(site / "confusion.html")
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
    WebDriverWait(browser, 5).until(lambda _: chart.get_attribute("data-drawn") == "5|grouped")
    after = state()

    assert all(old != new for old, new in zip(before, on_published, strict=True))
    assert all(old != new for old, new in zip(on_published, after, strict=True))
    assert split.first_selected_option.text == "New artists"
    assert [option.text for option in split.options if not option.is_enabled()] == ["Published split"]
    assert errors(browser) == []


def test_the_picker_works_by_keyboard(show, site):
    """A choice needs no mouse."""
    browser = show(site / "models.html")
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


def test_text_from_the_data_runs_no_script(show, site):
    """Track names and messages full of markup open no dialogue and add no element."""
    for page in PAGES:
        browser = show(site / page.file)
        assert (
            browser.execute_script(
                "return document.querySelectorAll('img, b > b, main script:not([type])').length"
            )
            == 0
        )
        assert errors(browser) == []


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
    cells = "return document.querySelector('#confusion-bins .textpoint').textContent.trim()"
    wide = browser.execute_script(cells)
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 900, "deviceScaleFactor": 1, "mobile": True},
    )

    WebDriverWait(browser, 5).until(lambda _: browser.execute_script(cells) != wide)
    assert wide.startswith(browser.execute_script(cells))
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("facts", [{}, {"is_sample": True, "fma": made_facts()["fma"]}], ids=["empty", "fma"])
def test_a_run_with_little_in_it_still_opens(show, tmp_path, facts):
    """Pages without facts are there, and the sample banner with them."""
    folder = write_site(facts, tmp_path / "run").parent
    for page in PAGES:
        browser = show(folder / page.file, 390)
        assert errors(browser) == []
        assert undrawn(browser) == []
        assert bool(browser.find_elements(By.CLASS_NAME, "banner")) is bool(facts)
