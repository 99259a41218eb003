"""The band in a real browser: after a failed run, with sample data, without a script, and the picker of two runs."""

import pytest
from look import errors, too_wide
from report_facts import made_facts
from run_history_facts import made_history, made_run_record
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from genrelab.analyses.run_history.result import RunHistory
from genrelab.report.site import write_site
from genrelab.report.status import write_status

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """A site of a run of which one step failed."""
    return write_site(made_facts(), tmp_path_factory.mktemp("band") / "site").parent


def band(browser):
    """What the band says, as a reader sees it."""
    return browser.find_element(By.ID, "status").text


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_failure_is_at_the_top_of_every_page(show, failed, width, theme):
    """With its reason, since when and what is in use; the pages that depend on it say so."""
    for page, depends in (("index.html", False), ("origin.html", True), ("rules.html", False)):
        browser = show(failed / page, width, theme)
        text = band(browser)

        assert "1 of 3 steps failed." in text
        assert "the file is cut short; found: 812 of 1,059 lines" in text
        assert "failed since 2026-03-11 02:31 UTC" in text
        assert "origin_tracks version 0 of 2026-03-09" in text
        assert ("This page shows the last good result." in text) == depends
        assert browser.find_element(By.ID, "status").location["y"] == 0
        assert too_wide(browser) == []
        assert errors(browser) == []


def test_a_later_run_is_shown_on_pages_that_were_not_written_again(show, tmp_path):
    """The script file beside the pages is newer than they are; what is sample data is named."""
    site = write_site(made_facts(), tmp_path / "site").parent
    write_status(site, RunHistory((*made_history().runs, made_run_record(4)), {}))
    browser = show(site / "origin.html")

    assert "Run nightly, 2026-03-13 02:30 to 03:14 UTC" in band(browser)
    assert "1 step done, 1 unchanged, 1 left out." in band(browser)
    assert "Sample data: origin_tracks." in band(browser)
    assert "No longer failing: ingest_origin." in band(browser)
    assert "last good result" not in band(browser)


def test_without_a_script_the_overview_says_it(show, browser, tmp_path):
    """So do the pages on runs."""
    site = write_site(made_facts(), tmp_path / "site").parent
    write_status(site, RunHistory((made_run_record(4),), {}))
    show(site / "index.html")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for page in ("index.html", "failed.html"):
            browser.get((site / page).as_uri())
            assert "Run nightly, 2026-03-13 02:30 to 03:14 UTC" in band(browser)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_any_two_runs_can_be_compared(show, failed):
    """The choice stays in the address; a track that flipped back is not among those that changed."""
    browser = show(failed / "changed.html")
    page = browser.find_element(By.ID, "changed")
    WebDriverWait(browser, 5).until(lambda _: page.get_attribute("data-shown") == "000002 000003")
    assert "The predicted genre changed for 2 predictions." in page.text
    Select(page.find_element(By.NAME, "from")).select_by_value("000001")
    WebDriverWait(browser, 5).until(lambda _: page.get_attribute("data-shown") == "000001 000003")

    assert "Idioteque" not in page.text
    assert "The predicted genre changed for 1 prediction." in page.text
    assert "38,531 rows, version 1" in page.text
    address = browser.current_url
    assert "from=000001&to=000003" in address
    browser.get("about:blank")
    browser.get(address)
    page = browser.find_element(By.ID, "changed")
    WebDriverWait(browser, 5).until(lambda _: page.get_attribute("data-shown") == "000001 000003")
    assert errors(browser) == []


@pytest.mark.parametrize(
    ("question", "link"),
    [
        ("what failed", "failed.html"),
        ("what changed", "changed.html"),
        ("how many tracks of which source", "index.html"),
    ],
)
def test_a_newcomer_finds_the_answer_within_a_click(show, failed, question, link):
    """From the overview, by a link in the band or a section of the overview itself."""
    browser = show(failed / "index.html")
    if link != "index.html":
        browser.find_element(By.CSS_SELECTOR, f"#status a[href^='{link}']").click()
        assert question in browser.find_element(By.TAG_NAME, "h1").text.lower()
    else:
        rows = browser.find_elements(By.CSS_SELECTOR, "#sources tbody tr")
        assert [row.text.split()[0] for row in rows] == ["Spotify", "Free", "Traditional"]
        assert "106,574" in rows[1].text
