"""Pictures in the documentation: each is there, and small enough for a page to load; and the tour that shows them."""

import re
import runpy
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LARGEST = 300_000
SHOWN = [
    (page.relative_to(PROJECT), picture)
    for page in sorted([PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")])
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "picture"), SHOWN, ids=[f"{page}: {picture}" for page, picture in SHOWN])
def test_a_picture_that_is_shown_is_there_and_small(page, picture):
    """A tour of pages without their pictures says little, and one of 10 MB is not read."""
    file = (PROJECT / page).parent / picture

    assert file.is_file()
    assert 1_000 < file.stat().st_size <= LARGEST


def test_the_tour_shows_pictures():
    """The parametrised test above would pass with none."""
    assert any(str(page) == "docs/report.md" for page, _ in SHOWN)


def test_the_tour_is_what_the_tool_writes():
    """Taking new pictures must not drop a text that was written by hand."""
    tour = runpy.run_path(str(PROJECT / "tools" / "screenshots.py"))["tour"]

    assert tour() == (PROJECT / "docs" / "report.md").read_text(encoding="utf-8")
