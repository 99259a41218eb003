"""Errors that nobody foresaw: a sentence, a file, no secret."""

import errno
import logging

import pytest

from genrelab.runtime.access import AccessError
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.unexpected import KEPT, explain, first_line, kept, mask, write_down
from genrelab_cli import main as program
from genrelab_cli.commands.doctor import find_out
from tasks.run.step import Outcome, failures, run_step


def raised(error: Exception, cause: Exception | None = None) -> Exception:
    """An error as it is caught, with a traceback."""
    try:
        raise error from cause  # noqa: TRY301 - that is the point
    except Exception as caught:  # noqa: BLE001 - any that is passed
        return caught


class MlflowError(Exception):
    """As MLflow raises it."""


MlflowError.__module__ = "mlflow.exceptions"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError("Unable to allocate 9 TiB"), "out of memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/y.csv"), "/x/y.csv cannot be "),
        (FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']"), "export TMPDIR"),
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (RuntimeError("Failed to reach API at http://127.0.0.1:9/api/"), "is not a Prefect server"),
        (
            MlflowError("API request to http://127.0.0.1:9 failed: Max retries exceeded"),
            "no longer answers",
        ),
    ],
)
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_known_causes_are_sentences(home: Home, error: Exception, said: str, *, is_wrapped: bool) -> None:
    """Also below the errors that libraries wrap around them."""

    caught = raised(RuntimeError("flow run failed"), error) if is_wrapped else raised(error)
    found = explain(caught, home, "train")
    assert isinstance(found, GenrelabError)
    assert said in str(found)


def test_our_own_errors_are_told_as_they_are(home: Home) -> None:
    """Whatever a library wrapped around them."""

    ours = GenrelabError("a table is missing", do="run it")
    assert explain(raised(RuntimeError("x"), ours), home, "x") is ours
    assert explain(raised(KeyError("x")), home, "x") is None


def test_a_database_that_cannot_be_written_names_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's own words name none."""

    from genrelab.runtime import access  # noqa: PLC0415 - patched here only

    home.prefect.mkdir()
    database = home.prefect / "prefect.db"
    database.touch()
    monkeypatch.setattr(access.os, "access", lambda path, _: path != database)
    found = explain(raised(RuntimeError("attempt to write a readonly database")), home, "x")
    assert isinstance(found, AccessError)
    assert str(database) in found.what


def test_a_traceback_is_kept_without_secrets(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the environment, of addresses and of headers."""

    monkeypatch.setenv("SPOTIPY_CLIENT_SECRET", "sesame-1")
    monkeypatch.setenv("MY_API_KEY", "sesame-2")
    words = "sesame-1 sesame-2 postgresql://me:p@sesame-3@db/x Bearer sesame-4 ?api_key=sesame-5&x=1"
    error = raised(ValueError(words))
    file = write_down(error, home, "champion show")
    assert file is not None
    text = file.read_text()
    assert "Traceback" in text
    assert "ValueError" in text
    assert "sesame" not in text + first_line(error) + mask(words)
    assert write_down(error, home, "again") == file, "one error is written down once"


def test_the_newest_tracebacks_are_kept(home: Home) -> None:
    """A failing night every night does not fill the disk."""

    files = [write_down(raised(ValueError(str(number))), home, "x") for number in range(KEPT + 3)]
    assert kept(home) == files[3:]


def test_a_traceback_that_cannot_be_written_costs_nothing(home: Home) -> None:
    """The sentence is said all the same."""

    home.state.mkdir(parents=True)
    (home.state / "errors").touch()
    assert write_down(raised(ValueError("x")), home, "x") is None


def run_main(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException, *words: str
):
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("genrelab_cli.commands.tables.print_tables", fail)
    monkeypatch.setattr(program.sys, "argv", ["genrelab", *(words or ("tables",))])
    monkeypatch.setattr(program, "open_closed", lambda: None)
    with pytest.raises(SystemExit) as ended:
        program.main()
    return ended.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyError("x"), 1, "tables failed with an unexpected error; found: KeyError: 'x'"),
        (UnicodeEncodeError("utf-8", "\udcfc", 0, 1, "surrogates not allowed"), 1, "UnicodeEncodeError"),
        (MemoryError(), 1, "out of memory"),
        (RecursionError("too deep"), 1, "RecursionError"),
        (GenrelabError("no"), 1, "genrelab: no"),
        (KeyboardInterrupt(), 130, "stopped"),
        (SystemExit(3), 3, ""),
    ],
)
def test_the_program_never_ends_by_a_traceback(
    home: Home, capsys, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    """A sentence and an exit code; the traceback of what is not known lies in a file, which doctor names."""

    found, told = run_main(capsys, monkeypatch, error)
    assert found == code
    assert said in told
    assert "Traceback" not in told
    is_unknown = "unexpected error" in told
    assert bool(kept(home)) == is_unknown
    said_by_doctor = [finding.says for finding in find_out(home) if "unexpected errors" in finding.says]
    assert [str(kept(home)[0]) in said for said in said_by_doctor] == ([True] if is_unknown else [])


def test_verbose_shows_the_traceback(home: Home, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the sentence."""

    _, told = run_main(capsys, monkeypatch, KeyError("x"), "--verbose", "tables")
    assert "Traceback" in told
    assert "tables failed with an unexpected error" in told
    assert home.state.is_dir()


def test_a_step_keeps_the_traceback_of_what_it_does_not_know(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Its record names the file; an error with a known cause is a failed state instead."""

    def work() -> Outcome:
        raise errors.pop()

    errors: list[Exception] = [MemoryError(), KeyError("x")]
    with caplog.at_level(logging.INFO, "genrelab"), pytest.raises(KeyError):
        run_step("odd", home, {}, work)
    assert f"KeyError: 'x'; to do: read the traceback in {kept(home)[0]}" in failures(home)["odd"].message
    state = run_step("odd", home, {}, work)
    assert state.is_failed()
    assert "out of memory" in state.message
    assert len(kept(home)) == 1
