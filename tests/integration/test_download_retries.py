"""A download that breaks off is tried again by Prefect, and goes on where it stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flaky_server import BODY, SHA1, Server, serving
from prefect import flow
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings

from genrelab.runtime.errors import SourceError
from genrelab.sources.fma.download import BrokenOffError
from tasks.publishing.work_fma import PAUSES, download_archive


def fetched(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a flow gets that downloads from the server without pauses."""
    monkeypatch.setenv("GENRELAB_FMA_URL", server.address)
    monkeypatch.setenv("GENRELAB_FMA_SHA1", SHA1)
    at_once = download_archive.with_options(retry_delay_seconds=[0.0] * len(PAUSES))

    @flow
    def fetch() -> Path:
        return at_once(target)

    return fetch().read_bytes()


@pytest.fixture(scope="module", autouse=True)
def _prefect(shared_prefect: dict[str, str]) -> Iterator[None]:
    url = shared_prefect["PREFECT_API_URL"]
    with temporary_settings({PREFECT_API_URL: url, PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield


def test_a_download_goes_on_where_it_broke_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice within one run; no byte is fetched again but those of the last piece."""

    with serving() as server:
        server.breaks_after = [300_000, 200_000]
        assert fetched(server, tmp_path / "fma.zip", monkeypatch) == BODY
        starts = [int((wanted or "0").strip("bytes=-")) for wanted in server.ranges]
        assert starts == sorted(set(starts))
        assert len(starts) == 3


def test_the_last_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After as many tries as there are pauses, and one."""

    with serving() as server:
        server.status = 503
        with pytest.raises(BrokenOffError, match="503"):
            fetched(server, tmp_path / "fma.zip", monkeypatch)
        assert len(server.ranges) == 1 + len(PAUSES)


def test_a_refusal_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be the same every time."""

    with serving() as server:
        server.status = 404
        with pytest.raises(SourceError, match="404"):
            fetched(server, tmp_path / "fma.zip", monkeypatch)
        assert len(server.ranges) == 1
