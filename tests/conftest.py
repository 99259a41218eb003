"""Fixtures shared by all tests."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hostile_s3 import HostileS3, serving
from hypothesis import HealthCheck, settings

from genrelab.lake.lake import Lake
from genrelab.lake.storage import WORK, bucket_of, storage_of
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    from seaweed import Seaweed

    from genrelab.lake.bucket import Bucket
    from genrelab.runtime.dask_workers import DaskWorkers

PROJECT = Path(__file__).resolve().parents[1]
MINE = """name = "mine"
decision = "first"

[[rule]]
bin = "rap/hip hop"
pattern = 'rap|hip hop'
proofs = ["pop rap"]

[[rule]]
bin = "pop"
pattern = 'pop|comedy'
proofs = ["dance pop"]
"""

# One profile for every property: a busy machine is no counterexample. A CI run draws the same examples each time, so
# that it fails only for a change; elsewhere each run draws new ones, and a failure prints what repeats it.
settings.register_profile(
    "genrelab",
    deadline=None,
    print_blob=True,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("genrelab")


# The workers of pytest-xdist use every core already. With threads of their own too, which wait for each other by
# spinning, fitting K-means to 600 rows takes 40 times the processor time. OpenMP reads both when it is loaded.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


def pytest_configure() -> None:
    """No test talks to the servers that whoever runs them uses, and each process of the tests uses one core."""
    for name in ("MLFLOW_TRACKING_URI", "PREFECT_API_URL", "GENRELAB_LAKE"):
        os.environ.pop(name, None)
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)


@pytest.fixture(autouse=True)
def _environment_put_back() -> Iterator[None]:
    """What a test leaves in the environment ends with it; MLflow writes its address there on its own."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="session")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DaskWorkers"]:
    """Two workers of Dask on this machine, one thread each, which all tests share."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    from genrelab.runtime.dask_workers import DaskWorkers  # noqa: PLC0415 - few tests need them

    home = Home(tmp_path_factory.mktemp("dask"))
    with DaskWorkers(home, 2) as workers:
        yield workers
    assert storage_of(home).sizes(WORK) == {}, "what was put into the lake for the workers is removed"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files, named by GENRELAB_REAL_DATA; the test is skipped when it is absent."""
    folder = Path(os.environ.get("GENRELAB_REAL_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder


@pytest.fixture(scope="session")
def synthetic_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of synthetic files in the layouts of the real ones, for what holds of both."""
    from synthetic_files import write_files  # noqa: PLC0415 - few tests need them

    return write_files(tmp_path_factory.mktemp("synthetic"))


@pytest.fixture(scope="session", params=["synthetic", pytest.param("real", marks=pytest.mark.real)])
def any_data(request: pytest.FixtureRequest) -> Path:
    """First the synthetic files, then the real ones: what a test says holds of both."""
    found: Path = request.getfixturevalue(f"{request.param}_data")
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home that the code under test finds through GENRELAB_HOME."""
    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path))
    return Home(tmp_path)


@pytest.fixture
def lake(home: Home) -> Lake:
    """An empty lake."""
    return Lake(home)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A rule set of a user's own, without fault."""
    path = tmp_path / "mine.toml"
    path.write_text(MINE)
    return path


@pytest.fixture(scope="session")
def prefect_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of Prefect's with all its tables, the same for all processes of pytest-xdist."""
    from program import migrated_prefect  # noqa: PLC0415 - few tests need one

    own = tmp_path_factory.getbasetemp()
    return migrated_prefect(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def shared_prefect(
    tmp_path_factory: pytest.TempPathFactory, prefect_database: Path
) -> Iterator[dict[str, str]]:
    """Settings of a user whose Prefect server runs all the time.

    For tests that are about something else: a server of its own with a new database takes a program 12 s of its 16.
    """
    from program import prefect_server  # noqa: PLC0415 - few tests need one

    with prefect_server(tmp_path_factory.mktemp("prefect"), prefect_database) as url:
        yield {"PREFECT_API_URL": url}


@pytest.fixture
def home_with_prefect(tmp_path: Path, prefect_database: Path) -> Path:
    """An empty home, but for Prefect's tables."""
    folder = tmp_path / "home" / ".prefect"
    folder.mkdir(parents=True)
    shutil.copy(prefect_database, folder)
    return folder.parent


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Seaweed"]:
    """A real S3 server; the test is skipped where it is not installed."""
    from seaweed import running, weed  # noqa: PLC0415 - few tests need one

    pytest.importorskip("boto3", reason="boto3 is not installed")
    if weed() is None:
        pytest.skip("SeaweedFS (weed) is not installed")
    with running(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


@pytest.fixture
def s3_location(s3_server: "Seaweed", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket, where the code under test finds the lake of the home in `tmp_path`."""
    address = f"{s3_server.bucket(f'lake-{uuid.uuid4()}')}/here"
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GENRELAB_LAKE", address)
    monkeypatch.setenv("GENRELAB_HOME", str(tmp_path))
    return address


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole report on made-up facts."""
    from report_facts import made_facts  # noqa: PLC0415 - they are computed in part, and few tests need them

    from genrelab.report.site import write_site  # noqa: PLC0415

    return write_site(made_facts(), tmp_path_factory.mktemp("reports") / "run").parent


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileS3]:
    """A stand-in for an object store that works, and that programs know from the environment."""
    with serving() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def bucket(home: Home, store: HostileS3) -> "Bucket":  # noqa: ARG001 - the server of the bucket
    """The lake of a home in the bucket of the stand-in."""
    found = bucket_of(home)
    assert found is not None
    return found
