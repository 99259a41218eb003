"""The guide's "Several hosts", command by command, between two linked network namespaces."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
from postgresql import programs
from postgresql import running as postgresql
from prefect_session import prefect_session
from pull_rows import catalogue_rows, write
from seaweed import running as seaweed
from seaweed import weed
from two_hosts import Host, block, linked, refusal, wait

from genrelab.sources.fma.sample import write_sample
from genrelab.sources.origin import sample as origin_sample

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed (apt-get install postgresql)"),
    pytest.mark.skipif(weed() is None, reason="SeaweedFS (weed) is not installed"),
    pytest.mark.skipif(bool(why := refusal()), reason=why),
]
SERVER, PREFECT, MLFLOW = "10.0.0.1", "http://10.0.0.1:4200/api", "http://10.0.0.1:5000"
WORKER, PARENT = "genrelab serve", "mlflow.parentRunId"
PREFECT_SERVER = "genrelab_cli.servers.prefect_server"
NIGHT_SECONDS = 1800
FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


TRACKS = 600


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, Host]]:
    """Two hosts after the guide's commands: the servers on the first, a worker on each."""
    folder = tmp_path_factory.mktemp("hosts")
    files = write_files(folder / "data")
    with linked(folder) as (one, two), one.inside(), ExitStack() as servers:
        servers.enter_context(postgresql(Path(servers.enter_context(TemporaryDirectory())), SERVER, 5432))
        servers.enter_context(seaweed(folder / "s3", SERVER, 8333)).bucket("genrelab")
        servers.callback(one.close)  # before the servers that its programs use
        one.run(block("on 10.0.0.1"))
        wait(lambda: answers(f"{PREFECT}/health"), lambda: one.log(PREFECT_SERVER))
        wait(lambda: answers(f"{MLFLOW}/health"), lambda: one.log("mlflow server"))
        for host in (one, two):
            host.environment |= files
            host.run(block("on every host"))
        for host in (one, two):
            wait(lambda host=host: "started!" in host.log(WORKER), lambda host=host: host.log(WORKER))
        yield one, two
        two.close()


@pytest.fixture(scope="module")
def nights(hosts: tuple[Host, Host]) -> list[dict[str, Any]]:
    """Two nights that were started at once, when both have ended."""
    _, two = hosts
    start = block("on 10.0.0.2")
    two.run(start)
    two.run(start[-1:])
    return ended(hosts, 2)


def test_each_host_ran_one_and_one_waited(hosts: tuple[Host, Host], nights: list[dict[str, Any]]) -> None:
    """Both end well; the second waited for the first, then skipped what it had done."""
    assert [night["state"]["type"] for night in nights] == ["COMPLETED"] * 2, nights
    for host in hosts:
        assert sum(f"submitting flow run '{night['id']}'" in host.log(WORKER) for night in nights) == 1
    [first] = [night for night in nights if "Waiting" not in states_of(night)]
    [second] = [night for night in nights if "Waiting" in states_of(night)]
    assert set(steps_of(first).values()) <= {"Completed", "Skipped"}
    again = [step for step, state in steps_of(second).items() if state == "Completed"]
    assert [step.partition("-")[0] for step in again] == ["write_report"]


def test_tables_runs_and_aliases_are_there_once(
    hosts: tuple[Host, Host], nights: list[dict[str, Any]]
) -> None:
    """Both hosts read one version of each table, and MLflow holds each run and each champion once."""
    assert len(nights) == 2
    one, two = (json.loads(host.run(["genrelab tables --json"])) for host in hosts)
    assert one == two
    rows = {table["table"]: table["rows"] for table in one}
    assert rows["spotify_tracks"] == TRACKS
    assert {table["version"] for table in one} == {0}
    assert {version["version"] for version in champions()} == {"1"}
    runs = mlflow_runs()
    assert {run["info"]["status"] for run in runs} == {"FINISHED"}
    doubled = {name: count for name, count in Counter(map(identity, runs)).items() if count > 1}
    assert doubled == {}
    assert len({tag(run, "home") for run in runs}) == 1


def test_the_flow_of_a_killed_host_is_taken_over(
    hosts: tuple[Host, Host], nights: list[dict[str, Any]]
) -> None:
    """Worker and flow are killed in the middle: the next run, on the other host, works, and nothing is doubled."""
    one, two = hosts
    before = studies_of_origin()
    one.stop(WORKER)
    add_origins(one, seed=25)
    two.environment |= {"GENRELAB_ORIGIN": one.environment["GENRELAB_ORIGIN"]}
    two.stop(WORKER)
    said = len(two.log(WORKER))
    two.run(block("on every host")[-1:])
    two.run(block("on 10.0.0.2")[-1:])
    known = {night["id"] for night in nights}
    wait(lambda: of_nights(known), lambda: two.log(WORKER))
    [lost] = of_nights(known)
    wait(lambda: "study_origin" in two.log(WORKER)[said:], lambda: two.log(WORKER), NIGHT_SECONDS)
    two.kill(WORKER)

    one.run(block("on every host")[-1:])
    one.run(block("on 10.0.0.2")[-1:])
    [done] = ended(hosts, 1, {*known, lost["id"]})

    assert done["state"]["type"] == "COMPLETED", one.log(WORKER)
    assert state_of(lost) == "CRASHED"
    statuses = {run["info"]["status"] for run in mlflow_runs()}
    assert statuses <= {"FINISHED", "KILLED"}
    assert {version["version"] for version in champions()} == {"1"}
    assert json.loads(one.run(["genrelab tables --json"])) == json.loads(two.run(["genrelab tables --json"]))
    assert studies_of_origin() == 2 * before  # the first file's, and the second one's once


@pytest.mark.usefixtures("nights")
def test_the_night_after_a_kill_of_the_prefect_server_works(hosts: tuple[Host, Host]) -> None:
    """The server is killed in the middle of a night and started again; nothing is lost or doubled."""
    one, two = hosts
    before = studies_of_origin()
    add_origins(one, seed=26)
    two.environment |= {"GENRELAB_ORIGIN": one.environment["GENRELAB_ORIGIN"]}
    for host in hosts:
        if WORKER in host.servers:
            host.stop(WORKER)
    said = len(one.log(WORKER))
    known = {night["id"] for night in of_nights()}
    one.run(block("on every host")[-1:])
    two.run(block("on 10.0.0.2")[-1:])
    wait(lambda: "study_origin" in one.log(WORKER)[said:], lambda: one.log(WORKER), NIGHT_SECONDS)
    [hit] = of_nights(known)
    one.kill(PREFECT_SERVER)
    one.run([line for line in block("on 10.0.0.1") if PREFECT_SERVER in line])
    wait(lambda: answers(f"{PREFECT}/health"), lambda: one.log(PREFECT_SERVER))
    wait(lambda: state_of(hit) in FINAL, lambda: one.log(WORKER)[said:], NIGHT_SECONDS)

    two.run(block("on 10.0.0.2")[-1:])
    [done] = ended(hosts, 1, {*known, hit["id"]})

    assert done["state"]["type"] == "COMPLETED", one.log(WORKER)[said:]
    assert {version["version"] for version in champions()} == {"1"}
    assert {run["info"]["status"] for run in mlflow_runs()} <= {"FINISHED", "KILLED", "FAILED"}
    assert json.loads(one.run(["genrelab tables --json"])) == json.loads(two.run(["genrelab tables --json"]))
    assert studies_of_origin() == before + 1  # that of the new file, once


def write_files(folder: Path) -> dict[str, str]:
    """The three sources, small; return the settings that name them."""
    folder.mkdir()
    rows = catalogue_rows(TRACKS + 200, 11)
    write(folder / "info_1.csv", rows[:TRACKS])
    write_sample(folder / "fma_metadata", tracks=400)
    origin_sample.write_sample(folder / "origin.txt", seed=24)
    return {
        "GENRELAB_SPOTIFY": str(folder / "info_1.csv"),
        "GENRELAB_FMA": str(folder / "fma_metadata"),
        "GENRELAB_ORIGIN": str(folder / "origin.txt"),
    }


def add_origins(host: Host, seed: int) -> None:
    """Another file of origins, so that the next night computes its study anew."""
    path = Path(host.environment["GENRELAB_ORIGIN"]).with_name(f"origins_{seed}.txt")
    origin_sample.write_sample(path, seed=seed)
    host.environment["GENRELAB_ORIGIN"] = str(path)


def answers(url: str) -> bool:
    """Whether a server answers."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def asked(url: str, **words: Any) -> Any:
    """The answer of a server to a question in JSON."""
    with prefect_session(PREFECT) if url.startswith(PREFECT) else requests.Session() as session:
        answer = session.post(url, json=words, timeout=60)
    answer.raise_for_status()
    return answer.json()


def read(url: str, **words: Any) -> Any:
    """What a server shows at an address."""
    answer = requests.get(url, params=words, timeout=60)
    answer.raise_for_status()
    return answer.json()


def of_nights(but: Collection[str] = ()) -> list[dict[str, Any]]:
    """The runs of `nightly` that were started by hand, the oldest first."""
    found = asked(
        f"{PREFECT}/flow_runs/filter",
        flows={"name": {"any_": ["nightly"]}},
        flow_runs={"state": {"name": {"not_any_": ["Scheduled"]}}},
        sort="START_TIME_ASC",
    )
    return [run for run in found if run["id"] not in but and not run["auto_scheduled"]]


def ended(hosts: tuple[Host, Host], count: int, but: Collection[str] = ()) -> list[dict[str, Any]]:
    """So many nights that have ended, other than some."""

    def are_done() -> bool:
        final = [run for run in of_nights(but) if run["state"]["type"] in FINAL]
        return len(final) == count

    wait(are_done, lambda: "\n".join(host.log(WORKER)[-5000:] for host in hosts), NIGHT_SECONDS)
    return of_nights(but)


def state_of(run: dict[str, Any]) -> str:
    """The state of a run now."""
    [found] = [each for each in of_nights() if each["id"] == run["id"]]
    return str(found["state"]["type"])


def states_of(run: dict[str, Any]) -> list[str]:
    """The names of all states that a run had."""
    return [state["name"] for state in read(f"{PREFECT}/flow_run_states/", flow_run_id=run["id"])]


def steps_of(night: dict[str, Any]) -> dict[str, str]:
    """The state of each step of a night."""
    flows = asked(f"{PREFECT}/flow_runs/filter", flow_runs={"parent_flow_run_id": {"any_": [night["id"]]}})
    steps = asked(f"{PREFECT}/task_runs/filter", flow_runs={"id": {"any_": [flow["id"] for flow in flows]}})
    return {step["name"]: step["state"]["name"] for step in steps}


def mlflow_runs() -> list[dict[str, Any]]:
    """All runs in MLflow."""
    api = f"{MLFLOW}/api/2.0/mlflow"
    experiments = [
        each["experiment_id"] for each in asked(f"{api}/experiments/search", max_results=1000)["experiments"]
    ]
    found, page = [], ""
    while True:
        words = {"page_token": page} if page else {}
        answer = asked(f"{api}/runs/search", experiment_ids=experiments, max_results=1000, **words)
        found += answer.get("runs", [])
        if not (page := answer.get("next_page_token", "")):
            return found


def studies_of_origin() -> int:
    """How many runs of the experiment `origin` have ended well, without those below them."""
    api = f"{MLFLOW}/api/2.0/mlflow/experiments/get-by-name"
    found = read(api, experiment_name="origin")["experiment"]["experiment_id"]
    top = [run for run in mlflow_runs() if run["info"]["experiment_id"] == found and not tag(run, PARENT)]
    return sum(run["info"]["status"] == "FINISHED" for run in top)


def tag(run: dict[str, Any], name: str) -> str:
    """A tag of a run; empty if it has none."""
    return next((each["value"] for each in run["data"].get("tags", ()) if each["key"] == name), "")


def identity(run: dict[str, Any]) -> tuple[str, ...]:
    """What no two runs of one night share: experiment, name, task, rows with duplicates, and the run above."""
    names = ("task", "duplicates", PARENT)
    return (run["info"]["experiment_id"], run["info"]["run_name"], *(tag(run, name) for name in names))


def champions() -> list[dict[str, Any]]:
    """The version of each registered model that has the alias champion."""
    found = read(f"{MLFLOW}/api/2.0/mlflow/registered-models/search", max_results=1000)
    return [
        {"name": model["name"], **alias}
        for model in found.get("registered_models", ())
        for alias in model.get("aliases", ())
        if alias["alias"] == "champion"
    ]
