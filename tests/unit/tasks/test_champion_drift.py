"""Drift since champions were trained: it adds up what each version hides, and it ends."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from drift_facts import tracks

from genrelab.analyses.drift.result import DriftStatus
from genrelab.lake.lake import Lake
from genrelab.lake.lineage import lineage_tags
from genrelab.lake.retention import compared_versions
from genrelab.lake.version import Counts
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from tasks import drift as step
from tasks.drift_status import accept, metrics_of, read_status, tag_of
from tasks.measure_drift import measure_drift
from tasks.tracking.champion_versions import RegisteredChampion
from tasks.training.table_drift import blocking

TABLE, CLASSIC, REVIEWED = "spotify_binned", "spotify-bins-classic", "spotify-bins-reviewed"
ROWS, POP = 2_500, 0.317
Night = Callable[..., DriftStatus]
Train = Callable[..., None]


def thinner(data: pa.Table, share: float, seed: int) -> pa.Table:
    """The tracks without a share of pop."""
    is_pop = np.array([label == "pop" for label in data["bin_classic"].to_pylist()])
    dropped = np.random.default_rng(seed).choice(
        np.flatnonzero(is_pop), int(is_pop.sum() * share), replace=False
    )
    return data.take(np.setdiff1d(np.arange(len(data)), dropped))


def pop_of(data: pa.Table) -> float:
    """Share of pop by the classic rules."""
    return data["bin_classic"].to_pylist().count("pop") / len(data)


@pytest.fixture(autouse=True)
def champions(monkeypatch: pytest.MonkeyPatch) -> dict[str, RegisteredChampion]:
    """The champions that the step finds."""
    found: dict[str, RegisteredChampion] = {}
    monkeypatch.setattr(step, "champions_of", lambda *_: list(found.values()))
    monkeypatch.setattr(step, "publish_rows", lambda *_: None)
    return found


@pytest.fixture
def train(lake: Lake, champions: dict[str, RegisteredChampion]) -> Train:
    """Promotes a model that was trained on a version, the newest or a given one."""

    def promote(name: str = CLASSIC, version: int | None = None, **tags: str) -> None:
        number = str(int(champions[name].version) + 1) if name in champions else "1"
        made = int(datetime.now(UTC).timestamp() * 1000)
        found = lake.find(TABLE, version)
        assert found
        champions[name] = RegisteredChampion(name, number, made, tags or lineage_tags([found]))

    return promote


@pytest.fixture
def night(lake: Lake, home: Home) -> Night:
    """Publishes a version, runs the step, and returns the status of the table."""

    def run(data: pa.Table | None = None, source: str = "/data/pulls") -> DriftStatus:
        if data is not None:
            counts = Counts(len(data), len(data))
            lake.publish(TABLE, data, counts, source=source, is_sample=source == "sample")
        run.state = measure_drift.fn(Settings(home=home))
        status = read_status(home, TABLE)
        assert status
        return status

    return run


def test_a_slow_change_is_found_since_training_before_pop_has_halved(
    night: Night, train: Train, home: Home
) -> None:
    """25 versions that each drop 7 % of pop: none drifted since the last one, 31.7 % became 7.0 %."""

    data = tracks(ROWS, 1, pop=POP)
    night(data)
    train()
    first = pop_of(data)
    raised = []
    for number in range(25):
        data = thinner(data, 0.07, number)
        status = night(data)
        assert status.findings == (), "each version is like the last one"
        (since,) = status.champions
        if since.is_open:
            raised.append(pop_of(data))
            assert [(one.column, one.name) for one in since.findings] == [("bin_classic", "pop")]

    assert pop_of(data) < 0.25 * first
    assert raised[0] > 0.5 * first
    assert len(raised) > 15, "it stays open until somebody has looked"
    (sentence,) = blocking(home, [TABLE], CLASSIC)
    assert sentence.startswith(
        "drift: spotify_binned version 25 against version 0, on which the champion of spotify-bins-classic was "
        "trained: bin_classic pop from "
    )
    assert "DRIFTED, version 25 against version 0, on which the champion" in night.state.message


@pytest.fixture
def drifted(night: Night, train: Train) -> list[pa.Table]:
    """Five versions, of which the last is open since training alone."""
    versions = [tracks(ROWS, 1, pop=POP)]
    night(versions[0])
    train()
    for number in range(4):
        versions.append(thinner(versions[-1], 0.07, number))
        status = night(versions[-1])
    assert not status.is_open
    assert status.waits
    return versions


@pytest.mark.usefixtures("drifted")
def test_it_blocks_the_model_whose_champion_it_concerns(night: Night, train: Train, home: Home) -> None:
    """Not one whose champion was trained on the newest version, nor one that does not read the column."""

    train(REVIEWED)
    night()
    assert blocking(home, [TABLE], REVIEWED) == []
    assert blocking(home, {TABLE: ("energy", "tempo")}, CLASSIC) == []
    assert len(blocking(home, {TABLE: ("energy", "bin_classic")}, CLASSIC)) == 1
    own = {"concerns": lambda model: model == CLASSIC}
    assert "bin_classic pop from" in tag_of(home, [TABLE], **own)
    metrics = metrics_of(home, [TABLE], ["energy"], **own)
    assert metrics["drift_since_training/max_class_share"] > 0.05 > metrics["drift/max_class_share"]
    other = tag_of(home, [TABLE], lambda model: model == REVIEWED)
    assert other == "spotify_binned: none against version 3"


def test_accepting_it_makes_the_accepted_version_the_one_to_compare_with(
    drifted: list[pa.Table], night: Night, home: Home
) -> None:
    """No alarm the next nights, another one after the same change again; the accepted version is kept."""

    accepted = accept(home, TABLE, "pop is leaving for good")
    assert (accepted.accepted, accepted.champions[0].accepted.reason) == (None, "pop is leaving for good")
    assert blocking(home, [TABLE], CLASSIC) == []
    assert "accepted, version 4 against version 0" in (night(), night.state.message)[1]
    assert night(drifted[-1]).champions[0].accepted, "the same content under another number"

    data, opened = drifted[-1], []
    for number in range(10, 18):
        data = thinner(data, 0.07, number)
        (since,) = night(data).champions
        opened.append(since.is_open)
    assert since.earlier.version == 5
    assert (
        "against version 5, accepted after the champion of spotify-bins-classic was trained on version 0"
        in (blocking(home, [TABLE], CLASSIC)[0])
    )
    assert opened == sorted(opened)
    assert not any(opened[:3])
    assert opened[-1]
    assert 5 in compared_versions(home, TABLE)


@pytest.mark.usefixtures("drifted")
def test_a_new_champion_is_a_new_start(night: Night, train: Train, home: Home) -> None:
    """One trained on the newest version has no comparison and a step without a change is skipped; a rollback has."""

    accept(home, TABLE, "pop is leaving for good")
    night()
    train()
    assert night().champions == ()
    night()
    assert night.state.name == "Unchanged"
    train(version=0)
    assert [one.is_open for one in night().champions] == [True]


def test_it_ends_when_the_data_return(drifted: list[pa.Table], night: Night, home: Home) -> None:
    """Nobody has to accept anything."""

    (since,) = night(drifted[1]).champions
    assert (since.status, since.findings) == ("compared", ())
    assert blocking(home, [TABLE], CLASSIC) == []


def test_champions_of_one_version_share_a_comparison(night: Night, train: Train) -> None:
    """With the columns that any of them reads; what none reads is left out."""

    night(tracks(600, 1))
    train()
    train(REVIEWED)
    (since,) = night(tracks(700, 2)).champions
    assert since.champions == {CLASSIC: "1", REVIEWED: "1"}
    assert [one.column for one in since.classes] == ["bin_classic", "bin_reviewed"]
    assert not {"popularity", "key"} & {one.feature for one in since.features}


def test_the_same_version_is_measured_once(night: Night, train: Train) -> None:
    """The last version is often that of the champion; both comparisons then say the same."""

    night(tracks(600, 1))
    train()
    status = night(tracks(700, 2, louder=0.2))
    (since,) = status.champions
    measured = {one.feature: one for one in status.features}
    assert since.earlier == status.earlier
    assert all(measured[one.feature] == one for one in since.features)
    assert {one.column for one in since.findings} == {one.column for one in status.findings}


def test_a_training_version_that_the_lake_has_lost_is_named(
    lake: Lake, night: Night, train: Train, home: Home
) -> None:
    """A rebuilt lake has other versions of the same number, and files may be gone: nothing to compare, no block."""

    night(tracks(600, 1))
    train(table=TABLE, tables=f'{{"{TABLE}": "0@2020-01-01T00:00:00+00:00"}}')
    (since,) = night(tracks(700, 2, louder=0.2)).champions
    assert since.status == "lost"
    assert "the lake no longer has that version" in night.state.message
    assert not [one for one in blocking(home, [TABLE], CLASSIC) if "champion" in one]
    train(version=0)
    for file in lake.files(TABLE, 0):
        file.unlink()
    (since,) = night(tracks(800, 3)).champions
    assert since.status == "lost"


def test_an_open_drift_outlives_the_training_version(
    lake: Lake, drifted: list[pa.Table], night: Night, home: Home
) -> None:
    """Nobody can say that it is over; accepting it ends it, and later versions are compared with the accepted one."""

    for file in lake.files(TABLE, 0):
        file.unlink()
    (since,) = night(thinner(drifted[-1], 0.01, 7)).champions
    assert (since.status, since.is_open) == ("lost", True)
    accept(home, TABLE, "looked at")
    assert blocking(home, [TABLE], CLASSIC) == []
    (since,) = night(thinner(drifted[-1], 0.01, 8)).champions
    assert (since.status, since.earlier.version, since.findings) == ("compared", 5, ())


def test_sample_and_real_data_are_not_compared(night: Night, train: Train, home: Home) -> None:
    """A champion made from sample data says nothing about the real ones."""

    night(tracks(600, 1), "sample")
    train()
    (since,) = night(tracks(700, 2, louder=0.3, pop=0.6)).champions
    assert (since.status, since.findings) == ("elsewhere", ())
    assert "its data come from another source" in night.state.message
    assert blocking(home, [TABLE], CLASSIC) == []


def test_a_champion_of_an_earlier_version_of_genrelab_is_compared(night: Night, train: Train) -> None:
    """Its tags name the number of its main table alone."""

    night(tracks(600, 1))
    train(table=TABLE, table_version="0")
    (since,) = night(tracks(700, 2)).champions
    assert (since.status, since.training_version) == ("compared", "0")


def test_a_status_of_an_earlier_version_of_genrelab_is_read(home: Home, night: Night) -> None:
    """It has no comparisons with champions, and what a person accepted in it counts."""

    night(tracks(600, 1))
    night(tracks(600, 2, louder=0.2))
    accept(home, TABLE, "looked at")
    path = home.state / "drift" / f"{TABLE}.json"
    found = read_json(path)
    for status in found["sources"].values():
        del status["champions"]
    write_json(path, found)
    status = read_status(home, TABLE)
    assert (status.champions, status.accepted.reason) == ((), "looked at")
    assert compared_versions(home, TABLE) == {0, 1}


def test_a_registry_that_cannot_be_asked_fails_the_step(home: Home, night: Night, monkeypatch) -> None:
    """Unknown drift blocks a champion, and the message names the cause."""

    night(tracks(600, 1))

    def silent(*_: object) -> None:
        raise GenrelabError("the MLflow server does not answer")

    monkeypatch.setattr(step, "champions_of", silent)
    assert measure_drift.fn(Settings(home=home)).is_failed()
    assert blocking(home, [TABLE], CLASSIC) == [
        "drift: it could not be measured (the MLflow server does not answer)"
    ]


@pytest.mark.usefixtures("drifted")
def test_nothing_open_cannot_be_accepted(home: Home) -> None:
    """The second time there is nothing left."""

    accept(home, TABLE, "looked at")
    with pytest.raises(GenrelabError, match="spotify_binned has no open drift to accept"):
        accept(home, TABLE, "again")
