"""Headless Chromium for tests."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


def _program(variable: str, *names: str) -> str:
    """A program by the environment or by name; the test is skipped without it."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip(f"no {names[0]} on this machine; {variable} can name one")
    return found


@contextmanager
def chromium(folder: Path) -> Iterator[webdriver.Chrome]:
    """Headless Chromium with a profile of its own; the console is kept."""
    options = Options()
    options.binary_location = _program("GENRELAB_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={folder}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(
        options=options, service=Service(_program("GENRELAB_CHROMEDRIVER", "chromedriver"))
    )
    try:
        yield driver
    finally:
        driver.quit()
