"""From the address that `genrelab ui` prints to the champion's scores and card, in a real browser."""

from collections.abc import Iterator

import pytest
from champion_lab import GOOD, NAME, TASK, Lab
from chromium import chromium
from ports import free_port
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from genrelab_cli.servers.server import log_of, start_server, stop, wait_for
from tasks.tracking.descriptions import describe
from tasks.tracking.place import local_uri

pytestmark = pytest.mark.browser

PATIENCE = 120
"""Seconds to wait for anything that MLflow's pages show."""


@pytest.fixture
def address(lab: Lab) -> Iterator[str]:
    """MLflow's UI of a home with a champion whose scores are known."""
    lab.challenge(GOOD)
    lab.tracking.log(lab.champion.run_id, metrics={"grouped/accuracy": 0.4113, "grouped/macro_f1": 0.38})
    port = free_port()
    words = [str(lab.home.mlruns / "artifacts"), str(port)]
    server = start_server(lab.home, "mlflow", port, words, {"GENRELAB_BACKEND": local_uri(lab.home)})
    try:
        wait_for("MLflow", server, f"http://127.0.0.1:{port}/health", log_of(lab.home, "mlflow"))
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(server)


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that has never seen MLflow."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_window_size(1600, 1000)
        yield driver


def shows(page: webdriver.Chrome, text: str) -> bool:
    """Whether the page shows a text, once it has drawn itself."""
    WebDriverWait(page, PATIENCE).until(lambda it: text in it.find_element(By.TAG_NAME, "body").text)
    return True


def test_two_clicks_lead_to_the_scores_and_the_card(lab: Lab, address: str, page: webdriver.Chrome) -> None:
    """The first on the printed address, which shows scores as columns; the second on the champion."""

    page.get(f"{address}/{describe(lab.tracking)[TASK.experiment]}")
    assert shows(page, "grouped/macro")
    link = WebDriverWait(page, PATIENCE).until(lambda it: it.find_element(By.LINK_TEXT, NAME))
    assert "Accuracy 41.1 %" in page.find_element(By.TAG_NAME, "body").text
    link.click()
    page.switch_to.window(page.window_handles[-1])
    assert shows(page, f"Good: {TASK.title}")
    assert shows(page, "Why it became champion")
    assert "Macro F1" in page.find_element(By.TAG_NAME, "body").text
