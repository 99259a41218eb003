"""One run at a time in one home, also between processes."""

import contextvars
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import NAME, BusyError, last_owner, lock_owner, one_run

HOLD = """
import sys, time
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run
with one_run(Home.find(), "train", when_busy="refuse"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(home: Home) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "GENRELAB_HOME": str(home.root)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_another_process_is_refused_and_told_by_whom(home: Home, other: "subprocess.Popen[str]") -> None:
    """The message names the flow, its process and since when, and what to do."""

    with pytest.raises(BusyError) as raised, one_run(home, "nightly", when_busy="refuse"):
        pytest.fail("two runs at once")
    said = str(raised.value)
    assert f"train, process {other.pid}, since " in said
    assert "wait for it to end" in said
    assert lock_owner(home).pid == other.pid


def test_a_killed_process_frees_the_lock_and_leaves_its_name(
    home: Home, other: "subprocess.Popen[str]"
) -> None:
    """After kill -9 the next run starts at once and knows what it comes after."""

    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    assert lock_owner(home) is None
    assert last_owner(home).pid == other.pid
    with one_run(home, "clean", when_busy="refuse"):
        assert last_owner(home).flow == "clean"
    assert last_owner(home).flow == "train", "a command tells nobody: the next flow does"
    with one_run(home, "nightly", when_busy="refuse") as held:
        assert held.left_behind.flow == "train"
        held.left_behind = None
    assert last_owner(home) is None


def test_a_run_that_may_wait_starts_when_the_other_ends(home: Home, other: "subprocess.Popen[str]") -> None:
    """It says once for whom it waits."""

    waited = []

    def end(owner) -> None:
        waited.append(owner.flow)
        other.kill()
        other.wait()

    with one_run(home, "nightly", when_busy="queue", on_wait=end):
        assert lock_owner(home).flow == "nightly"
    assert waited == ["train"]


def test_a_flow_inside_another_shares_its_lock(home: Home) -> None:
    """The night's branches do not wait for the night."""

    with one_run(home, "nightly", when_busy="refuse") as outer:
        with one_run(home, "train", when_busy="refuse") as inner:
            assert inner is outer
        assert lock_owner(home).flow == "nightly"


def test_another_thread_of_the_same_process_is_another_run(home: Home) -> None:
    """Only what runs inside the holder shares the lock."""

    found = []

    def try_it() -> None:
        try:
            with one_run(home, "train", when_busy="refuse"):
                found.append("held")
        except BusyError:
            found.append("refused")

    with one_run(home, "nightly", when_busy="refuse"):
        thread = threading.Thread(target=contextvars.Context().run, args=(try_it,))
        thread.start()
        thread.join()
    assert found == ["refused"]


def test_two_homes_do_not_wait_for_each_other(home: Home, tmp_path: Path) -> None:
    """The lock belongs to the home."""

    with (
        one_run(home, "nightly", when_busy="refuse"),
        one_run(Home(tmp_path / "other"), "nightly", when_busy="refuse") as second,
    ):
        assert second.owner.flow == "nightly"


def test_an_error_inside_a_run_frees_the_lock_and_leaves_nothing_behind(home: Home) -> None:
    """A failed run is no killed run."""

    with pytest.raises(ZeroDivisionError), one_run(home, "train", when_busy="refuse"):
        raise ZeroDivisionError
    with one_run(home, "train", when_busy="refuse") as held:
        assert held.left_behind is None


def test_a_deleted_lock_file_is_made_again(home: Home) -> None:
    """Whoever cleared data/state gets a lock that works in the next run."""

    with one_run(home, "train", when_busy="refuse"):
        (home.state / NAME).unlink()
        assert lock_owner(home) is None
    with one_run(home, "train", when_busy="refuse") as held:
        held.name_run("0123")
        assert json.loads((home.state / NAME).read_text())["flow_run_id"] == "0123"
