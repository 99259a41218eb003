"""A registry for the tests that need one: MLflow's database is migrated once a session and copied."""

import shutil
from pathlib import Path

import pytest
from champion_lab import TASK, Lab
from click.testing import CliRunner
from model_rows import spotify_binned

from genrelab.models.data import TaskData, prepare
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.main import cli


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MLflow's database, migrated once: 4 s."""
    home = Home(tmp_path_factory.mktemp("registry"))
    from tasks.tracking.client import connect  # noqa: PLC0415 - MLflow takes 3 s, and most tests here need none

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        connect(home).client.search_experiments()
    return home.mlruns


@pytest.fixture(scope="session")
def data() -> TaskData:
    """Rows whose gate has enough of them to tell models apart."""
    return prepare(TASK, {"spotify_binned": spotify_binned(2_000)})


@pytest.fixture
def lab(migrated: Path, home: Home, data: TaskData, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A home with an empty registry; what would go to Prefect is kept in `Lab.published`."""
    from tasks.tracking.client import connect  # noqa: PLC0415
    from tasks.training import champion  # noqa: PLC0415

    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copytree(migrated, home.mlruns)
    made = Lab(home, connect(home), data)
    monkeypatch.setattr(champion, "publish_text", lambda *told: made.published.append(told))
    return made


@pytest.fixture
def champion_command():
    """Runs `genrelab champion ...` in this process."""

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["champion", *words])
        return (
            (1, str(done.exception))
            if isinstance(done.exception, GenrelabError)
            else (done.exit_code, done.output)
        )

    return run
