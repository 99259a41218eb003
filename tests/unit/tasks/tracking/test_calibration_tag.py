"""The calibration of a registered version, as its tag holds it."""

import json

import pytest

from genrelab.models.calibration import Calibration
from genrelab.runtime.records import encode
from tasks.tracking.registry import CALIBRATION, calibration_of


def test_a_calibration_comes_back_as_it_was_stored():
    """To the last digit."""
    stored = Calibration(1 / 3, 0.7, 0.4, {"pop": 2 / 3, "rock": 1 / 3})

    assert calibration_of({CALIBRATION: json.dumps(encode(stored))}) == stored


@pytest.mark.parametrize("text", ["", "null", "{", '{"temperature": 1.0}', '{"temperature": "hot"}', "[]"])
def test_a_tag_that_cannot_be_read_is_no_calibration(text):
    """Empty, cut short, or of another shape."""
    assert calibration_of({CALIBRATION: text}) is None


def test_an_older_version_has_none():
    """It was stored before there were calibrations."""
    assert calibration_of({}) is None
