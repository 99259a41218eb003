"""A file dropped on the application's page, or chosen with the keyboard: its genres appear, or what is wrong."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from chromium import chromium
from fastapi.responses import HTMLResponse
from listening_champions import Champion, Champions
from ports import free_port
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from starlette.staticfiles import StaticFiles

import genrelab_cli.app
from genrelab.runtime.home import Home
from genrelab_cli.app import listening
from genrelab_cli.app.application import make_application

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed"),
]
APP = Path(genrelab_cli.app.__file__).parent
PATIENCE = 30
DROPS = """
const data = new DataTransfer();
data.items.add(new File([new Blob(["words"])], arguments[0]));
const drop = document.getElementById("listen-drop");
drop.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
"""
"""Drops a file that is not audio."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, and a page with nothing but the block for files."""
    champions = Champions(
        Champion(listening.ONE_GENRE), Champion(listening.SEVERAL_GENRES, several=True, is_sample=True)
    )
    application = make_application(Home(tmp_path_factory.mktemp("home")), champions=champions)
    block = (APP / "templates" / "listen.html").read_text("utf-8")

    @application.get("/block/page")
    async def page() -> HTMLResponse:
        return HTMLResponse(
            "<!doctype html><meta charset=utf-8><link rel=icon href='data:,'>"
            "<meta name=viewport content='width=device-width'>"
            f"<base href='/block/'>{block.replace('assets/', '/block/assets/')}",
            headers={"Content-Security-Policy": "default-src 'self'; img-src data:"},
        )

    application.mount("/block/assets", StaticFiles(directory=APP / "assets"))
    application.mount("/block", application)  # the script asks for api/listen beside its page
    port = free_port()
    running = uvicorn.Server(uvicorn.Config(application, port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/block/page"
    running.should_exit = True
    thread.join(PATIENCE)


@pytest.fixture
def page(server, tmp_path):
    """The page in a browser of its own."""
    with chromium(tmp_path / "chromium") as driver:
        driver.get(server)
        yield driver


def wait_for(driver, words: str) -> str:
    """Wait until the block says something, and return all that it says."""
    block = driver.find_element(By.ID, "listen")
    WebDriverWait(driver, PATIENCE, poll_frequency=0.05).until(lambda _: words in block.text)
    return block.text


def test_a_chosen_file_shows_its_genres(page, tmp_path):
    """The name is text: a tag in it stays a tag to read."""
    file = tmp_path / "日本 <b>x.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", file], check=True)
    page.find_element(By.ID, "listen-file").send_keys(str(file))

    said = wait_for(page, "seconds analysed")

    assert "日本 <b>x.wav" in said
    assert "Genre: Rock" in said
    assert "Genres: Rock" in said
    assert "90 %" in said
    assert "Food by AWOL (Hip-Hop)" in said
    assert said.count("trained on sample data") == 1, "one of the two champions is of sample data"
    assert [one for one in page.get_log("browser") if one["level"] == "SEVERE"] == []


def test_a_dropped_file_that_is_not_audio_says_why(page):
    """What is wrong, and what to do."""
    page.execute_script(DROPS, "words.mp3")

    said = wait_for(page, "cannot be used")

    assert "words.mp3 cannot be used: " in said
    assert "to do: " in said


def test_a_file_can_be_chosen_with_the_keyboard_and_fits_a_phone(page):
    """The input has a name for screen readers and can be focused; nothing is wider than the screen."""
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True},
    )
    chosen = page.find_element(By.ID, "listen-file")
    page.execute_script("arguments[0].focus()", chosen)

    assert page.switch_to.active_element == chosen
    assert chosen.accessible_name.startswith("A file of music")
    assert page.execute_script("return document.documentElement.scrollWidth") <= 390
