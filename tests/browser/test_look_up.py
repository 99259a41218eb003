"""Looking up micro-genres and genres in a real browser: by keyboard, by address, without scripts, with odd names."""

import pytest
from look import errors
from look_up_facts import made_look_up
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

pytestmark = pytest.mark.browser


def ready(browser, kind):
    """Wait until the section answers."""
    WebDriverWait(browser, 10).until(
        lambda page: page.find_element(By.CSS_SELECTOR, f"section.{kind}").get_attribute("data-ready")
    )
    return browser


def test_a_micro_genre_is_found_by_keyboard(show, site):
    """Typing filters the rows, a whole name shows its card, and the address leads there again."""
    browser = ready(show(site / "micro_genres.html"), "look-up")
    field = browser.find_element(By.CSS_SELECTOR, ".asked input")
    field.send_keys("POP RAP")

    card = browser.find_element(By.CSS_SELECTOR, ".picked")
    assert card.is_displayed()
    assert "Rule pop decides: 'pop rap' contains 'pop'. It comes before rap/hip hop" in card.text
    rows = [
        row.text for row in browser.find_elements(By.CSS_SELECTOR, ".look-up tbody tr") if row.is_displayed()
    ]
    assert len(rows) == 1
    assert "name=pop+rap" in browser.current_url
    field.clear()
    field.send_keys("bebo", Keys.ENTER)
    assert "bebop" in card.text
    assert errors(browser) == []


def test_an_address_shows_its_micro_genre(show, site, browser):
    """As another page links to it; markup in it stays text."""
    show(site / "micro_genres.html")
    browser.get((site / "micro_genres.html").as_uri() + "?name=%3Cb%3Emetalcore%3C%2Fb%3E")
    ready(browser, "look-up")

    assert browser.find_element(By.CSS_SELECTOR, ".picked h3").text == "<b>metalcore</b>"
    links = browser.find_elements(By.CSS_SELECTOR, ".picked a")
    assert all(
        link.get_attribute("href").startswith(("https://open.spotify.com/", "file:")) for link in links
    )
    browser.get((site / "micro_genres.html").as_uri() + "?name=nothing%20of%20that")
    ready(browser, "look-up")
    assert "No micro-genre" in browser.find_element(By.CSS_SELECTOR, ".look-up .none").text


def test_all_are_in_a_table_without_a_script(site, browser):
    """Name, source, tracks, genres and the reason."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((site / "micro_genres.html").as_uri())
        rows = browser.find_elements(By.CSS_SELECTOR, ".look-up tbody tr")
        assert len(rows) == len(made_look_up().micro_genres)
        assert "Rule pop decides" in rows[0].text
        browser.get((site / "genre.html").as_uri())
        shown = browser.find_elements(By.CSS_SELECTOR, "section[data-genre] h2")
        assert all(heading.is_displayed() for heading in shown)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_one_genre_is_shown_at_a_time(show, site, browser):
    """The picker, also by its address, chooses sections and the views of the charts."""
    show(site / "genre.html")
    browser.get((site / "genre.html").as_uri() + "?genre=classical")
    ready(browser, "pick-genre")
    title = "return document.querySelector('#genre-sound h3').textContent"
    WebDriverWait(browser, 10).until(lambda page: "classical" in page.execute_script(title))

    def shown():
        boxes = browser.find_elements(By.CSS_SELECTOR, "[data-genre]")
        return {box.get_attribute("data-genre") for box in boxes if box.is_displayed()}

    assert shown() == {"classical"}
    Select(browser.find_element(By.CSS_SELECTOR, ".pick-genre select")).select_by_value("rock")
    WebDriverWait(browser, 10).until(lambda page: "rock" in page.execute_script(title))
    assert shown() == {"rock"}
    assert "genre=rock" in browser.current_url
