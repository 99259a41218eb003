"""Fixtures of more than one test module."""

import pytest
from model_rows import spotify_binned


@pytest.fixture(scope="module")
def data():
    """The rows of a training on a small made table."""
    from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC, prepare  # noqa: PLC0415 - most tests here need no models

    return prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": spotify_binned()})
