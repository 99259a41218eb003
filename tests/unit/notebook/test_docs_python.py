"""The examples of docs/python.md, run as they stand."""

import doctest
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "python.md"
EXAMPLES = 20


@pytest.mark.filterwarnings("ignore::genrelab.SampleDataWarning")
@pytest.mark.usefixtures("small")
def test_every_example_prints_what_the_page_shows():
    """A reader who types the page sees the page."""

    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.ELLIPSIS)

    assert tried > EXAMPLES
    assert not failed
