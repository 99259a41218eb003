"""The calibration of a registered version, as its tag holds it."""

import json

import pytest

from genrelab.evaluation.results import Rule, Thresholds
from genrelab.models.calibration import Calibration
from genrelab.runtime.records import encode
from tasks.tracking.registry import CALIBRATION, THRESHOLDS, published_by_of, published_tags


def test_a_calibration_comes_back_as_it_was_stored():
    """To the last digit."""
    stored = Calibration(1 / 3, 0.7, 0.4, {"pop": 2 / 3, "rock": 1 / 3})

    assert published_by_of({CALIBRATION: json.dumps(encode(stored))}) == stored
    assert published_by_of(published_tags(stored)) == stored


def test_thresholds_come_back_as_they_were_stored():
    """In a tag of their own."""
    stored = Thresholds(0.24, {"12": 1 / 3}, 1, 20, (Rule(True, 1, 0.2, 0.0, 0.0, is_chosen=True),))
    tags = published_tags(stored)

    assert list(tags) == [THRESHOLDS]
    assert published_by_of(tags) == stored
    assert published_by_of(published_tags(None)) is None


@pytest.mark.parametrize("text", ["", "null", "{", '{"temperature": 1.0}', '{"temperature": "hot"}', "[]"])
def test_a_tag_that_cannot_be_read_is_no_calibration(text):
    """Empty, cut short, or of another shape."""
    assert published_by_of({CALIBRATION: text}) is None


def test_an_older_version_has_none():
    """It was stored before there were calibrations."""
    assert published_by_of({}) is None
