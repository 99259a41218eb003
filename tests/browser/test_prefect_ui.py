"""Somebody who has not read the code triggers a flow in the Prefect UI: clicked in a real browser, run for real."""

from collections.abc import Iterator

import pytest
from chromium import chromium
from ports import free_port
from prefect_session import prefect_session
from program import Program
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from genrelab.analyses.registry import PIPELINE, STUDIES
from genrelab_cli.servers.server import answers

pytestmark = pytest.mark.long

PATIENCE = 180
"""Seconds to wait for anything that the interface shows."""

FLOWS = {"nightly", *PIPELINE, *STUDIES}

UI = "v2"
"""Prefect ships two user interfaces; this is the one it opens by itself."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A home after a sample night, served: the address of its Prefect UI."""
    program = Program(tmp_path_factory.mktemp("served"))
    done = program.run("nightly")
    assert done.returncode == 0, done.stderr
    port = free_port()
    serving = program.start("serve", "--port", str(port))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.terminate()
        serving.wait(30)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A browser that may ask loopback."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        driver.set_window_size(1400, 1000)
        yield driver


def test_a_flow_is_triggered_by_clicks_and_finishes(served: str, page: webdriver.Chrome) -> None:
    """Deployments, bin_genres, Run, Quick run, View run, Completed."""
    _open_deployments(page, served)
    _click(page, "//a[normalize-space()='bin_genres' and contains(@href, '/deployment/')]")
    _click(page, "//button[normalize-space()='Run']")
    _click(page, "//*[@role='menuitem'][contains(., 'Quick run')]")
    _click(page, "//a[contains(., 'View run')]")
    assert _find(page, "//*[normalize-space()='Completed']").is_displayed()


def test_the_form_explains_its_parameters(served: str, page: webdriver.Chrome) -> None:
    """The form of a custom run of `nightly` names every parameter and says what it takes."""
    _open_deployments(page, served)
    _click(page, "//a[normalize-space()='nightly' and contains(@href, '/deployment/')]")
    _click(page, "//button[normalize-space()='Run']")
    _click(page, "//*[@role='menuitem'][contains(., 'Custom run')]")
    _find(
        page, "//form//*[contains(text(), 'a folder or file of earlier pulls')]"
    )  # fields are drawn one by one
    form = _find(page, "//form").text
    for parameter in ("spotify", "fma", "origin", "budget", "artists", "rules"):
        assert parameter in form


def _open_deployments(page: webdriver.Chrome, address: str) -> None:
    """Open the list, once every flow has become a deployment: `serve` registers them one by one."""

    def is_complete(_: webdriver.Chrome) -> bool:
        if not answers(f"{address}/api/health"):
            return False
        deployments = prefect_session(f"{address}/api").post(
            f"{address}/api/deployments/filter", json={}, timeout=5
        )
        return deployments.ok and {one["name"] for one in deployments.json()} >= FLOWS

    WebDriverWait(page, PATIENCE, poll_frequency=0.5).until(is_complete)
    page.get(f"{address}/{UI}/deployments?limit=50")


def _find(page: webdriver.Chrome, path: str) -> WebElement:
    return WebDriverWait(page, PATIENCE, poll_frequency=0.2).until(
        lambda found: found.find_element(By.XPATH, path)
    )


def _click(page: webdriver.Chrome, path: str) -> None:
    """Click what a path finds; the interface redraws itself while it loads."""

    def clicked(_: webdriver.Chrome) -> bool:
        try:
            _find(page, path).click()
        except StaleElementReferenceException:
            return False
        return True

    WebDriverWait(page, PATIENCE, poll_frequency=0.2).until(clicked)
