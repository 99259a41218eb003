"""One headless Chromium for all browser tests, without a network."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from chromium import chromium
from look import Look
from selenium import webdriver


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Chromium in which every request that is not for a file fails."""
    with chromium(tmp_path_factory.mktemp("chromium")) as driver:
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
        )
        yield driver


@pytest.fixture(scope="session")
def show(browser: webdriver.Chrome) -> Callable[..., webdriver.Chrome]:
    """Opens a page of a site at a width and in a theme, shows all tasks, and draws all charts unless `as_read`."""

    def show(
        file: Path,
        width: int = 1440,
        theme: str = "light",
        query: str = "?task=all",
        *,
        as_read: bool = False,
    ) -> webdriver.Chrome:
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        )
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(file.as_uri() + query)
        browser.execute_script("try { localStorage.clear() } catch {}")
        wait_until_drawn(browser)
        if not as_read:
            browser.execute_script(
                "for (const part of document.querySelectorAll('details.part')) part.open = true"
            )
            browser.execute_script("return drawAll()")
        return browser

    return show


@pytest.fixture(scope="session")
def look(show: Callable[..., webdriver.Chrome], site: Path) -> Callable[..., Look]:
    """Looks at a page of the whole report at a width and in a theme; each is opened once for all tests."""

    @cache
    def looked(file: str, width: int, theme: str) -> Look:
        return Look.at(show(site / file, width, theme))

    def look(file: str, width: int = 1440, theme: str = "light") -> Look:
        return looked(file, width, theme)

    return look


def wait_until_drawn(browser: webdriver.Chrome) -> webdriver.Chrome:
    """Wait until the page says that the charts of its first screen are drawn."""
    from selenium.webdriver.support.ui import WebDriverWait  # noqa: PLC0415

    WebDriverWait(browser, 20, poll_frequency=0.05).until(
        lambda page: page.execute_script("return document.documentElement.dataset.drawn")
    )
    return browser
