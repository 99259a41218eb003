"""The audit from the tables of the lake to the table `label_doubts`."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from doubtful_labels_facts import LOUD, QUIET, made_rows, publish_rows
from frames import legal

import genrelab.analyses.doubtful_labels.audit as module
from expectations.check import check
from genrelab.analyses.doubtful_labels import tracks
from genrelab.analyses.doubtful_labels.analysis import DOUBTFUL_LABELS
from genrelab.analyses.doubtful_labels.audit import compute
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.samples import read_sample
from genrelab.lake.version import Counts
from genrelab.runtime.settings import Settings
from genrelab.tables.fma import FMA_ECHONEST, FMA_TRACKS
from genrelab.tables.label_doubts import LABEL_DOUBTS

CLASSIC = {"bin_genres.rule_set": "classic"}
NAME = "spotify-bins-classic"


def audited(lake, facts=None, **settings):
    """The result and the rows of the table."""
    inputs = Inputs(DOUBTFUL_LABELS, Settings(lake.home, cores=1, **settings), facts or CLASSIC)
    found = compute(inputs)
    return found, inputs.tables["label_doubts"]


def test_wrong_labels_are_found_with_reasons_and_none_is_changed(lake):
    """Two of a hundred quiet artists are labelled loud."""
    publish_rows(lake, made_rows(200, swapped=2))
    before = lake.read("spotify_binned")
    found, rows = audited(lake)
    (task,) = found.tasks
    frame = rows.to_pandas()
    doubtful = frame[frame["is_doubtful"]]

    assert (task.task, task.audited, task.doubts.found) == (NAME, 1_000, len(doubtful))
    assert set(doubtful["source_row"]) <= {*range(1, 6), *range(11, 16)}
    assert set(doubtful["label"]) == {LOUD}
    assert set(doubtful["suggested_genre"]) == {QUIET}
    assert "sound like classical" in doubtful["reasons"].iloc[0]
    assert (
        "the label came from the micro-genre a micro-genre by the rule hardcore"
        in doubtful["reasons"].iloc[0]
    )
    assert lake.read("spotify_binned").equals(before)
    assert check(LABEL_DOUBTS, rows).rows == {}


def test_of_a_large_table_the_sample_of_training_is_audited(lake):
    """Whole artists of five tracks each, as training draws them, and the result says so."""
    publish_rows(lake, made_rows(200))
    found, rows = audited(lake, training_rows=300)
    (task,) = found.tasks
    seed = Settings(lake.home).seed
    drawn, _ = read_sample(lake.stored("spotify_binned"), ["source_row"], "artist_group", 300, seed)

    assert (task.labelled, task.audited) == (300, 300)
    assert set(rows["source_row"].to_pylist()) == set(drawn["source_row"].to_pylist())
    assert task.drawn_from == "a sample of 300 of 1,000 rows, seeded"
    assert audited(lake)[0].tasks[0].drawn_from == ""


def test_both_rule_sets_and_the_fma_are_audited_and_what_is_missing_is_said(lake):
    """The FMA was not imported."""
    publish_rows(lake, made_rows())
    found, rows = audited(lake, {"bin_genres.rule_set": "reviewed"})

    assert [one.task for one in found.tasks] == ["spotify-bins-reviewed", NAME]
    assert found.missing == {
        "fma-top-genre": "no labels to audit; found: no rows in fma_tracks; to do: import this collection"
    }
    assert rows["task"].value_counts().field("counts").to_pylist() == [300, 300]


def test_the_fma_is_audited_by_artist(lake):
    """Top genres that people gave have no rule among their reasons."""
    count = 240
    fma, echonest = legal(FMA_TRACKS, count).to_pandas(), legal(FMA_ECHONEST, count).to_pandas()
    number = np.arange(count)
    fma["genre_top"] = np.where(number // 4 % 2, "Rock", "Folk")
    fma["artist_id"] = number // 4
    fma["track_id"] = echonest["track_id"] = number
    echonest["acousticness"] = 0.8 - 0.7 * (number // 4 % 2) + number / 10_000
    for declared, frame in ((FMA_TRACKS, fma), (FMA_ECHONEST, echonest)):
        data = pa.Table.from_pandas(frame[list(declared.names)], schema=declared.schema, preserve_index=False)
        lake.publish(declared.name, data, Counts(count, count), source="made", is_sample=True)
    found, rows = audited(lake)

    assert [one.task for one in found.tasks] == ["fma-top-genre"]
    assert set(found.missing) == {NAME}
    assert found.tasks[0].accuracy > 0.9
    assert set(rows["source_table"].to_pylist()) == {"fma_tracks"}


def test_a_sample_of_whole_artists_is_audited_where_there_are_more_rows(lake, monkeypatch):
    """Its size is part of the result."""
    monkeypatch.setattr(tracks, "MOST_ROWS", 203)
    publish_rows(lake, made_rows())
    found, rows = audited(lake)

    assert (found.tasks[0].labelled, found.tasks[0].drawn, len(rows)) == (300, 200, 200)
    assert found.tasks[0].artists == 40


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: rows.assign(artist_group="artist:one"), "so few artists; found: 1 artists with 300"),
        (lambda rows: rows.assign(bin_classic=None), "cannot be trained; found: 0 labels"),
        (lambda rows: rows.assign(bin_classic=LOUD), "cannot be trained; found: 1 labels"),
        (lambda rows: rows.assign(energy=np.nan), "no row with a value of energy|0 labels|so few artists"),
        (
            lambda rows: rows.head(15),
            "so few artists; found: 3 artists with 15 labelled tracks; allowed: at least 4",
        ),
    ],
    ids=["one artist", "no labels", "equal labels", "no features", "fewer artists than folds"],
)
def test_labels_that_cannot_be_audited_are_reported_and_the_table_is_empty(lake, change, why):
    """Nothing fails: the result has no task, and says why."""
    publish_rows(lake, change(made_rows()))
    found, rows = audited(lake)

    if not found.tasks:
        assert pd.Series([found.missing[NAME]]).str.contains(why).all(), found.missing
        assert len(rows) == 0


def test_a_label_of_a_single_row_is_left_out_and_named(lake):
    """It has no row in the table."""
    rows = made_rows()
    rows.loc[7, "bin_classic"] = "focus/sleep"
    publish_rows(lake, rows)
    found, table = audited(lake)

    assert found.tasks[0].alone == ("focus/sleep",)
    assert (found.tasks[0].drawn, len(table)) == (300, 299)


def test_a_searched_name_in_the_title_is_a_reason_where_the_table_says_so(lake):
    """A column that later versions of the table may have."""
    rows = made_rows(200, swapped=2)
    publish_rows(
        lake, rows, name_in_title=[None if row % 10 == 9 else row % 10 < 5 for row in range(len(rows))]
    )
    found, table = audited(lake)
    frame = table.to_pandas()
    stands = frame["reasons"].str.contains("searched name stands in the title", na=False)

    assert found.tasks[0].searched == (1.0, pytest.approx(498 / 998, abs=0.01))
    assert stands[frame["is_doubtful"]].all()


def test_copies_of_a_recording_with_other_labels_are_a_reason(lake):
    """The same features under two labels; the artists of both form one group."""
    rows = made_rows(200, swapped=2)
    features = [*module.spotify_bins("classic").features]
    rows.loc[range(1, 5), features] = rows.loc[range(21, 25), features].to_numpy()
    rows.loc[0:4, "artist_group"] = rows.loc[20, "artist_group"]
    publish_rows(lake, rows)
    _, table = audited(lake)
    reasons = table.to_pandas().set_index("source_row")["reasons"].dropna()

    assert reasons.loc[reasons.index.isin(range(2, 6))].str.contains("also labelled classical").all()


def test_the_same_tables_give_the_same_result(lake):
    """Drawn, fitted and ranked by the seed alone."""
    publish_rows(lake, made_rows(swapped=2))

    assert audited(lake)[0] == audited(lake)[0]
