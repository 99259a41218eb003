"""The chord diagram in a real browser: by pointer, by keyboard, on a phone and without a script."""

import pytest
from look import errors, too_wide
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = pytest.mark.browser

FIGURE = "#chord-fma-top-genre"
LIT = """return [...document.querySelectorAll(arguments[0] + " .ribbon.on")]
           .map((ribbon) => [ribbon.dataset.from, ribbon.dataset.to].join(">")).sort()"""
OF_FOLK = [f"3>{other}" for other in (0, 1, 2, 4)]
"""No track of Folk has the runner-up Jazz."""


@pytest.fixture
def figure(show, site):
    """The diagram of the FMA's top genres, in the middle of the window."""
    browser = show(site / "similar_genres.html")
    found = browser.find_element(By.CSS_SELECTOR, FIGURE)
    browser.execute_script("arguments[0].querySelector('.names').scrollIntoView({block: 'center'})", found)
    return found


def lit(browser) -> list[str]:
    """The lit ribbons, as places of genres: `3>0`."""
    return browser.execute_script(LIT, FIGURE)


def names(figure):
    """The buttons of the genres, `All` first."""
    return figure.find_elements(By.CSS_SELECTOR, ".names button")


def test_pointing_at_a_name_lights_its_ribbons_and_says_what_they_mean(figure, browser):
    """As long as the pointer is there."""
    says = figure.find_element(By.CLASS_NAME, "says")
    before = says.text
    ActionChains(browser).move_to_element(names(figure)[4]).perform()
    during, ribbons = says.text, lit(browser)
    ActionChains(browser).move_to_element(says).perform()

    assert ribbons == OF_FOLK
    assert during.startswith("Folk: ")
    assert (says.text, lit(browser)) == (before, [])


def test_pointing_at_a_ribbon_says_its_numbers(figure, browser):
    """It alone is lit."""
    browser.execute_script(
        "arguments[0].dispatchEvent(new PointerEvent('pointerenter'))",
        figure.find_element(By.CSS_SELECTOR, '.ribbon[data-from="4"][data-to="3"]'),
    )

    assert lit(browser) == ["4>3"]
    assert "tracks of Classical" in figure.find_element(By.CLASS_NAME, "says").text


def test_a_click_on_an_arc_keeps_it_and_shows_its_bars(figure, browser):
    """The chart below follows; a second click lets it go."""
    arc = figure.find_element(By.CSS_SELECTOR, '.arc[data-from="4"] path')
    bars = browser.find_element(By.ID, "runners-up-fma-top-genre")
    ActionChains(browser).move_to_element(arc).click(arc).perform()
    ActionChains(browser).move_to_element(figure.find_element(By.TAG_NAME, "h3")).perform()

    assert {one.partition(">")[0] for one in lit(browser)} == {"4"}
    assert names(figure)[5].get_attribute("aria-pressed") == "true"
    WebDriverWait(browser, 5).until(lambda _: bars.get_attribute("data-drawn") == "4")
    assert bars.find_element(By.TAG_NAME, "h3").text.startswith("Classical: the runner-up")
    ActionChains(browser).move_to_element(arc).click(arc).perform()
    assert names(figure)[0].get_attribute("aria-pressed") == "true"


def test_the_keyboard_alone_goes_from_genre_to_genre(figure, browser):
    """One stop of the Tab key, arrows within, Enter keeps, Escape shows all again."""
    stops = [one for one in names(figure) if one.get_attribute("tabindex") == "0"]
    stops[0].send_keys(Keys.ARROW_UP)
    last = browser.switch_to.active_element.text
    for _ in range(5):
        browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    reached, ribbons = browser.switch_to.active_element.text, lit(browser)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    browser.switch_to.active_element.send_keys(Keys.TAB)

    assert len(stops) == 1
    assert (last, reached, ribbons) == ("Jazz", "Folk", OF_FOLK)
    assert browser.switch_to.active_element.tag_name == "summary"
    assert lit(browser) == OF_FOLK
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert lit(browser) == []
    assert errors(browser) == []


def test_the_picker_of_the_bars_lights_the_ribbons(figure, browser):
    """Both show one genre."""
    browser.find_element(By.CSS_SELECTOR, "#runners-up-fma-top-genre select").send_keys(Keys.ARROW_DOWN)

    assert {one.partition(">")[0] for one in lit(browser)} == {"1"}
    assert figure.get_attribute("class") == "chord lit"


def test_an_address_that_names_a_genre_lights_it(show, site, browser):
    """The chart of the bars keeps its genre in the address; the diagram follows it."""
    show(site / "similar_genres.html")
    browser.get(f"{(site / 'similar_genres.html').as_uri()}?runners-up-fma-top-genre=3")

    WebDriverWait(browser, 5).until(lambda _: lit(browser) == OF_FOLK)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_numbers_stand_around_the_circle(show, site, theme):
    """The names follow below, each with its number; nothing sticks out."""
    browser = show(site / "similar_genres.html", 390, theme)
    figure = browser.find_element(By.CSS_SELECTOR, FIGURE)
    around = [one.text for one in figure.find_elements(By.CSS_SELECTOR, ".arc .place")]
    sizes = [one.size["height"] for one in figure.find_elements(By.CSS_SELECTOR, ".arc .place")]

    assert around == ["1", "2", "3", "4", "5", "6"]
    assert min(sizes) >= 12
    assert not figure.find_element(By.CSS_SELECTOR, ".arc .name").is_displayed()
    assert [one.text for one in names(figure)][:3] == ["All", "1 Rock", "2 Electronic"]
    assert too_wide(browser) == []


def test_without_a_script_the_drawing_is_whole_and_the_numbers_are_there(site, browser):
    """Buttons that would do nothing cannot be pressed; the table opens."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((site / "similar_genres.html").as_uri())
        figure = browser.find_element(By.CSS_SELECTOR, FIGURE)
        assert figure.find_element(By.CSS_SELECTOR, ".ribbon.strong").is_displayed()
        assert not any(one.is_enabled() for one in names(figure))
        assert not figure.find_element(By.CLASS_NAME, "says").is_displayed()
        figure.find_element(By.TAG_NAME, "summary").click()
        assert figure.find_element(By.TAG_NAME, "thead").text.startswith("Genre Tracks Rock")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
