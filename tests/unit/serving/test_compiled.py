"""Compiled champions answer what the models answer that they were made from."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from served import FEATURES, LABELS, small_champion
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from genrelab.evaluation.predictions import StoredModel
from genrelab.evaluation.results import Thresholds
from genrelab.evaluation.thresholds import named
from genrelab.models.blending import Blend
from genrelab.models.calibration import Calibration, calibrated
from genrelab.models.derived import DerivedFeatures
from genrelab.models.zoo import MODELS
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.serving.champion import load_champion
from genrelab.serving.description import CURRENT, check_values, describe, folder_of
from genrelab.serving.forest import boosted_probabilities, flatten, flatten_boosted, forest_probabilities
from genrelab.serving.tree_walk import ordered
from tasks.training.bundle_files import write_bundle
from tasks.training.compiled import _is_compiled

NAME = "spotify-bins-classic"
CALIBRATION = Calibration(0.9, 1.0, 0.0, {}, 0.01)
FOREST = RandomForestClassifier(12, random_state=1)
BOOSTED = XGBClassifier(n_estimators=12, max_depth=4, n_jobs=1, random_state=1)
ESTIMATORS = {
    "forest": FOREST,
    "extra trees": ExtraTreesClassifier(12, min_samples_leaf=3, random_state=1),
    "derived": make_pipeline(DerivedFeatures(), RandomForestClassifier(8, random_state=1)),
    "boosted": BOOSTED,
    "linear": make_pipeline(StandardScaler(), LogisticRegression()),
    "kernel": next(model for model in MODELS if model.name == "rbf_svm").build(1, 1, "quick"),
    "blend": Blend(
        {"forest": FOREST, "boosted": make_pipeline(DerivedFeatures(), BOOSTED)},
        {"forest": 1.0, "boosted": 4.0},
    ),
    "sharp blend": Blend(
        {"forest": FOREST, "boosted": BOOSTED}, {"forest": 1.0, "boosted": 1.0}, sharpness=2.0
    ),
}


def made_rows(rows: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame({name: high * generator.random(rows) for name, (_, high, _) in FEATURES.items()})
    return frame, (3 * frame["energy"] + generator.normal(0, 0.6, rows)).round().clip(0, 2).astype(
        int
    ).to_numpy()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_every_kind_of_model_answers_as_the_model_itself(kind: str, tmp_path: Path):
    """On 1,000 rows, to 1e-6."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    frame, target = made_rows(400, 1)
    estimator = ESTIMATORS[kind].fit(frame, target)
    stored = StoredModel(NAME, 2, estimator, LABELS, tuple(FEATURES), None, CALIBRATION)
    tracks = frame.assign(track_id=range(400), track="a", artist="b", genre="rock")
    write_bundle(
        home, describe(home, NAME).__class__(**{**vars(describe(home, NAME)), "version": 2}), stored, tracks
    )
    asked, _ = made_rows(1_000, 2)

    found = load_champion(home, NAME).probabilities(asked.to_numpy())

    assert load_champion(home, NAME).description.version == 2
    assert np.abs(found - calibrated(estimator.predict_proba(asked), CALIBRATION)).max() < 1e-6


def test_values_on_a_threshold_go_the_same_way():
    """Every threshold of a forest is asked, and the float32 numbers around it."""

    frame, target = made_rows(300, 3)
    forest = RandomForestClassifier(5, random_state=3).fit(frame.to_numpy(), target)
    arrays = flatten([each.tree_ for each in forest.estimators_])
    trees = [each.tree_ for each in forest.estimators_]
    inner = [(tree, node) for tree in trees for node in np.flatnonzero(tree.children_left >= 0)]
    rows = []
    for tree, node in inner:
        near = np.float32(tree.threshold[node])
        for value in (near, np.nextafter(near, np.float32(np.inf)), np.nextafter(near, np.float32(-np.inf))):
            row = frame.to_numpy()[0].copy()
            row[tree.feature[node]] = value
            rows.append(row)
    values = np.array(rows)

    assert np.abs(forest_probabilities(arrays, values) - forest.predict_proba(values)).max() < 1e-12


def test_blocks_of_rows_answer_as_rows_alone(tmp_path: Path):
    """More rows than one block."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    served = load_champion(home, NAME)
    values = made_rows(600, 4)[0].to_numpy()

    alone = np.concatenate([served.probabilities(row[None]) for row in values[:20]])

    assert np.array_equal(served.probabilities(values)[:20], alone)


def test_contributions_add_up_to_the_difference_from_the_mean(tmp_path: Path):
    """Of the sampled training rows; the feature that decides has the largest."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    served = load_champion(home, NAME)
    row = np.array([0.98, 0.5, 100.0, 1.0])
    label = LABELS.index("rock")
    effects = served.contributions(row, label, permutations=40)
    starts = served._numbers[np.random.default_rng(0).integers(60, size=40)]

    gained = served.probabilities(row[None])[0, label] - served.probabilities(starts)[:, label].mean()

    assert effects.sum() == pytest.approx(gained, abs=1e-9)
    assert np.abs(effects).argmax() == list(FEATURES).index("energy")


def test_labels_are_named_as_in_predictions(tmp_path: Path):
    """The most probable label is not, where another one reaches a threshold of its own that is lower."""

    home = Home(tmp_path)
    rule = Thresholds(0.5, {"rock": 0.2}, 1, 0, ())
    small_champion(home, NAME, several_labels=True)
    path = folder_of(home, NAME) / "1" / "champion.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "thresholds": rule.of(LABELS).tolist()}))
    proba = np.array([[0.4, 0.1, 0.3], [0.4, 0.3, 0.1], [0.6, 0.5, 0.0], [0.0, 0.0, 0.0]])

    found = load_champion(home, NAME).named(proba)

    assert found.tolist() == named(proba, LABELS, rule).tolist()
    assert found[0].tolist() == [False, False, True]


def test_the_nearest_track_of_a_track_is_itself(tmp_path: Path):
    """With its name."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    served = load_champion(home, NAME)
    track, values = served.any_track(5)

    nearest = served.nearest(np.array(list(values.values())))[0]

    assert (nearest.track, nearest.distance) == (track.track, 0.0)


def test_a_damaged_bundle_is_named(tmp_path: Path):
    """With what to do."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    (folder_of(home, NAME) / "1" / "model.npz").write_bytes(b"no arrays")

    with pytest.raises(GenrelabError, match=r"cannot be read.*compiles it again"):
        load_champion(home, NAME)


@pytest.mark.parametrize("name", ["model.npz", "tracks.parquet"])
def test_a_bundle_with_one_changed_byte_is_refused_and_compiled_again(name: str, tmp_path: Path):
    """By the hash of the file, even where it can still be read."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    file = folder_of(home, NAME) / "1" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    assert _is_compiled(home, NAME, "1")

    file.write_bytes(data)

    assert not _is_compiled(home, NAME, "1")
    with pytest.raises(GenrelabError, match=f"{name} changed since the champion was compiled"):
        load_champion(home, NAME)


def test_shallow_trees_of_more_leaves_than_a_short_mask_answer_alike():
    """Up to 64 leaves have a mask each; more take the form of deep trees. Many rows and single ones agree."""

    frame, target = made_rows(900, 5)
    values = frame.to_numpy()
    for depth, is_shallow in ((2, True), (6, True), (9, False)):
        model = XGBClassifier(n_estimators=6, max_depth=depth, min_child_weight=0, n_jobs=1, random_state=1)
        model.fit(values, target)
        arrays = flatten_boosted(json.loads(model.get_booster().save_raw("json"))["learner"])
        expected = model.predict_proba(values)

        assert ("masks" in arrays) == is_shallow
        assert np.abs(boosted_probabilities(arrays, values) - expected).max() < 1e-6
        assert np.abs(boosted_probabilities(arrays, values[:3]) - expected[:3]).max() < 1e-6


def test_numbers_keep_their_order_as_integers():
    """Negative ones, zeros of both signs and infinities too."""

    values = np.array([-np.inf, -2.5, -1e-40, -0.0, 0.0, 1e-40, 1.0, 2.5, np.inf], dtype=np.float32)

    found = ordered(values)

    assert found[3] == found[4]
    assert (np.diff(np.delete(found, 3).astype(np.int64)) > 0).all()


def test_no_champion_says_what_to_do(tmp_path: Path):
    """Before the first training, and for an unknown name."""

    home = Home(tmp_path)
    with pytest.raises(GenrelabError, match="genrelab train"):
        load_champion(home, NAME)
    small_champion(home, NAME)

    with pytest.raises(GenrelabError, match=NAME):
        load_champion(home, "unknown")


@pytest.mark.parametrize(
    ("value", "said"),
    [(7.0, "energy"), (float("nan"), "energy"), ("loud", "energy"), (None, "energy"), (True, "energy")],
)
def test_values_that_cannot_be_used_are_refused(value: object, said: str, tmp_path: Path):
    """By the name of the feature."""

    home = Home(tmp_path)
    small_champion(home, NAME)

    with pytest.raises(GenrelabError, match=said):
        check_values(describe(home, NAME), [{"energy": value, "valence": 0.5, "tempo": 100.0, "mode": 1.0}])


def test_two_versions_are_kept(tmp_path: Path):
    """The one in use, and the newest other."""

    home = Home(tmp_path)
    small_champion(home, NAME)
    known = vars(describe(home, NAME))
    frame, target = made_rows(60, 1)
    stored = StoredModel(NAME, 2, FOREST.fit(frame, target), LABELS, tuple(FEATURES), None, CALIBRATION)
    tracks = frame.assign(track_id=range(60), track="a", artist="b", genre="rock")
    for version in (2, 3, 4):
        write_bundle(home, describe(home, NAME).__class__(**{**known, "version": version}), stored, tracks)

    assert sorted(each.name for each in folder_of(home, NAME).iterdir()) == ["3", "4", CURRENT]
