"""Champions of every genre of a track in a real registry: trained, stored, compared, and applied."""

import shutil
from pathlib import Path

import pytest
from genre_set_rows import UNLABELLED, genre_set_tables
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from genrelab.analyses.predictions.pages.predictions import PAGE
from genrelab.analyses.predictions.result import Predictions
from genrelab.analyses.training.result import Trainings
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.models import zoo
from genrelab.models.declaration import Model
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode, encode
from genrelab.runtime.settings import Settings
from tasks.run.step import facts_of
from tasks.tracking.client import connect
from tasks.tracking.registry import load_stored
from tasks.tracking.tag_text import split_list
from tasks.training import apply_champions
from tasks.training.fit_task import train_and_judge
from tasks.training.predict import predict_genres

NAME = "fma-all-genres"
LINEAR = Model(
    "linear",
    "Linear",
    "Made.",
    lambda *_: OneVsRestClassifier(LogisticRegression(max_iter=500)),
    (),
    complexity=1,
    trusted=("sklearn.multiclass._ConstantPredictor",),
)


@pytest.fixture(autouse=True)
def one_model(migrated: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """One model in an empty registry; what would go to Prefect goes nowhere."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    shutil.copytree(migrated, home.mlruns)
    monkeypatch.setattr(zoo, "models_for", lambda *_: (LINEAR,))
    for function in ("publish_rows", "publish_text", "publish_table_summary"):
        monkeypatch.setattr(apply_champions, function, lambda *_: None)


def published(home: Home, *left_out: str) -> Lake:
    """Tracks of several genres, without some tables."""
    lake = Lake(home)
    for name, table in genre_set_tables().items():
        if name not in left_out:
            lake.publish(name, table, Counts(len(table), len(table)), source="made", is_sample=False)
    return lake


def test_every_genre_has_a_champion_that_keeps_its_thresholds_and_predicts(home: Home) -> None:
    """The first is promoted, its double is not; its thresholds name the genres of every track with features."""
    settings, lake = Settings(home=home, cores=1, budget="quick"), published(home)

    first, again = [train_and_judge(NAME, settings, 1, None)[1].tasks[0] for _ in range(2)]

    assert first.champion.promoted
    assert "no difference beyond noise (mean Jaccard +0.0000" in again.champion.reason
    assert decode(Trainings, encode(Trainings((first,)))) == Trainings((first,))
    assert first.main_run.model == "linear"
    assert [one.label for one in first.label_scores] == [str(label) for label in first.labels]
    assert first.tree.titles[25] == "Punk"
    assert (first.features, first.feature_count, first.target) == ("librosa", 59, "genres_all")

    tracking = connect(home)
    stored = load_stored(tracking, tracking.champion(NAME))
    thresholds = next(run for run in first.runs if run.model == "linear").thresholds
    assert stored.published_by == thresholds
    assert stored.labels == first.labels
    assert split_list(tracking.champion(NAME).tags["labels"]) == tuple(first.labels)

    card = tracking.champion(NAME).description
    assert (
        "labels: by the source's own editors and artists: Rock, Electronic, Punk, Experimental, Techno"
        in card
    )
    assert "| one threshold, the most probable genre at least |" in card
    assert "Mean Jaccard on folds by artist of the training rows, by its thresholds" in card

    run = tracking.client.get_run(first.main_run.run_id)
    assert (run.data.tags["labels"], run.data.tags["features"]) == ("genres_all", "librosa 59")
    assert {
        "official/jaccard",
        "interval/official/hierarchical_f1_low",
        "cv/jaccard",
        "cv/jaccard_gain",
    } <= set(run.data.metrics)
    curve = tracking.client.get_metric_history(first.main_run.run_id, "cv/jaccard_by_threshold")
    assert [point.step for point in curve] == list(range(1, len(curve) + 1))

    state = predict_genres.fn(settings)
    assert state.name == "Completed", state.message
    rows = lake.read("predictions").to_pandas()
    assert set(rows["task"]) == {NAME}
    assert rows["is_filled"].sum() == UNLABELLED - 1
    assert rows["all_genres"].notna().all()
    found = decode(Predictions, facts_of(home, "predict"))
    assert [one.model for one in found.genre_sets] == [NAME]
    part = PAGE.summarise({"predict": found})["genre_sets"][0]
    assert "without any genre at the source got predicted ones" in part["filled"]


def test_a_lake_without_the_table_of_genres_trains_without_a_tree(home: Home) -> None:
    """No hierarchical scores, and nothing else is missing."""
    published(home, "fma_genres")

    (one,) = train_and_judge(NAME, Settings(home=home, cores=1, budget="quick"), 1, None)[1].tasks

    assert one.tree is None
    assert one.champion.promoted
    assert not [name for name in one.main_run.scores if "hierarchical" in name]
