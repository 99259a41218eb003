"""The step that keeps the exploration facts, and what it finds in the real pulls."""

import pyarrow as pa
import pytest
from frames import legal

from genrelab.analyses.features.collection import SPOTIFY, explore
from genrelab.analyses.features.result import Exploration, GenrePart
from genrelab.lake.lake import Lake, in_source_order
from genrelab.lake.version import Counts
from genrelab.report.pages import PAGES
from genrelab.report.site import summarise_site
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab.runtime.settings import Settings
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables import TABLES
from tasks import analysis as step
from tasks.run.step import facts_of, read_record


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> list:
    """The artifacts that the step publishes, kept instead of sent to a server."""
    kept = []
    monkeypatch.setattr(step, "publish_rows", lambda key, rows, _: kept.append((key, rows)))
    return kept


def put(home: Home, *tables: str) -> None:
    for table in tables:
        data = legal(TABLES[table], rows=40)
        Lake(home).publish(table, data, Counts(40, 40), source="x", is_sample=True)


def test_without_a_table_there_is_nothing_to_explore(home: Home) -> None:
    """Nobody's mistake: the state is complete and says why."""

    state = step.run_analysis.fn("explore", Settings(home=home))
    assert (state.name, facts_of(home, "explore")) == ("Skipped", {})


def test_each_table_is_explored_as_far_as_it_is_there(home: Home, artifacts: list) -> None:
    """First Spotify alone, then the FMA too; a table that did not change is not explored again."""

    put(home, "spotify_binned")
    step.run_analysis.fn("explore", Settings(home=home))
    first = facts_of(home, "explore")
    assert [one["table"] for one in first["collections"]] == ["spotify_binned"]
    assert first["micro_genres"]["top"][0]["tracks"] == 40
    assert first["wide"] is None

    put(home, "fma_tracks", "fma_echonest", "fma_features")
    assert step.run_analysis.fn("explore", Settings(home=home)).name == "Completed"
    second = facts_of(home, "explore")
    assert [one["name"] for one in second["collections"]] == ["spotify", "fma"]
    assert second["collections"][1]["tracks"] == 40
    assert second["wide"]["features"] == 518
    assert step.run_analysis.fn("explore", Settings(home=home)).name == "Unchanged"
    assert [len(rows) for _, rows in artifacts] == [1, 2]


def test_genres_of_a_few_tracks_leave_pages_that_still_say_something(home: Home, artifacts: list) -> None:
    """No genre has the tracks it needs: every page is written all the same."""

    put(home, "spotify_binned", "fma_tracks", "fma_echonest")
    step.run_analysis.fn("explore", Settings(home=home))
    facts = {"explore": decode(Exploration, read_record(home.state / "explore.json").facts)}
    assert facts["explore"].collections[0].genres == ()
    for page in PAGES:
        assert page.render(page.summarise(facts), summarise_site(facts) | {"cards": []})
    assert artifacts


@pytest.mark.real
def test_the_real_pulls_give_the_documents_findings(real_data) -> None:
    """31,191 distinct sets of features; a tempo of 0 lives in focus/sleep; energy and loudness go together."""

    read = read_pulls(real_data / "spotify" / "pulls").data
    data = in_source_order(read.filter(pa.array(~exact_duplicates(read))))
    genres = bin_tracks(data["genres"], load_rule_set("classic")).bins.to_pylist()
    found = explore(data.select(list(SPOTIFY.features)).to_pandas(), genres, SPOTIFY)
    assert (found.tracks, found.described) == (38_535, 35_049)
    assert (found.repeats.distinct, found.repeats.sharing) == (31_191, 6_835)
    assert found.zeros[0].genres[0] == GenrePart("focus/sleep", 57, 922)
    assert found.densities[1].pearson == pytest.approx(0.79, abs=0.005)
