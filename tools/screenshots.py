"""Take pictures of the report's pages for the documentation, and write their tour, docs/report.md.

Run: python tools/screenshots.py REPORT [PAGE ...]

REPORT is the folder of a report, as `data/reports/latest`; without PAGE every page is taken. Needs Chromium and its
driver, as the browser tests do (GENRELAB_CHROMIUM and GENRELAB_CHROMEDRIVER can name them), and no network.
"""

import argparse
import base64
import io
import os
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from genrelab.report.page import Page
from genrelab.report.pages import PAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"
NAMES = {"index": "report"}
"""Pages whose picture has another name than they have."""
WIDTH, HEIGHT = 1200, 1500
SHORTER = {"validation": 1150, "drift": 720, "tables": 1120}
"""Where a picture ends before the folders that the sources lie in."""
LARGEST = 300_000
COLOURS = (128, 64, 32, 16)
"""Numbers of colours to try until a picture is small enough."""
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")
ANSWERS = {
    "failed": "Every failure with its full reason, what to do, since when it fails, the last good version in use, and "
    "the pages that depend on it; what was left out because its input is missing; and when each step was last done.",
    "changed": "Pick any two runs: tables and their rows, rules, champions and scores, failures, and the tracks whose "
    "predicted genre changed, with title and artist. The two runs stay in the address "
    "(`changed.html?from=000012&to=000015`).",
    "trends": "Rows of each table, coverage of each rule set, scores of the champions with intervals, drift, the "
    "duration of runs and steps, and failures, over all runs kept.",
    "columns": "The data dictionary of the tables in use: every column with its meaning, type, unit, legal values, the "
    "share that is missing, its checks and its source, in one table to filter. The glossary, the search and the page "
    "Tables lead to a column (`columns.html#spotify-binned.tempo`).",
}
"""What a page answers, by its name, where the tour says more than the page; such a page needs no picture."""
MORE = {
    "index": """
How many tracks of which source are in use stands below the numbers. On top of every page a band shows the newest run:
when it began and ended, what failed and which last good version is in use, what is sample data, and what changed
since the run before. Pages that depend on a failed step say so.
""",
    "models": """
A page for each task (`models-<task>.html`), the rule set that decides first, answers:

- Which model is in use, since when, and what decided that? Where is it not first, by log loss, accuracy or macro F1?
- What does it cost in accuracy to be fair to rare genres?
- Which other models may be as good? Chart and table rest on one test: paired, over artists on the same tracks.
- Which genre is recognised worst, and as what? Matrices begin with the genre of most tracks.
- How far is the stated confidence off, for how many tracks, and where most?
- What does a score rest on: features, training tracks, splits, duplicates, published results?
""",
}
"""What follows the picture of a page, by its name."""
INTRODUCTION = """# A tour of the report

`genrelab nightly` ends with a link to the report: a folder of pages that opens from disk, without a network connection,
in a light and a dark theme, on large and small screens. Charts are interactive, menus change what they show, and below
each chart is a table of its numbers. The pictures show the top of each page, from a run on real data with the
budget `nightly`; `python tools/screenshots.py data/reports/latest` updates them.

On every page:

- **Find**: the search box (or the key `/`) finds pages, charts, genres, micro-genres, models, artists and tracks by
  the beginnings of their words. Tracks open on Spotify or the Free Music Archive. Of a table with more than 200,000
  tracks the most popular 200,000 are found, and the search says so. "On this page" lists what the open page holds.
- **Pick**: "Task / rule set" in the header holds for all pages. It begins with the rule set that decides and stays
  in the address (`?task=`). A page shows the part of that task, menus of charts follow it; "All tasks" shows
  everything.
- **Share**: every chart, every picked view and every section has an address. "Link to this chart" is that of a
  chart.
- **Tables** are sorted by a click on a heading (or Enter), filtered from eight rows on, and downloaded as CSV as
  they are shown: numbers without separators, the unit in the heading, and an apostrophe before text that a
  spreadsheet would run as a formula. Charts are downloaded as SVG and PNG.
- **Follow**: models link to their run in MLflow, the run to Prefect, tables to their version, the footer to earlier
  reports. Links lead where `genrelab ui` started the servers last, or to `[links]` in `genrelab.toml`.
- **Paper**: printed from a browser, a page is on A4 in light colours, with its tables open and each chart on a page
  with its numbers. `genrelab report --pdf` prints all of them with Chromium.
- **Programs** read `facts.json`: the results of every analysis, by the name of its step ([analyses](analyses.md)),
  as the report shows them.
"""


def main() -> None:
    """Take the pictures and write the tour."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("report", type=Path)
    parser.add_argument("pages", nargs="*", choices=[[], *(page.name for page in PAGES)])
    given = parser.parse_args()
    wanted = [page for page in PAGES if not given.pages or page.name in given.pages]
    with tempfile.TemporaryDirectory() as profile:
        browser = _browser(profile)
        try:
            for page in wanted:
                picture = _take(browser, given.report.resolve() / page.file)
                _path(page).write_bytes(picture)
                print(f"{_path(page).relative_to(DOCS)}: {len(picture):,} bytes")
        finally:
            browser.quit()
    (DOCS / "report.md").write_text(tour(), encoding="utf-8")


def tour() -> str:
    """Every page with what it answers and its picture."""
    parts = [_part(page) for page in PAGES if page.name in ANSWERS or _path(page).is_file()]
    return "\n".join([INTRODUCTION, *parts])


def _part(page: Page) -> str:
    answers = f"**{page.title}** {ANSWERS.get(page.name, page.question)}".strip()
    picture = f"\n![{page.label}](images/{_path(page).name})\n" if _path(page).is_file() else ""
    return f"## {page.label}\n\n{answers}\n{picture}{MORE.get(page.name, '')}"


def _path(page: Page) -> Path:
    return DOCS / "images" / f"{NAMES.get(page.name, page.name)}.png"


def _browser(profile: str) -> webdriver.Chrome:
    options = Options()
    options.binary_location = os.environ.get("GENRELAB_CHROMIUM") or shutil.which("chromium") or ""
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = os.environ.get("GENRELAB_CHROMEDRIVER") or shutil.which("chromedriver")
    browser = webdriver.Chrome(options=options, service=Service(driver))
    size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    theme = {"features": [{"name": "prefers-color-scheme", "value": "light"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", theme)
    return browser


def _take(browser: webdriver.Chrome, file: Path) -> bytes:
    """The head of a page as PNG, at most `LARGEST` bytes."""
    browser.get(file.as_uri())
    WebDriverWait(browser, 30, poll_frequency=0.05).until(
        lambda page: page.execute_script("return document.documentElement.dataset.drawn")
    )
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
    image = Image.open(io.BytesIO(base64.b64decode(shot))).convert("RGB")
    image = image.crop((0, 0, WIDTH, SHORTER.get(file.stem, HEIGHT)))
    for colours in COLOURS:
        made = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= LARGEST:
            return made.getvalue()
    raise SystemExit(f"{file.name}: {made.tell():,} bytes with {COLOURS[-1]} colours; allowed: {LARGEST:,}")


if __name__ == "__main__":
    main()
