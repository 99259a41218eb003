"""However the servers misbehave, the rows are those of an undisturbed run."""

import pytest
from scrape_setup import clock, in_order, parameters, rows

from genrelab.sources.sample import Catalogue, catalogue
from genrelab.sources.sandbox import FAULTS, Faults, Sandbox
from genrelab.sources.scrape.main import scrape

FEW, MANY = 200, 2_000
WORLDS = ("extended", "restricted", "development2026")
SLOW = {"slow_seconds": 0.8}
TIMEOUT = 0.5


def disturbed(drawn: Catalogue, folder, world: str, faults: Faults):
    """Scrape a misbehaving stand-in; returns it with the summary and the rows."""
    with Sandbox(drawn, world, faults=faults, clock=clock()) as sandbox:
        timeout = TIMEOUT if faults.rates.get("slow") else 5.0
        summary = scrape(parameters(sandbox, drawn, clock=sandbox.clock, timeout=timeout), folder)
    return sandbox, summary, rows(folder)


def undisturbed(drawn: Catalogue, folder, world: str):
    """Rows of a run in which nothing goes wrong."""
    with Sandbox(drawn, world) as sandbox:
        scrape(parameters(sandbox, drawn), folder)
    return rows(folder)


@pytest.fixture(scope="module")
def few():
    return catalogue(FEW)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_alone(tmp_path, few, fault):
    """Each fault by itself, at one request in ten, leaves the rows of the catalogue as they are."""
    rate = 0.9 if fault == "reordered" else 0.1  # there are few batches
    sandbox, summary, found = disturbed(few, tmp_path, "extended", Faults({fault: rate}, seed=7, **SLOW))

    assert found == in_order(few.table(tracks_per_artist=1))
    assert summary.is_complete
    assert not summary.failed
    assert sandbox.played[fault] > 0


@pytest.mark.parametrize("world", WORLDS)
def test_all_faults_together(tmp_path, few, world):
    """All faults at random, in each world, leave the rows of an undisturbed run."""
    sandbox, summary, found = disturbed(few, tmp_path / "a", world, Faults.every(0.02, seed=11, **SLOW))

    assert found == undisturbed(few, tmp_path / "b", world)
    assert summary.is_complete
    assert len(sandbox.played) >= 8


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("fault", [*FAULTS, "every"])
def test_full_matrix(tmp_path, world, fault):
    """The same with 2,000 artists, in each world, each fault alone and all together."""
    drawn = catalogue(MANY)
    faults = Faults.every(0.02, seed=5, **SLOW) if fault == "every" else Faults({fault: 0.05}, seed=5, **SLOW)
    _, summary, found = disturbed(drawn, tmp_path / "a", world, faults)

    assert found == undisturbed(drawn, tmp_path / "b", world)
    assert summary.is_complete
    assert not summary.failed
