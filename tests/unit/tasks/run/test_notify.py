"""Messages to a webhook: a local receiver gets them; one that does not answer harms nobody."""

import http.server
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from frames import legal
from run_history_facts import made_history

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.files import write_json
from genrelab.runtime.home import Home
from genrelab.runtime.records import encode
from genrelab.tables import TABLES
from tasks.run import notify as notify_module
from tasks.run.history import RUNS
from tasks.run.notify import notify, notify_caveats, notify_champion, notify_failure

SECRET = "T0-sesame"  # noqa: S105 - made up


@dataclass
class Receiver:
    """A webhook on loopback.

    Args:
        url: Its address, with a secret in it.
        status: What it answers.
        answers: Set when it may answer; a test that clears it sets it again.
        got: What it received: path, content type and body.
    """

    url: str = ""
    status: int = 200
    answers: threading.Event = field(default_factory=threading.Event)
    got: list[tuple[str, str, Any]] = field(default_factory=list)


@pytest.fixture
def receiver(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:  # noqa: ARG001 - an empty one
    """A receiver that is configured as the webhook."""
    found = Receiver()
    found.answers.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.got.append((self.path, self.headers["Content-Type"], body))
            found.answers.wait()
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook/{SECRET}"
    monkeypatch.setenv("GENRELAB_WEBHOOK", found.url)
    monkeypatch.setattr(notify_module, "TIMEOUT_SECONDS", 60.0)
    yield found
    found.answers.set()
    server.shutdown()


def run_of(parent: object = None) -> SimpleNamespace:
    return SimpleNamespace(id="1-2", name="calm-owl", parent_task_run_id=parent)


STATE = SimpleNamespace(message="1 of 8 flows failed (ingest_origin): no such file", name="Failed")


def test_a_failed_run_is_told_with_its_reason(receiver: Receiver) -> None:
    """One JSON message with the text that chats show, and the same for programs."""

    notify_failure(SimpleNamespace(name="nightly"), run_of(), STATE)
    [(path, kind, body)] = receiver.got
    assert path.endswith(SECRET)
    assert kind == "application/json"
    assert body["text"] == f"genrelab nightly failed (calm-owl): {STATE.message}"
    assert (body["event"], body["flow"], body["run_id"]) == ("run_failed", "nightly", "1-2")
    assert body["report"].startswith("http")


def test_a_failed_branch_is_told_by_the_night_alone(receiver: Receiver) -> None:
    """A person gets one message for one bad night."""

    notify_failure(SimpleNamespace(name="train"), run_of("3-4"), STATE)
    assert receiver.got == []


def test_a_new_champion_is_told(receiver: Receiver) -> None:
    """With the reason, and whether it is one of sample data."""

    notify_champion("spotify-bins-reviewed", "3", "Promoted: better beyond noise.", is_sample=True)
    [(_, _, body)] = receiver.got
    assert body["event"] == "new_champion"
    assert "version 3, trained on sample data" in body["text"]
    assert (body["model"], body["sample"]) == ("spotify-bins-reviewed", True)


def publish(home: Home, *caveats: str) -> None:
    """A version of spotify_tracks with caveats."""
    table = TABLES["spotify_tracks"]
    Lake(home).publish(
        table.name, legal(table, rows=3), Counts(3, 3), source="x", is_sample=False, caveats=caveats
    )


DONE = SimpleNamespace(message="all 10 flows completed", name="Completed")


def test_caveats_are_told_once_for_each_version(receiver: Receiver, home: Home) -> None:
    """The night after with nothing new says nothing; a new version with caveats does."""

    flow = SimpleNamespace(name="nightly")
    notify_caveats(flow, run_of(), DONE)
    publish(home, "info_1.csv: ids made from names")
    notify_caveats(flow, run_of("3-4"), DONE)
    assert receiver.got == []
    notify_caveats(flow, run_of(), DONE)
    notify_caveats(flow, run_of(), DONE)
    [(_, _, body)] = receiver.got
    assert body["event"] == "run_finished_with_caveats"
    assert body["caveats"] == ["spotify_tracks: info_1.csv: ids made from names"]
    assert "ids made from names" in body["text"]
    publish(home, "info_1.csv: ids made from names")
    notify_caveats(flow, run_of(), DONE)
    assert len(receiver.got) == 2
    publish(home)
    notify_caveats(flow, run_of(), DONE)
    assert len(receiver.got) == 2


def test_caveats_that_were_not_received_are_told_again(receiver: Receiver, home: Home) -> None:
    """With the next run, also when that one fails."""

    publish(home, "ids made from names")
    receiver.status = 500
    notify_caveats(SimpleNamespace(name="nightly"), run_of(), DONE)
    receiver.status = 200
    notify_failure(SimpleNamespace(name="nightly"), run_of(), STATE)
    notify_caveats(SimpleNamespace(name="nightly"), run_of(), DONE)
    assert [body["event"] for _, _, body in receiver.got] == ["run_finished_with_caveats", "run_failed"]
    assert "ids made from names" in receiver.got[1][2]["text"]


def test_a_long_message_is_cut(receiver: Receiver) -> None:
    """A chat shows so much at once; the reason stays whole beside it."""

    notify("run_failed", "x" * 9_000, {"reason": "y" * 9_000})
    body = receiver.got[0][2]
    assert len(body["text"]) == notify_module.LONGEST
    assert body["text"].endswith("...")
    assert len(body["reason"]) == 9_000


@pytest.mark.parametrize("trouble", ["refused", "slow", "gone", "no http"])
def test_a_webhook_in_trouble_is_a_line_without_its_secret(
    receiver: Receiver,
    no_http: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    """Nothing is raised, and the address is never logged."""

    match trouble:
        case "refused":
            receiver.status = 410
        case "slow":
            receiver.answers.clear()
            monkeypatch.setattr(notify_module, "TIMEOUT_SECONDS", 0.3)
        case "gone":
            monkeypatch.setenv("GENRELAB_WEBHOOK", f"http://127.0.0.1:1/{SECRET}")
        case "no http":
            monkeypatch.setenv("GENRELAB_WEBHOOK", f"http://127.0.0.1:{no_http}/{SECRET}")
    with caplog.at_level(logging.INFO, "genrelab"):
        assert not notify("run_failed", "x", {})
    assert "127.0.0.1" in caplog.text
    assert SECRET not in caplog.text


def test_without_a_webhook_nothing_is_sent(home: Home) -> None:  # noqa: ARG001 - an empty one
    """Silence is the default."""

    assert not notify("run_failed", "x", {})


def test_a_failed_run_is_told_as_the_report_shows_it(receiver: Receiver, home: Home) -> None:
    """The text of the band: what failed, since when, what is in use; the reason of Prefect stays beside it."""

    record = replace(made_history().runs[-1], run_id="1-2")
    write_json(home.state / RUNS / f"{record.key}.json", encode(record))
    notify_failure(SimpleNamespace(name="nightly"), run_of(), STATE)
    [(_, _, body)] = receiver.got

    assert body["reason"] == STATE.message
    assert "1 of 3 steps failed." in body["text"]
    assert "Still in use: origin_tracks version 0" in body["text"]
    assert body["status"] in body["text"]
