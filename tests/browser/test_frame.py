"""What all pages share: charts in view, addresses, the task of the header, tables, pictures, search."""

import csv
import io
from pathlib import Path

import pytest
from look import errors, too_wide
from report_facts import made_facts
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from genrelab.report import site as site_module
from genrelab.report.figure import Cell, View, single, table, text_column
from genrelab.report.page import Page
from genrelab.report.search_index import Names
from genrelab.report.servers import run_link, write_servers
from genrelab.report.site import write_site
from genrelab.report.task_picker import pickable_tasks
from genrelab.report.wording import DASH, MINUS, THIN

pytestmark = pytest.mark.browser

AWKWARD = (
    '</script><script>alert("x")</script>',
    "<b>bold</b> & 'quoted' \"twice\"",
    "🎸 emoji 🎷",
    "شعبي مصري",
    "x" * 300,
    '=HYPERLINK("http://evil.example")',
)
PARTS = "main > section[data-task]"
DRAWN = "return [...document.querySelectorAll('figure.chart[data-drawn]')].map((chart) => chart.id)"


def wait(browser: webdriver.Chrome, condition) -> object:
    return WebDriverWait(browser, 20, poll_frequency=0.05).until(lambda _: condition())


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose genres, artists and tracks have awkward names, on a page of its own."""
    grid = table(
        (text_column("Genre"), "Tracks", "Share", text_column("Remark")),
        [
            (
                Cell(name, link="index.html"),
                f"{1000 * place:,}",
                f"{MINUS}{place}.5{THIN}%",
                Cell(name, "below"),
            )
            for place, name in enumerate(AWKWARD, 1)
        ]
        + [("plain", DASH, DASH, "+1"), ("another", "7", f"8.0{THIN}%", "@a")],
    )
    drawing = View("A chart of awkward names", [{"type": "bar", "x": [1], "y": [1]}], {}, grid, "Read it.")
    chart = single("awkward", drawing, shows_numbers=True)
    shown = {
        "collections": [
            {"anchor": "one", "title": "One", "charts": [chart]},
            *(
                {
                    "anchor": one["value"],
                    "title": one["label"],
                    "charts": [single(f"{one['value']}-chart", drawing)],
                }
                for one in pickable_tasks(made_facts())[:2]
            ),
        ],
        "search": [("Genres", name, "index.html", "") for name in AWKWARD],
    }
    page = Page("awkward", "Awkward", "Awkward names", "", (), "", lambda _: shown, template="collections")
    names = Names()
    names.add(
        {
            "artist": AWKWARD,
            "artist_id": AWKWARD,
            "title": [f"Song of {name}" for name in AWKWARD],
            "track_id": AWKWARD,
            "genre": AWKWARD,
        },
        has_ids=False,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_module, "PAGES", (*site_module.PAGES, page))
        return write_site(made_facts(), tmp_path_factory.mktemp("awkward") / "run", names).parent


@pytest.fixture
def downloads(browser: webdriver.Chrome, tmp_path: Path) -> Path:
    """The folder that the browser saves files in."""
    browser.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    return tmp_path


def arrived(browser: webdriver.Chrome, folder: Path, ending: str) -> Path:
    """The file with this ending, once it is complete."""
    return wait(
        browser, lambda: next((one for one in folder.glob(f"*.{ending}") if one.stat().st_size), None)
    )


def test_charts_are_drawn_when_they_come_into_view(show, site):
    """The last one waits until it is scrolled to."""
    browser = show(site / "classes.html", as_read=True)
    first, every = (
        browser.execute_script(DRAWN),
        browser.execute_script("return charts().map((one) => one.id)"),
    )
    assert every[0] in first
    assert every[-1] not in first

    browser.execute_script("charts().at(-1).scrollIntoView()")
    wait(browser, lambda: every[-1] in browser.execute_script(DRAWN))
    assert len(browser.execute_script(DRAWN)) < len(every)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_link_to_the_last_chart_shows_it_drawn(show, site, width):
    """It stands on the screen, below the navigation."""
    last = show(site / "classes.html", width, as_read=True).execute_script("return charts().at(-1).id")
    browser = show(site / "classes.html", width, query=f"#{last}", as_read=True)

    wait(browser, lambda: last in browser.execute_script(DRAWN))
    top = browser.execute_script(
        "return document.getElementById(arguments[0]).getBoundingClientRect().top", last
    )
    assert 0 <= top < 900


def test_every_chart_links_to_itself(show, site):
    """The link below a chart is its address, with what is picked."""
    browser = show(site / "models-bins.html")
    chart = browser.find_element(By.CSS_SELECTOR, "figure.chart:has(.pickers)")
    link = chart.find_element(By.CSS_SELECTOR, ".share a")
    assert link.get_attribute("href").endswith(f"#{chart.get_attribute('id')}")

    chart.find_element(By.TAG_NAME, "select").send_keys(Keys.ARROW_DOWN)
    title = chart.find_element(By.TAG_NAME, "h3").text
    link.click()
    address = browser.current_url
    browser.get("about:blank")
    browser.get(address)

    again = browser.find_element(By.ID, chart_id := address.partition("#")[2])
    wait(browser, lambda: again.get_attribute("data-drawn"))
    assert again.find_element(By.TAG_NAME, "h3").text == title
    assert f"{chart_id}=" in address
    assert errors(browser) == []


def test_an_address_of_another_version_shows_the_first_view(show, site):
    """What it names is not there any more."""
    browser = show(site / "rules.html", query="?task=gone&fma-bins=%3Cb%3E|1&nothing=2#gone", as_read=True)

    assert browser.find_element(By.CSS_SELECTOR, ".task select").get_attribute("selectedIndex") == "0"
    assert errors(browser) == []


def test_the_header_begins_with_the_rule_set_that_decides(site, show):
    """And every page has the same tasks."""
    facts = made_facts()
    first = pickable_tasks(facts)[0]
    browser = show(site / "rules.html", query="", as_read=True)
    options = [one.text for one in Select(browser.find_element(By.CSS_SELECTOR, ".task select")).options]

    assert first["rules"] == facts["audit_rules"].active
    assert options == [*(one["label"] for one in pickable_tasks(facts)), "All tasks"]


def test_the_task_holds_for_all_pages_and_stays_in_the_address(show, site):
    """Menus that name the rule set follow it; links to other pages carry it."""
    browser = show(site / "rules.html", query="", as_read=True)
    header = Select(browser.find_element(By.CSS_SELECTOR, ".task select"))
    rules = {one.get_attribute("value"): one.get_attribute("data-rules") for one in header.options}
    menus = "return [...document.querySelectorAll('.pickers select')].map((one) => one.value)"
    used = set(browser.execute_script(menus))
    other = next(task for task, name in rules.items() if name and name not in used)

    header.select_by_value(other)
    assert f"task={other}" in browser.current_url
    wait(browser, lambda: rules[other] in browser.execute_script(menus))
    browser.find_element(By.CSS_SELECTOR, ".pages a:not([aria-current])").click()
    wait(browser, lambda: browser.find_elements(By.CSS_SELECTOR, ".task select"))

    assert f"task={other}" in browser.current_url
    assert browser.find_element(By.CSS_SELECTOR, ".task select").get_attribute("value") == other


def test_a_page_shows_the_part_of_the_picked_task(show, awkward):
    """A link to another part picks that task; "All tasks" shows every part."""
    shown = (
        f"return [...document.querySelectorAll('{PARTS}')].filter((one) => !one.hidden).map((one) => one.id)"
    )
    header = (By.CSS_SELECTOR, ".task select")
    first, last = (one["value"] for one in pickable_tasks(made_facts())[:2])
    browser = show(awkward / "awkward.html", query="", as_read=True)
    assert browser.execute_script(shown) == [first]

    browser.find_element(By.CSS_SELECTOR, f".contents a[href='#{last}']").click()
    wait(browser, lambda: browser.execute_script(shown) == [last])
    assert browser.find_element(*header).get_attribute("value") == last
    show(awkward / "awkward.html", query=f"#{first}-chart", as_read=True)
    assert browser.execute_script(shown) == [first]
    show(awkward / "awkward.html", as_read=True)
    assert browser.execute_script(shown) == [first, last]


def cells(browser: webdriver.Chrome, place: int) -> list[str]:
    return browser.execute_script(
        "return [...document.querySelectorAll('#awkward tbody tr')].filter((row) => !row.hidden)"
        ".map((row) => row.cells[arguments[0]].querySelector('.text').textContent)",
        place,
    )


def test_a_table_is_sorted_by_keyboard(show, awkward):
    """Numbers by value, without a value last; the heading says how."""
    browser = show(awkward / "awkward.html")
    heading = browser.find_elements(By.CSS_SELECTOR, "#awkward thead th")[1]
    heading.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    down = cells(browser, 1)
    assert heading.get_attribute("aria-sort") == "descending"
    heading.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)

    assert heading.get_attribute("aria-sort") == "ascending"
    assert down == ["6,000", "5,000", "4,000", "3,000", "2,000", "1,000", "7", DASH]
    assert cells(browser, 1) == [*reversed(down[:-1]), DASH]


def test_a_table_is_filtered(show, awkward):
    """By any text in a row, in any case; how many are left is said."""
    browser = show(awkward / "awkward.html")
    field = browser.find_element(By.CSS_SELECTOR, "#awkward .tools input")
    field.send_keys("EMOJI")

    assert cells(browser, 0) == ["🎸 emoji 🎷"]
    assert browser.find_element(By.CSS_SELECTOR, "#awkward .said").text == "1 of 8 rows"


def test_a_table_is_downloaded_as_csv(show, awkward, downloads):
    """Numbers stay numbers, units are in the heading, and no cell is a formula."""
    browser = show(awkward / "awkward.html")
    browser.find_element(By.CSS_SELECTOR, "#awkward .tools button").click()
    text = arrived(browser, downloads, "csv").read_text("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text)))

    assert head == ["Genre", "Tracks", "Share (%)", "Remark", "Remark: remark"]
    assert [row[1] for row in rows] == ["1000", "2000", "3000", "4000", "5000", "6000", "", "7"]
    assert rows[0][2] == "-1.5"
    assert [row[0] for row in rows[:5]] == list(AWKWARD[:5])
    assert rows[5][0] == f"'{AWKWARD[5]}"
    assert [row[3] for row in rows[6:]] == ["'+1", "'@a"]


@pytest.mark.parametrize(("format_", "begin"), [("SVG", b"<svg"), ("PNG", b"\x89PNG")])
def test_a_chart_is_downloaded_as_a_picture(show, awkward, downloads, format_, begin):
    """As it is on the screen, with its title."""
    browser = show(awkward / "awkward.html")
    browser.find_element(By.XPATH, f"//figure[@id='awkward']//button[.='{format_}']").click()
    made = arrived(browser, downloads, format_.lower())

    assert made.name.startswith("awkward-")
    assert made.read_bytes().startswith(begin)
    if format_ == "SVG":
        assert "<title>A chart of awkward names</title>" in made.read_text("utf-8")


def search(browser: webdriver.Chrome, typed: str) -> list[tuple[str, str]]:
    """Text and address of what is found, when both lists are loaded."""
    field = browser.find_element(By.CSS_SELECTOR, ".search input")
    field.clear()
    field.send_keys(typed)
    wait(browser, lambda: browser.execute_script("return document.querySelector('.search').dataset.loaded"))
    return [
        (link.text, link.get_attribute("href"))
        for link in browser.find_elements(By.CSS_SELECTOR, ".results a")
    ]


def test_the_search_loads_nothing_before_the_first_letter(show, awkward):
    """Then it finds pages, charts, genres, artists and tracks."""
    browser = show(awkward / "classes.html")
    lists = "return document.querySelectorAll('script[src*=names], script[src*=entries]').length"
    assert browser.execute_script(lists) == 0

    found = search(browser, "awk")
    assert browser.execute_script(lists) == 2
    assert [text for text, _ in found] == ["Awkward", *["A chart of awkward names"] * 3]
    assert found[1][1].endswith("awkward.html?task=all#awkward")
    assert errors(browser) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_awkward_names_are_found_as_text(show, awkward, width):
    """Tags run no script, and long names stay within the page."""
    browser = show(awkward / "classes.html", width)
    if width == 390:
        browser.find_element(By.CSS_SELECTOR, ".menu summary").click()
    for typed, name in (
        ("bold", AWKWARD[1]),
        ("emoji", AWKWARD[2]),
        ("شعبي", AWKWARD[3]),
        ("xxx", AWKWARD[4]),
    ):
        found = search(browser, typed)
        assert name in [text for text, _ in found], typed
        assert f"Song of {name}" in [text for text, _ in found], typed
        assert too_wide(browser) == []
    addresses = [address for text, address in search(browser, "alert") if "freemusic" in address]
    assert addresses
    assert all("<" not in address for address in addresses)
    assert not browser.find_elements(By.CSS_SELECTOR, ".results b, .results script")
    assert errors(browser) == []


@pytest.mark.parametrize("width", [390, 1440])
def test_the_search_says_which_tracks_it_leaves_out(show, awkward, tmp_path, width):
    """Also where nothing is found; nothing is said where none are left out."""
    names = Names()
    names.add_note(4_629_100, "Spotify")
    cut = write_site(made_facts(), tmp_path / "cut", names).parent
    said = "return [...document.querySelectorAll('.hits p')].map((one) => one.innerText)"
    for folder, notes in ((cut, [names.note]), (awkward, [])):
        browser = show(folder / "classes.html", width)
        if width == 390:
            browser.find_element(By.CSS_SELECTOR, ".menu summary").click()
        search(browser, "zzz")
        assert browser.execute_script(said) == ["Nothing begins with these words.", *notes]
        assert too_wide(browser) == []
        assert errors(browser) == []


def test_results_are_reached_by_keyboard(show, awkward):
    """Slash begins, arrows go through them, Enter opens, Escape closes."""
    browser = show(awkward / "classes.html")
    browser.find_element(By.TAG_NAME, "body").send_keys("/")
    field = browser.switch_to.active_element
    assert field.get_attribute("type") == "search"
    search(browser, "awkward")
    field.send_keys(Keys.ARROW_DOWN)
    assert browser.switch_to.active_element.text == "Awkward"
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert browser.switch_to.active_element == field
    assert not browser.find_element(By.CSS_SELECTOR, ".results").is_displayed()

    field.send_keys("s", Keys.BACKSPACE, Keys.ENTER)
    wait(browser, lambda: browser.current_url.partition("?")[0].endswith("awkward.html"))


def test_what_is_on_the_page_is_listed(show, site):
    """Sections and charts that are shown, in order."""
    browser = show(site / "classes.html")
    part = browser.find_element(By.CSS_SELECTOR, "details.on-page")
    part.find_element(By.TAG_NAME, "summary").click()
    wait(browser, lambda: part.find_elements(By.TAG_NAME, "a"))
    addresses = [
        link.get_attribute("href").partition("#")[2] for link in part.find_elements(By.TAG_NAME, "a")
    ]

    charts = browser.execute_script("return charts().map((one) => one.id)")
    assert [one for one in addresses if one in charts] == charts


def test_links_follow_the_servers(show, tmp_path):
    """What `genrelab ui` writes beside the pages leads to its ports; nothing else is written again."""
    folder = write_site(made_facts(), tmp_path / "run").parent
    before = (folder / "models-bins.html").read_bytes()
    write_servers(folder, {"mlflow": "http://127.0.0.1:15001/"})
    browser = show(folder / "models-bins.html")
    links = browser.execute_script(
        "return [...document.querySelectorAll('a[href*=\"/#/runs/\"]')].map((one) => one.href)"
    )

    assert links
    assert all(one.startswith("http://127.0.0.1:15001/#/runs/") for one in links)
    assert (folder / "models-bins.html").read_bytes() == before
    assert run_link("a b") == "http://127.0.0.1:5000/#/runs/a%20b"
