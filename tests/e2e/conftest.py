"""Fixtures of the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from program import prefect_server


@pytest.fixture(scope="session")
def shared_prefect(
    tmp_path_factory: pytest.TempPathFactory, prefect_database: Path
) -> Iterator[dict[str, str]]:
    """Settings of a user whose Prefect server runs all the time.

    For tests that are about something else: a server of its own with a new database takes a program 12 s of its 16.
    """
    with prefect_server(tmp_path_factory.mktemp("prefect"), prefect_database) as url:
        yield {"PREFECT_API_URL": url}
