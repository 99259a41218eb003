"""Which hosts may work for a pool, and which runs a worker refuses."""

from types import SimpleNamespace
from typing import Any, Self

import pytest
from hostile_s3 import HostileS3
from prefect.exceptions import ObjectNotFound
from prefect.runtime import deployment

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.commands.work_pool import _join, require_shared_places
from tasks.run.release import release, require_same_release
from tasks.tracking.place import TrackingError

SHARED = {"PREFECT_API_URL": "http://prefect:4200/api", "MLFLOW_TRACKING_URI": "http://127.0.0.1:1"}


class Pool:
    """A client of a Prefect server that knows one pool."""

    def __init__(self, kind: str = "", workers: tuple[tuple[str, str], ...] = ()) -> None:
        self.kind, self.workers = kind, workers

    def __call__(self, **_: object) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read_work_pool(self, name: str) -> Any:
        """The pool."""
        if not self.kind:
            raise ObjectNotFound(ValueError(name))
        return SimpleNamespace(type=self.kind)

    def create_work_pool(self, pool: Any) -> None:
        """Make it."""
        self.kind = pool.type

    def read_workers_for_work_pool(self, _: str) -> list[Any]:
        """Its workers: name and state of each."""
        return [SimpleNamespace(name=name, status=status) for name, status in self.workers]


def join(monkeypatch: pytest.MonkeyPatch, pool: Pool) -> None:
    """Join a pool as the worker `mine`."""
    monkeypatch.setattr("prefect.client.orchestration.get_client", pool)
    _join("genrelab", "mine")


@pytest.mark.parametrize("missing", ["PREFECT_API_URL", "GENRELAB_LAKE", "MLFLOW_TRACKING_URI"])
def test_a_host_whose_results_others_would_not_see_is_refused(
    home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """The message names what is not set."""

    for name, value in {**SHARED, **store.environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(missing)
    with pytest.raises(GenrelabError, match=f"found: not set: .*{missing}.*; allowed: one Prefect server"):
        require_shared_places(home, "genrelab")


def test_a_database_in_a_home_is_no_mlflow_for_several_hosts(
    home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite in a file is this host's alone."""

    for name, value in {**SHARED, **store.environment, "MLFLOW_TRACKING_URI": "sqlite:////mlflow.db"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(GenrelabError, match="not set: MLFLOW_TRACKING_URI"):
        require_shared_places(home, "genrelab")


def test_a_server_that_does_not_answer_is_reported_before_the_host_joins(
    home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the first run that Prefect gives it."""

    for name, value in {**SHARED, **store.environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(TrackingError, match="the MLflow server does not answer"):
        require_shared_places(home, "genrelab")


def test_a_pool_has_a_name_that_prefect_takes(home: Home) -> None:
    """No slashes."""

    with pytest.raises(GenrelabError, match="'a/b'; allowed: letters, digits"):
        require_shared_places(home, "a/b")


def test_a_pool_is_made_if_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of processes."""

    pool = Pool()
    join(monkeypatch, pool)
    assert pool.kind == "process"


def test_a_pool_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool of containers, for instance."""

    with pytest.raises(GenrelabError, match="found: a pool of type docker; allowed: process"):
        join(monkeypatch, Pool("docker"))


def test_workers_of_one_release_join_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker of another release that is no longer online is of the past."""

    join(
        monkeypatch,
        Pool("process", ((f"two 1a {release()}", "ONLINE"), ("two 1a genrelab 0.0.1+0", "OFFLINE"))),
    )


def test_a_worker_of_another_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run would repeat all steps with the code of its host."""

    with pytest.raises(GenrelabError, match=r"found: two 1a genrelab 0.0.1\+0; allowed: genrelab"):
        join(monkeypatch, Pool("process", (("two 1a genrelab 0.0.1+0", "ONLINE"),)))


@pytest.mark.parametrize(
    ("registered", "is_refused"),
    [("genrelab 0.0.1+0", True), (release(), False), ("a5b3", False), ("", False)],
)
def test_a_run_of_another_release_is_refused(
    monkeypatch: pytest.MonkeyPatch, registered: str, is_refused: bool
) -> None:
    """Prefect's own commands register deployments by a hash of a file, which says nothing of the release."""

    monkeypatch.setenv("PREFECT__FLOW_RUN_ID", "1")
    monkeypatch.setitem(
        vars(deployment), "version", registered
    )  # setattr would ask a server for the old value
    if is_refused:
        with pytest.raises(GenrelabError, match="this worker runs another release"):
            require_same_release()
    else:
        require_same_release()


def test_a_run_that_a_command_started_asks_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a deployment says."""

    monkeypatch.delenv("PREFECT__FLOW_RUN_ID", raising=False)
    monkeypatch.setitem(vars(deployment), "version", "genrelab 0.0.1+0")
    require_same_release()
