"""Downloading: resumed, verified, never half there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flaky_server import BODY, SHA1, Server, serving

from genrelab.runtime.errors import SourceError
from genrelab.sources.fma import download
from genrelab.sources.fma.download import PIECE, BrokenOffError


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "raw" / "fma_metadata.zip"


def test_the_file_arrives_whole(server: Server, target: Path) -> None:
    """And nothing beside it."""

    assert download(target, address=server.address, sha1=SHA1).read_bytes() == BODY
    assert [file.name for file in target.parent.iterdir()] == ["fma_metadata.zip"]


def test_a_second_call_asks_nobody(server: Server, target: Path) -> None:
    """The hash of what is there decides."""

    download(target, address=server.address, sha1=SHA1)
    download(target, address=server.address, sha1=SHA1)
    assert server.ranges == [None]


def test_a_cut_connection_is_resumed_where_it_broke(server: Server, target: Path) -> None:
    """Twice in this case; the target is not there in between."""

    server.breaks_after = [300_000, 200_000]
    for _ in range(2):
        with pytest.raises(BrokenOffError, match="was interrupted"):
            download(target, address=server.address, sha1=SHA1)
        assert not target.exists()
    assert download(target, address=server.address, sha1=SHA1).read_bytes() == BODY
    starts = [int(wanted.strip("bytes=-")) for wanted in server.ranges[1:]]
    assert 300_000 - PIECE < starts[0] <= 300_000
    assert 200_000 - PIECE < starts[1] - starts[0] <= 200_000


def test_a_server_without_ranges_sends_it_again(server: Server, target: Path) -> None:
    """What was there is not put before it."""

    server.breaks_after, server.knows_ranges = [300_000], False
    with pytest.raises(BrokenOffError, match="was interrupted"):
        download(target, address=server.address, sha1=SHA1)
    assert download(target, address=server.address, sha1=SHA1).read_bytes() == BODY


def test_a_part_that_was_already_whole_is_taken(server: Server, target: Path) -> None:
    """The process died between the last byte and the renaming."""

    target.parent.mkdir()
    target.with_name("fma_metadata.zip.part").write_bytes(BODY)
    assert download(target, address=server.address, sha1=SHA1).read_bytes() == BODY
    assert server.ranges == [f"bytes={len(BODY)}-"]


def test_other_bytes_are_refused_and_not_kept(server: Server, target: Path) -> None:
    """A resumed part of another file would never come right."""

    server.body = b"<html>404</html>"
    with pytest.raises(SourceError, match="a different file"):
        download(target, address=server.address, sha1=SHA1)
    assert list(target.parent.iterdir()) == []


def test_a_damaged_earlier_download_is_fetched_again(server: Server, target: Path) -> None:
    """Its name does not make it right."""

    target.parent.mkdir()
    target.write_bytes(b"damaged")
    assert download(target, address=server.address, sha1=SHA1).read_bytes() == BODY


@pytest.mark.parametrize("status", [403, 500])
def test_a_refusing_server_is_a_clear_error(server: Server, target: Path, status: int) -> None:
    """With the address and the way around."""

    server.status = status
    with pytest.raises(SourceError, match=str(status)) as caught:
        download(target, address=server.address, sha1=SHA1)
    assert isinstance(caught.value, BrokenOffError) == (status == 500)  # what may pass is tried again
    assert "pass its path as --fma" in caught.value.do


def test_nobody_there_is_a_clear_error(target: Path) -> None:
    """Port 9 of loopback discards, or refuses."""

    with pytest.raises(BrokenOffError, match="was interrupted"):
        download(target, address="http://127.0.0.1:9/x", sha1=SHA1)


def test_the_environment_names_a_stand_in(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Address and hash."""

    monkeypatch.setenv("GENRELAB_FMA_URL", server.address)
    monkeypatch.setenv("GENRELAB_FMA_SHA1", SHA1)
    assert download(target).read_bytes() == BODY
