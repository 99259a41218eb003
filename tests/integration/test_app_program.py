"""`genrelab app` as a program: addresses, the token, ports, champions that are compiled, and its end."""

import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ports import free_port, listens
from program import Program, command
from served import small_champion

from genrelab.runtime.home import Home
from genrelab.runtime.proxies import open_url
from genrelab_cli.commands.app import TOKEN

PATIENCE = 60
SECRET = "sixteen-or-more-letters"  # noqa: S105 - made up


@contextmanager
def running(
    home: Path, *words: str, **settings: str
) -> Iterator["tuple[subprocess.Popen[bytes], Path, int]"]:
    """The program, its output and its port, once it answers."""
    port, log = free_port(), home / "app.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command(), "app", "--port", str(port), *words],
            env=Program(home, settings).environment,
            stdout=out,
            stderr=out,
        )
    try:
        wait_for(lambda: listens(port) or process.poll() is not None, log)
        yield process, log, port
    finally:
        process.kill()
        process.wait()


def wait_for(is_so, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)


def champions(port: int, token: str = "") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with open_url(
        urllib.request.Request(f"http://127.0.0.1:{port}/api/champions", headers=headers), timeout=10
    ) as got:
        found: dict[str, object] = json.load(got)
    return found


def test_it_answers_on_loopback_without_a_token_until_it_is_interrupted(tmp_path):
    """The address is printed; Ctrl-C ends it, and its second process."""

    small_champion(Home(tmp_path))
    with running(tmp_path) as (process, log, port):
        assert f"http://127.0.0.1:{port}" in log.read_text()
        assert "token" not in log.read_text()
        assert [each["name"] for each in champions(port)["champions"]] == ["spotify-bins-classic"]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert not listens(port)
        assert "Traceback" not in log.read_text()


def test_a_registry_that_cannot_be_reached_leaves_the_last_compiled_champion(tmp_path):
    """The list of champions says that the registry could not be read; predictions are answered."""

    small_champion(Home(tmp_path))
    address = f"http://127.0.0.1:{free_port()}"
    with running(tmp_path, MLFLOW_TRACKING_URI=address, MLFLOW_HTTP_REQUEST_MAX_RETRIES="0") as (
        _,
        log,
        port,
    ):
        wait_for(lambda: "could not be read" in champions(port)["missing"].get("compiling", ""), log)
        assert len(champions(port)["champions"]) == 1


def test_elsewhere_a_token_is_made_and_printed_once(tmp_path):
    """Without it 401, with it the answer."""

    with running(tmp_path, "--host", "0.0.0.0") as (_, log, port):  # noqa: S104 - in a test, behind a token
        [token] = re.findall(r"^token (\S+)", log.read_text(), flags=re.MULTILINE)
        with pytest.raises(urllib.error.HTTPError) as refused:
            champions(port)
        assert refused.value.code == 401
        assert champions(port, token)["champions"] == []
        assert log.read_text().count(token) == 1


def test_the_token_of_the_environment_is_never_printed(tmp_path):
    """It is in no output, also when a request with a wrong one is refused."""

    with running(tmp_path, "--host", "0.0.0.0", **{TOKEN: SECRET}) as (_, log, port):  # noqa: S104 - as above
        with pytest.raises(urllib.error.HTTPError):
            champions(port, "wrong")
        assert champions(port, SECRET)["champions"] == []
        assert SECRET not in log.read_text()


@pytest.mark.parametrize("token", ["short", "sixteen letters and blanks", "sechzehn-Zeichen-ä-ö-ü"])
def test_a_token_that_cannot_be_used_is_reported(tmp_path, token):
    """Without printing it."""

    done = Program(tmp_path, {TOKEN: token}).run("app", "--host", "0.0.0.0")  # noqa: S104 - it does not start
    assert done.returncode == 1
    assert TOKEN in done.stderr
    assert token not in done.stdout + done.stderr


def test_a_port_in_use_is_reported(tmp_path):
    """With a command that uses another."""

    with running(tmp_path) as (_, _log, port):
        done = Program(tmp_path).run("app", "--port", str(port))
        assert done.returncode == 1
        assert f"genrelab app --port {port + 1}" in done.stderr
