"""Where the servers of a home run."""

import os

import pytest

from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.running_servers import address_of, is_ours, note_server
from tasks.run.notify import report_url


def test_a_server_is_found_on_the_port_that_it_was_started_on(home: Home) -> None:
    """Whatever port was chosen."""

    assert address_of(home, "report") is None
    note_server(home, "report", 8711, os.getpid())
    assert address_of(home, "report") == "http://127.0.0.1:8711"
    assert address_of(home, "mlflow") is None


def test_a_process_that_has_another_number_now_does_not_count(home: Home) -> None:
    """Process ids are reused, and homes are copied."""

    note_server(home, "report", 8711, os.getpid())
    path = home.prefect / "servers" / "report-8711.json"
    for change in ({"born": "another boot 1"}, {"home": "/elsewhere"}):
        record = read_json(path)
        write_json(path, record | change)
        assert not is_ours(home, "report", 8711)
        assert address_of(home, "report") is None
        write_json(path, record)


def test_a_home_may_be_named_by_text() -> None:
    """As people type it in a notebook."""

    assert Home("music").state == Home.at("music").state.relative_to(Home.at("music").root.parent)


def test_links_lead_to_where_the_report_is_served(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the default port while nothing runs; an address in the environment wins."""

    monkeypatch.delenv("GENRELAB_REPORT_URL", raising=False)
    assert report_url() == "http://127.0.0.1:8600/latest/index.html"
    note_server(home, "report", 8711, os.getpid())
    assert report_url() == "http://127.0.0.1:8711/latest/index.html"
    monkeypatch.setenv("GENRELAB_REPORT_URL", "https://music.example.org/")
    assert report_url() == "https://music.example.org/"
