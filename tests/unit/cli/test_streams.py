"""Standard streams that are closed, full or left by their reader, and modules of a user's own called like ours."""

import itertools
import subprocess
import sys
from pathlib import Path

import pytest

from genrelab_cli.own_packages import NAMES, PLACES

PROGRAM = f"{sys.executable} -m genrelab_cli.main"
SCRIPT = "import sys; from genrelab_cli.main import main; sys.argv[1:] = {}; main()"


def shell(
    line: str, home: Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line],
        env={"PATH": "/usr/bin:/bin", "GENRELAB_HOME": str(home), **environment},
        cwd=cwd or home,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "closed", ["".join(each) for n in (1, 2, 3) for each in itertools.combinations("012", n)]
)
def test_closed_streams_are_nobody_who_listens(tmp_path: Path, closed: str) -> None:
    """Any of them; the work is done, and no file takes their place."""

    told = tmp_path / "told"
    code = (
        "import os; from genrelab_cli.streams import open_closed; open_closed()\n"
        "import subprocess, sys; print('out'); print('err', file=sys.stderr); sys.stdout.flush()\n"
        f"f = open({str(told)!r}, 'w'); f.write(str(f.fileno())); f.close()\n"
        "subprocess.run(['echo', 'child'], check=True)"
    )
    done = shell(f'{sys.executable} -c "{code}" {" ".join(f"{each}>&-" for each in closed)}', tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(told.read_text()) > 2
    assert ("out" in done.stdout, "child" in done.stdout) == ("1" not in closed, "1" not in closed)
    assert ("err" in done.stderr) == ("2" not in closed)


def test_the_program_works_with_every_stream_closed(tmp_path: Path) -> None:
    """Its exit code is all that is left."""

    assert shell(f"{PROGRAM} tables <&- >&- 2>&-", tmp_path).returncode == 0


def test_output_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """Exit code 1, and nothing of the home's disk."""

    done = shell(f"{PROGRAM} doctor >/dev/full", tmp_path)
    assert done.returncode == 1
    assert "the output cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """As in `genrelab doctor | head -1`."""

    done = shell(f"{PROGRAM} doctor | true", tmp_path)
    assert done.stderr == ""


@pytest.mark.parametrize("kind", ["module", "package"])
@pytest.mark.parametrize("where", ["PYTHONPATH", "folder"])
def test_modules_called_like_ours_do_no_harm(tmp_path: Path, kind: str, where: str) -> None:
    """On PYTHONPATH for the installed program, in the current folder for `python -m`."""

    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name in set(NAMES) - {"genrelab_cli"}:
        file = theirs / f"{name}.py" if kind == "module" else theirs / name / "__init__.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text("raise SystemExit('theirs')\n")
    home = tmp_path / "home"
    home.mkdir()
    check = "import flows, tasks, expectations, genrelab; import tasks.run.step, flows.nightly"
    if where == "PYTHONPATH":
        done = shell(f'{sys.executable} -c "import genrelab_cli; {check}"', home, PYTHONPATH=str(theirs))
        assert done.returncode == 0, done.stderr
        line = SCRIPT.format(["tables"]).replace('"', "'")
        done = shell(f'{sys.executable} -c "{line}"', home, PYTHONPATH=str(theirs))
    else:
        done = shell(f"{PROGRAM} tables", home, cwd=theirs)
    assert done.returncode == 0, done.stderr
    assert "The lake is empty" in done.stdout


@pytest.mark.parametrize("first", [True, False])
def test_children_find_our_packages_first(tmp_path: Path, *, first: bool) -> None:
    """PYTHONPATH is changed only where something hides them."""

    theirs, harmless = tmp_path / "theirs", tmp_path / "harmless"
    theirs.mkdir()
    harmless.mkdir()
    (theirs / "flows.py").touch()
    given = str(theirs if first else harmless)
    code = (
        "import os; from genrelab_cli.own_packages import come_first_in_children; come_first_in_children(); "
        "print(os.environ['PYTHONPATH'])"
    )
    done = shell(f'{sys.executable} -c "{code}"', tmp_path, PYTHONPATH=given)
    assert done.stdout.strip() == (":".join([*PLACES, given]) if first else given)
