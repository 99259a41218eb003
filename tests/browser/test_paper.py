"""Paper: every page on A4 in light colours, with its tables, and no chart that is cut."""

import base64
import io

import pytest
from look import CUT_OFF, errors
from selenium import webdriver

from genrelab.report.pages import PAGES

pdfium = pytest.importorskip("pypdfium2", reason="make test installs it")

pytestmark = pytest.mark.browser

A4 = (210 / 25.4, 297 / 25.4)
MARGIN = 15 / 25.4
SLACK = 2 / 25.4
"""Inches that ink may reach into the margin: the ends of lines."""
WHITE = 250
KEEP = f"""
  window.printed = [];
  addEventListener("beforeprint", () => {{
    for (const chart of charts()) {{
      if (chart.closest("[hidden]")) continue;
      const box = chart.querySelector(".drawing");
      window.printed.push({{
        chart: chart.id,
        height: box.offsetHeight,
        texts: [...box.querySelectorAll("svg.main-svg text")].filter((one) => one.getBoundingClientRect().width)
          .map((one) => one.textContent),
      }});
    }}
    window.printedCut = (() => {{ {CUT_OFF} }})();
    window.printedTables = document.querySelectorAll("figure.chart details.numbers:not([open])").length;
  }});"""
"""What is on the page at the moment in which it is printed; the page is laid out for a screen again afterwards."""
FEW = ("classes", "rules", "confusion")


def printed(browser: webdriver.Chrome) -> "pdfium.PdfDocument":
    """The page that is open, printed as the command line of Chromium prints it."""
    browser.execute_script(KEEP)
    sides = {f"margin{side}": 0.4 for side in ("Top", "Bottom", "Left", "Right")}
    made = browser.execute_cdp_cmd(
        "Page.printToPDF",
        {
            "paperWidth": A4[0],
            "paperHeight": A4[1],
            "printBackground": True,
            "preferCSSPageSize": True,
            **sides,
        },
    )
    return pdfium.PdfDocument(io.BytesIO(base64.b64decode(made["data"])))


def plain(text: str) -> str:
    """Text without what a PDF may lose: spaces, hyphens at the ends of lines, and the direction of scripts."""
    return "".join(sign for sign in text if sign.isascii() and not sign.isspace() and sign != "-")


def check(browser: webdriver.Chrome) -> None:
    """All texts of all charts are on the paper, and no ink is beyond its right margin."""
    document = printed(browser)
    texts = plain("".join(page.get_textpage().get_text_range() for page in document))
    charts = browser.execute_script("return window.printed")

    for chart in charts:
        missing = [text for text in chart["texts"] if plain(text) not in texts]
        assert missing == [], chart["chart"]
        assert chart["height"] / 96 <= A4[1] - 2 * MARGIN, chart["chart"]
    assert browser.execute_script("return window.printedCut") == []
    assert browser.execute_script("return window.printedTables") == 0
    for number, page in enumerate(document):
        assert page.get_size() == pytest.approx((A4[0] * 72, A4[1] * 72), abs=1)
        picture = page.render(scale=1).to_numpy()
        edge = int((A4[0] - MARGIN + SLACK) * 72)
        assert picture[:, edge:].min() >= WHITE, f"ink beyond the right margin of page {number + 1}"
    assert errors(browser) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", FEW)
def test_no_chart_is_cut_on_paper(show, site, page, theme):
    """Charts that were never in view are printed too, and dark colours do not reach paper."""
    check(show(site / f"{page}.html", 1440, theme, as_read=True))


@pytest.mark.long
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_chart_of_any_page_is_cut_on_paper(show, site, page):
    """Also from a phone."""
    check(show(site / page.file, 390, as_read=True))


def test_the_heads_of_a_table_are_on_every_page_of_it(show, site):
    """Chromium repeats them, but no button in them, and the heads of a table that can be sorted are buttons."""
    browser = show(site / "columns.html", 1440, as_read=True)
    assert browser.execute_script("return document.querySelectorAll('thead .sort').length") > 1

    _, *further = (page.get_textpage().get_text_range() for page in printed(browser))

    assert len(further) > 2
    assert all("Legal values" in text for text in further[:-1])


def test_after_printing_the_page_is_as_before(show, site):
    """Theme, width and closed tables come back, and a chart out of view waits again."""
    browser = show(site / "classes.html", 1440, "dark", as_read=True)
    state = """return [document.documentElement.dataset.theme ?? "", document.querySelectorAll("details[open]").length,
      document.querySelectorAll("figure.chart[data-drawn]").length,
      document.querySelector(".drawing svg").getBoundingClientRect().width]"""
    before = browser.execute_script(state)
    printed(browser)

    assert browser.execute_script(state) == before
    assert before[2] < len(browser.execute_script("return charts()"))


def test_the_check_sees_a_cut_chart(show, site):
    """Charts as wide as the screen reach beyond the paper."""
    browser = show(site / "rules.html", 1440)
    browser.execute_script("window.layOutForPaper = () => () => {}")

    with pytest.raises(AssertionError):
        check(browser)
