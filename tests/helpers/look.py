"""What can be seen of a page of the report, asked of the browser once."""

import json
from dataclasses import dataclass

from selenium import webdriver

TOUCHING = 4
"""CSS pixels by which the boxes of two labels may overlap: letters do not fill their boxes."""


@dataclass(frozen=True)
class Look:
    """What is seen of a page at one width and in one theme.

    Args:
        errors: What the console complained about.
        requests: Addresses that the page asked for.
        undrawn: Charts without a visible drawing.
        width: Of all that is on it, in CSS pixels.
        too_wide: Elements that stick out of the page.
        crowded: Labels of an axis that stand in each other's way.
        cut_off: Texts of a drawing that reach beyond it.
        background: Colour of the page.
        swatches: Coloured marks: the name beside each, and its colour.
        charts: Addresses of the charts within the page.
        elements_of_text: Elements that only a text from the data can have added.
    """

    errors: list[str]
    requests: list[str]
    undrawn: list[str]
    width: int
    too_wide: list[str]
    crowded: list[str]
    cut_off: list[str]
    background: str
    swatches: list[tuple[str, str]]
    charts: list[str]
    elements_of_text: int

    @classmethod
    def at(cls, browser: webdriver.Chrome) -> "Look":
        """Look at the page that is open."""
        return cls(
            errors=errors(browser),
            requests=requests(browser),
            undrawn=undrawn(browser),
            width=browser.execute_script("return document.documentElement.scrollWidth"),
            too_wide=too_wide(browser),
            crowded=crowded(browser),
            cut_off=cut_off(browser),
            background=browser.execute_script("return getComputedStyle(document.body).backgroundColor"),
            swatches=swatches(browser),
            charts=browser.execute_script(
                "return [...document.querySelectorAll('figure.chart')].map((chart) => chart.id)"
            ),
            elements_of_text=browser.execute_script(
                "return document.querySelectorAll('img, b > b, main script:not([type])').length"
            ),
        )


def errors(browser: webdriver.Chrome) -> list[str]:
    """What the console complained about."""
    return [
        entry["message"] for entry in browser.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}
    ]


def requests(browser: webdriver.Chrome) -> list[str]:
    """Addresses that the page asked for."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def undrawn(browser: webdriver.Chrome) -> list[str]:
    """Charts without a visible drawing."""
    return browser.execute_script(
        """return [...document.querySelectorAll("figure.chart")].filter((chart) => {
             const drawing = chart.querySelector(".drawing svg.main-svg, .drawing canvas");
             return !drawing || drawing.getBoundingClientRect().height < 50;
           }).map((chart) => chart.id)"""
    )


def too_wide(browser: webdriver.Chrome) -> list[str]:
    """Elements that stick out of the page, wide tables aside."""
    return browser.execute_script(
        """const width = document.documentElement.clientWidth;
           return [...document.querySelectorAll("main *, header *, footer *")]
             .filter((box) => !box.closest(".wide, .drawing, .skip"))
             .filter((box) => box.getBoundingClientRect().right > width + 1)
             .map((box) => box.tagName + "." + box.className)"""
    )


def crowded(browser: webdriver.Chrome) -> list[str]:
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


CUT_OFF = """return [...document.querySelectorAll("figure.chart .drawing")].flatMap((drawing) => {
             const frame = drawing.getBoundingClientRect();
             return [...drawing.querySelectorAll("svg.main-svg text")]
               .filter((text) => text.textContent.trim() && !text.closest(".hoverlayer"))
               .map((text) => [text.getBoundingClientRect(), text.textContent])
               .filter(([box]) => box.width && (box.left < frame.left - 2 || box.right > frame.right + 2 ||
                                                box.top < frame.top - 2 || box.bottom > frame.bottom + 2))
               .map(([, text]) => `${drawing.closest("figure").id}: ${text}`);
           })"""
"""Finds the texts of a drawing that reach beyond it."""


def cut_off(browser: webdriver.Chrome) -> list[str]:
    """Texts of a drawing that reach beyond it."""
    return browser.execute_script(CUT_OFF)


def swatches(browser: webdriver.Chrome) -> list[tuple[str, str]]:
    """The name beside every coloured mark in a table, and its colour."""
    return browser.execute_script(
        """return [...document.querySelectorAll("main .swatch")].map((mark) =>
             [(mark.nextElementSibling?.textContent || "").trim(), getComputedStyle(mark).backgroundColor])"""
    )
