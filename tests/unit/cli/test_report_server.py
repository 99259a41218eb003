"""The server of the report: what it answers where there is no page."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port

from genrelab_cli.servers.report_server import serve_report


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = serve_report(tmp_path, free_port())
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_that_is_not_there_leads_to_the_newest_report(address):
    """In plain words, and the address is text."""
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{address}/2020-01-01T000000/%3Cb%3Egone.html")  # noqa: S310 - loopback
    text = error.value.read().decode()

    assert error.value.code == 404
    assert "This page is not in the report" in text
    assert 'href="/latest/index.html"' in text
    assert "There is nothing at /2020-01-01T000000/&lt;b&gt;gone.html." in text
