"""The commands that look, and the mistakes that users make."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from program import Program, command

from genrelab.analyses.registry import STUDIES
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run
from genrelab.tables import TABLES

HEAVY = ("duckdb", "great_expectations", "mlflow", "pandas", "prefect", "sklearn", "xgboost", "scipy")


@pytest.fixture
def program(shared_prefect: dict[str, str], tmp_path: Path) -> Program:
    return Program(tmp_path / "home", shared_prefect)


@pytest.mark.parametrize(
    "words",
    [["--help"], ["tables"], ["doctor"], ["train", "--help"], ["export", "--help"], ["sql", "--help"]],
)
def test_nothing_heavy_is_imported_to_answer(words: list[str], tmp_path: Path) -> None:
    """Help and the list of tables answer at once because they import next to nothing."""

    code = (
        f"import sys; sys.argv[1:] = {words}; from genrelab_cli.main import main\n"
        "try: main()\nfinally: print('|'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"GENRELAB_HOME": str(tmp_path)},
    )
    modules = set(done.stdout.splitlines()[-1].split("|"))
    assert modules.isdisjoint(HEAVY)
    assert "click" in modules


def test_every_flow_has_a_command_and_a_deployment(tmp_path: Path) -> None:
    """File stem, flow name, deployment name and command are one name."""

    import yaml  # noqa: PLC0415

    project = Path(__file__).resolve().parents[2]
    files = {file.stem: file.stem for file in (project / "flows").glob("[a-z]*.py")}
    flows = {**files, **dict.fromkeys(STUDIES, "studies")}
    del flows["studies"]
    deployed = yaml.safe_load((project / "prefect.yaml").read_text())["deployments"]
    shown = Program(tmp_path).run("--help").stdout
    assert {each["name"] for each in deployed} == set(flows)
    assert {each["entrypoint"] for each in deployed} == {
        f"flows/{file}.py:{name}" for name, file in flows.items()
    }
    assert all(name.replace("_", "-") in shown for name in flows)


def test_clean_waits_for_a_run_or_is_refused_as_configured(program: Program) -> None:
    """It removes what a run may be about to read, so it takes the same lock as the flows."""

    home = Home(program.home)
    home.state.mkdir(parents=True)
    with one_run(home, "by_hand", when_busy="refuse"):
        waiting = subprocess.Popen(
            [*command(), "clean"],
            env=program.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        assert "waiting for another run to end: by_hand" in waiting.stderr.readline()
    printed, _ = waiting.communicate(timeout=120)
    assert waiting.returncode == 0
    assert "nothing to remove" in printed

    (program.home / "genrelab.toml").write_text('[schedule]\nwhen_busy = "refuse"\n')
    with one_run(home, "by_hand", when_busy="refuse"):
        refused = program.run("clean")
    assert refused.returncode == 1
    assert "clean was refused: another run is in progress" in refused.stderr


def test_no_flow_shadows_a_module() -> None:
    """Prefect puts flows/ at the head of the path: a flow named like a module would hide it."""

    project = Path(__file__).resolve().parents[2]
    names = [file.stem for file in (project / "flows").glob("[a-z]*.py")]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import importlib.util, sys; print([n for n in sys.argv[1:] if importlib.util.find_spec(n)])",
            *names,
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ingest-spotify", "--spotify", "no/such/folder"], "no such file or folder"),
        (["ingest-fma", "--fma", "no/such.zip"], "no/such.zip"),
        (["ingest-origin", "--origin", "no/such.txt"], "no/such.txt"),
        (["export", "spotify_tracks", "x.csv"], "has not been published"),
        (["export", "spotify_tracks", "x.docx"], "allowed: .parquet, .csv"),
        (["train", "--budget", "huge"], "'huge' is not one of"),
        (["fly"], "No such command"),
    ],
)
def test_a_mistake_is_a_message_and_no_traceback(program: Program, words: list[str], said: str) -> None:
    """The exit code is not 0, the message names the mistake, and no traceback is shown."""

    done = program.quick(*words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_an_empty_lake_says_how_to_fill_it(program: Program) -> None:
    """The newcomer's first `genrelab tables`."""

    assert "genrelab nightly" in program.run("tables").stdout


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_is_exported_in_source_order(program: Program, tmp_path: Path, ending: str) -> None:
    """info_2 comes before info_10, and lists survive as JSON in a CSV."""

    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    data = pa.table(
        {"source": ["info_10.csv", "info_2.csv"], "source_row": [1, 1], "genres": [["opm"], ["a, b", "c"]]}
    )
    Lake(Home(program.home)).publish("spotify_tracks", data, Counts(2, 2), source="x", is_sample=False)
    file = tmp_path / f"out.{ending}"
    done = program.run("export", "spotify_tracks", str(file))
    assert done.returncode == 0, done.stderr
    frame = pd.read_csv(file) if ending == "csv" else pd.read_parquet(file)
    assert frame["source"].tolist() == ["info_2.csv", "info_10.csv"]
    assert list(frame["genres"][0]) == (list('["a, b", "c"]') if ending == "csv" else ["a, b", "c"])


def test_tables_line_up_and_add_up(program: Program) -> None:
    """Every number stands under its heading."""

    table = TABLES["origin_tracks"]
    Lake(Home(program.home)).publish(
        table.name, table.schema.empty_table(), Counts(3, 0, 2, 1), source="x", is_sample=True
    )
    head, line = program.run("tables").stdout.splitlines()
    assert head.split()[:6] == ["table", "version", "read", "rows", "quarantined", "duplicates"]
    assert line.split()[:7] == ["origin_tracks", "0", "3", "0", "2", "1", "yes"]
    assert head.index("duplicates") + len("duplicates") == line.index(" 1  yes") + 2


def test_a_run_needs_no_proxy_no_listener_and_no_free_names(home_with_prefect: Path, tmp_path: Path) -> None:
    """Dead proxies, closed streams and modules called like ours on PYTHONPATH, all at once."""

    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name in ("flows", "tasks", "expectations", "genrelab"):
        (theirs / f"{name}.py").write_text("raise SystemExit('theirs')\n")
    dead = dict.fromkeys(("http_proxy", "HTTPS_PROXY", "HTTP_PROXY"), "http://127.0.0.1:9")
    dead |= {"ALL_PROXY": "socks5://127.0.0.1:9", "no_proxy": "", "NO_PROXY": ""}
    program = Program(home_with_prefect, {**dead, "PYTHONPATH": str(theirs)})
    code = "import sys; from genrelab_cli.main import main; sys.argv[1:] = ['scrape']; main()"
    done = subprocess.run(
        ["bash", "-c", '"$@" <&- >&- 2>&-', "bash", sys.executable, "-c", code],
        env=program.environment,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0
    assert program.tables()["spotify_tracks"]["rows"] > 1_000


@pytest.mark.parametrize(
    "words", [["predict"], ["train"], ["champion", "show"], ["clean", "--dry-run"], ["doctor"]]
)
def test_an_mlflow_server_that_is_gone_is_told_at_once(program: Program, words: list[str]) -> None:
    """Its own client would try for minutes; nothing is started before."""

    gone = replace(
        program, settings={**program.settings, "MLFLOW_TRACKING_URI": "http://me:sesame@127.0.0.1:1"}
    )
    started = time.monotonic()
    done = gone.quick(*words)
    assert done.returncode == 1
    assert time.monotonic() - started < 60
    said = done.stdout + done.stderr
    assert "MLflow" in said
    assert "does not answer" in said
    assert "sesame" not in said
    assert "Traceback" not in said
