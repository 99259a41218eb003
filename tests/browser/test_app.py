"""The page with sliders, in a real browser."""

import json
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest
from awkward_names import AWKWARD
from chromium import chromium
from running_app import App, running_app
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait
from served import small_champion

from genrelab.runtime.files import hash_file
from genrelab.runtime.home import Home

pytestmark = pytest.mark.browser
NAME = "spotify-bins-classic"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    home = Home(tmp_path_factory.mktemp("home"))
    small_champion(home, NAME)
    small_champion(home, "fma-all-genres", several_labels=True)
    with running_app(home) as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def opened(app: App, page: webdriver.Chrome) -> webdriver.Chrome:
    return open_page(app, page)


def open_page(app: App, page: webdriver.Chrome, width: int = 1200, **query: object) -> webdriver.Chrome:
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    page.get_log("browser")
    page.get_log("performance")
    page.get(f"http://127.0.0.1:{app.port}/?{urlencode({'champion': NAME, **query})}")
    wait(page, lambda: not page.find_element(By.ID, "why").get_property("hidden"))
    return page


def wait(page: webdriver.Chrome, condition) -> None:
    WebDriverWait(page, 20, poll_frequency=0.02).until(lambda _: condition())


def bar_lines(page: webdriver.Chrome) -> list[WebElement]:
    return page.find_elements(By.CSS_SELECTOR, "#bars li")


def bars(page: webdriver.Chrome) -> dict[str, float]:
    return {
        line.get_dom_attribute("data-genre"): float(line.find_element(By.CLASS_NAME, "percent").text[:-2])
        for line in bar_lines(page)
    }


def move(page: webdriver.Chrome, feature: str, value: float) -> None:
    page.execute_script(
        "const input = document.getElementById(`f-${arguments[0]}`); input.value = arguments[1];"
        " input.dispatchEvent(new Event('input', {bubbles: true}));",
        feature,
        value,
    )


def settle(page: webdriver.Chrome) -> None:
    """Wait until the last answer is on the page and its values are in the address."""
    before = -1.0
    while before != (
        now := page.execute_script("return Number(document.getElementById('bars').dataset.moves || 0)")
    ):
        before = now
        time.sleep(0.6)


def test_every_slider_moves_the_bars_to_what_the_api_answers(opened, app):
    """After each move the bars are those of the champion for the values of the sliders."""

    for feature, value in {"energy": 0.95, "valence": 0.1, "tempo": 250, "mode": None}.items():
        if value is None:
            opened.find_element(By.ID, f"f-{feature}").click()
        else:
            move(opened, feature, value)
        settle(opened)
        row = {
            each.get_dom_attribute("data-feature"): float(each.get_property("value"))
            if each.get_dom_attribute("type") == "range"
            else float(each.is_selected())
            for each in opened.find_elements(By.CSS_SELECTOR, "[data-feature]")
        }
        answer = app.post("/api/predict", {"champion": NAME, "row": row}).json["predictions"][0]

        assert bars(opened) == pytest.approx(
            {name: 100 * p for name, p in answer["probabilities"].items()}, abs=0.06
        )
        assert opened.find_element(By.ID, "sentence").text.startswith(answer["genre"])
    assert sum(bars(opened).values()) == pytest.approx(100, abs=0.3)


def test_the_bars_differ_between_two_positions(opened):
    """The energy decides in the made-up champion."""

    move(opened, "energy", 0.02)
    settle(opened)
    low = bars(opened)
    move(opened, "energy", 0.98)
    settle(opened)

    assert low != bars(opened)


def test_a_link_shows_the_same_answer_again(opened, page):
    """The address holds the positions."""

    move(opened, "energy", 0.3)
    settle(opened)
    before, address = bars(opened), opened.current_url
    assert "energy=0.3" in address
    page.get(address)

    assert bars(page) == before


def test_the_keyboard_alone_moves_a_slider_and_picks_a_champion(opened):
    """Arrow keys move the slider that has the focus; the picker takes letters and arrows."""

    before = bars(opened)
    slider = opened.find_element(By.ID, "f-energy")
    slider.send_keys(Keys.HOME)
    settle(opened)
    assert float(slider.get_property("value")) == float(slider.get_dom_attribute("min"))
    assert bars(opened) != before
    reached = []
    opened.execute_script("document.activeElement.blur()")
    for _ in range(12):
        ActionChains(opened).send_keys(Keys.TAB).perform()
        reached.append(opened.switch_to.active_element.get_dom_attribute("id"))

    assert {"champion", "f-energy", "f-valence", "f-tempo", "f-mode", "surprise"} <= set(reached)


def test_another_champion_is_picked(opened):
    """One that names several genres marks those that it names."""

    Select(opened.find_element(By.ID, "champion")).select_by_value("fma-all-genres")
    wait(opened, lambda: "champion=fma-all-genres" in opened.current_url)

    assert opened.find_elements(By.CSS_SELECTOR, "#bars li.named")


def test_a_surprise_is_a_real_track(opened):
    """It shows its own genre beside the answer."""

    opened.find_element(By.ID, "surprise").click()
    wait(opened, lambda: opened.find_element(By.ID, "track").is_displayed())
    text = opened.find_element(By.ID, "track").text

    assert "Song " in text
    assert "labelled" in text


def test_reasons_and_nearest_tracks_follow_the_sliders(opened):
    """Both are asked for when the sliders rest."""

    move(opened, "energy", 0.9)
    settle(opened)

    lines = [line.text for line in opened.find_elements(By.CSS_SELECTOR, "#effects li")]
    assert len(lines) == 4
    assert all(" raises it by " in line or " lowers it by " in line for line in lines), lines
    assert any(line.startswith("Energy 0.9") for line in lines)
    assert len(opened.find_elements(By.CSS_SELECTOR, "#near li")) == 5


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_cut_off_and_nothing_comes_from_elsewhere(app, page, width):
    """No horizontal scrolling, no error in the console, no request to another host."""

    opened = open_page(app, page, width)

    assert opened.execute_script("return document.documentElement.scrollWidth") <= width
    assert not [line for line in opened.get_log("browser") if line["level"] == "SEVERE"]
    hosts = [
        line["message"]
        for line in opened.get_log("performance")
        if '"Network.requestWillBeSent"' in line["message"]
    ]
    assert hosts
    assert all(f"127.0.0.1:{app.port}" in message or '"url":"data:' in message for message in hosts)


def test_the_form_answers_without_a_script(app):
    """The server draws the bars of the values in the address."""

    query = urlencode({"champion": NAME, "energy": 0.9, "valence": 0.5, "tempo": 100, "mode": 1})
    found = app.ask("GET", f"/?{query}")
    answer = app.post(
        "/api/predict", {"champion": NAME, "row": {"energy": 0.9, "valence": 0.5, "tempo": 100, "mode": 1}}
    )
    best = answer.json["predictions"][0]

    assert found.status == 200
    assert f"{best['genre']}, {100 * best['probability']:.0f} %" in found.body.decode()
    assert found.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        (
            {"champion": NAME, "energy": "<b>none</b>"},
            422,
            "<b>none</b> cannot be used; allowed: a number, 0 to 1",
        ),
        ({"champion": NAME, "energy": "7"}, 422, "7 cannot be used; allowed: a number, 0 to 1"),
        ({"champion": NAME, "tempo": "nan"}, 422, "nan cannot be used; allowed: a number, 0 to 260 BPM"),
        ({"champion": "<b>none</b>"}, 404, "There is no champion <b>none</b>"),
    ],
)
def test_values_that_cannot_be_used_are_named(app, query, status, said):
    """As text, never as markup."""

    found = app.ask("GET", f"/?{urlencode(query)}")
    text = found.body.decode()

    assert found.status == status
    assert said in unescape(text)
    assert "<b>none</b>" not in text


def test_a_wrong_value_stands_beside_its_field_and_the_others_are_kept(app, page):
    """The field says so to a screen reader too; the median is in its place."""

    opened = open_page(app, page, energy="7", valence="0.25")
    field = opened.find_element(By.ID, "f-energy")
    beside = opened.find_element(By.ID, "p-energy")

    assert field.get_dom_attribute("aria-invalid") == "true"
    assert "p-energy" in field.get_dom_attribute("aria-describedby").split()
    assert beside.text.startswith("7 cannot be used")
    assert float(opened.find_element(By.ID, "f-valence").get_property("value")) == 0.25
    assert not opened.find_elements(By.ID, "p-valence")


def test_names_of_champions_genres_and_tracks_are_text(tmp_path, page):
    """Tags, quotes and emoji are shown as they are, by the server and by the script."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    awkward = f'{AWKWARD} "quoted" 🎸'
    rename(home.root / "data" / "champions" / NAME / "1", awkward)
    with running_app(home) as app:
        opened = open_page(app, page)
        move(opened, "energy", 0.9)
        settle(opened)
        shown = opened.find_element(By.TAG_NAME, "main").text

        assert awkward in [line.get_dom_attribute("data-genre") for line in bar_lines(opened)]
        assert awkward in opened.find_element(By.ID, "near").text
        assert awkward in opened.find_element(By.ID, "champion").text
        assert shown.count("🎸") > 5
        assert not opened.find_elements(By.CSS_SELECTOR, "main b, main script:not([src]):not([type])")
        assert not [line for line in opened.get_log("browser") if line["level"] == "SEVERE"]


def rename(bundle: Path, name: str) -> None:
    """Give the champion, one of its genres and all its tracks this name."""
    record = json.loads((bundle / "champion.json").read_text())
    record["description"]["title"] = name
    record["description"]["labels"][1] = name
    tracks = bundle / "tracks.parquet"
    pd.read_parquet(tracks).assign(track=name, genre=name).to_parquet(tracks, index=False)
    record["files"][tracks.name] = hash_file(tracks)
    (bundle / "champion.json").write_text(json.dumps(record))


def test_a_server_that_is_gone_is_said(tmp_path, page):
    """With the command that starts it again."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    with running_app(home) as app:
        opened = open_page(app, page)
    move(opened, "energy", 0.9)
    wait(opened, opened.find_element(By.ID, "problem").is_displayed)

    assert "genrelab app" in opened.find_element(By.ID, "problem").text


def test_on_a_phone_the_answer_is_above_the_sliders_and_stays_in_sight(app, page):
    """The sentence sticks to the top while the last slider is moved."""

    opened = open_page(app, page, 390)
    last = opened.find_elements(By.CSS_SELECTOR, "#features input[type=range]")[-1]
    opened.execute_script("arguments[0].scrollIntoView({block: 'start'})", last)
    top = opened.execute_script("return document.getElementById('sentence').getBoundingClientRect().top")

    assert opened.find_element(By.ID, "bars").location["y"] < last.location["y"]
    assert abs(top) < 1


def test_a_home_without_champions_says_what_to_do(tmp_path: Path):
    """503, with the command."""

    with running_app(Home(tmp_path)) as running:
        found = running.ask("GET", "/")

    assert found.status == 503
    assert "genrelab nightly" in found.body.decode()
