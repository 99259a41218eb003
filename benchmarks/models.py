"""Training time of all models, and of the capstone project's random forest compared with ours.

    python benchmarks/models.py forest    the capstone project's procedure and ours, to the same accuracy
    python benchmarks/models.py zoo       every model on the classic bins, with its nightly search
    python benchmarks/models.py artists   forest and blend on six draws of a quarter of the artists as test artists
    python benchmarks/models.py parts     which permanent parts the rows of the author's split are in; nothing is fitted

Reads the pulls of `GENRELAB_REAL_DATA` (default `../shared/data`). All use two cores.

The capstone project searched the settings of its forest at random and then grew 5,000 trees. It does not say how many
settings it tried; ten on three folds are assumed here, which was scikit-learn's default. Of the search two
settings are run and of the 5,000 trees 500: both scale with their number, and the table says what was measured
and what was multiplied. The forests' times are processor time, so that other work counts on neither side; the zoo's is
the clock's. A forest of 5,000 trees would take 10 GB of memory.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupShuffleSplit, RandomizedSearchCV

from genrelab.evaluation import scores
from genrelab.evaluation.groups import GATE, TEST, TRAIN, assign_groups
from genrelab.evaluation.splits import HELD_OUT, Split
from genrelab.lake.lake import in_source_order
from genrelab.models.comparison import sign_flip
from genrelab.models.data import TaskData, make_splits, prepare, variant_rows
from genrelab.models.estimation import Known, fit_blend, fit_known
from genrelab.models.tasks import SPOTIFY_BINS_CLASSIC
from genrelab.models.training import best_candidate, train_task
from genrelab.models.zoo import find_models, models_for
from genrelab.rules import bin_tracks, load_rule_set
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab_cli.numbers import markdown

REAL_DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data"))
SEED, CORES = 24, 2
DRAWN = frozenset({"random_forest", "extra_trees", "random_forest_derived", "xgboost_derived", "blend"})
THEIR_TREES, GROWN_TREES = 5_000, 500
THEIR_SETTINGS, TRIED_SETTINGS = 10, 2
SEARCHED_TREES = 200
ZOO_LIMIT_MINUTES, FASTER = 15, 10


@dataclass(frozen=True)
class Nightly:
    """Settings of a nightly training on two cores."""

    seed: int = SEED
    cores: int = CORES
    budget: str = "nightly"


def read_binned() -> pa.Table:
    """The tracks of the pulls with their classic bins, groups of artists and parts."""
    rows = read_pulls(REAL_DATA / "spotify" / "pulls").data
    tracks = in_source_order(rows.filter(pa.array(~exact_duplicates(rows))))
    assigned = assign_groups(tracks)
    return (
        tracks.append_column("bin_classic", bin_tracks(tracks["genres"], load_rule_set("classic")).bins)
        .append_column("artist_group", assigned.groups)
        .append_column("part", assigned.parts)
    )


def read_rows() -> TaskData:
    """The 35,049 binned rows."""
    return prepare(SPOTIFY_BINS_CLASSIC, {"spotify_binned": read_binned()})


def author_split(data: TaskData) -> Split:
    """The author's split of all rows."""
    splits = make_splits(SPOTIFY_BINS_CLASSIC, data, np.arange(len(data)), SEED)
    return next(one for one in splits if one.name == "author")


def parts_of_author(split: Split, parts: Sequence[str]) -> str:
    """The Markdown table of the share of each part of the author's split that is in each permanent part.

    Args:
        split: The author's split.
        parts: Permanent part of each row.
    """
    of_row = np.asarray(parts, dtype=object)
    sides = {"training": split.train, "validation": split.validation, "test": split.test}
    names = (TRAIN, GATE, TEST)
    return markdown(
        ("author's split", "rows", *(f"permanent part {name}" for name in names)),
        [
            (side, f"{len(rows):,}", *(f"{np.mean(of_row[rows] == name):.1%}" for name in names))
            for side, rows in sides.items()
        ],
    )


def compare_forests(data: TaskData) -> None:
    """Compare the capstone project's procedure with ours, on the rows of the author's split."""
    split = author_split(data)
    rows, codes = data.features.to_numpy(), np.unique(data.target, return_inverse=True)[1]
    train, test = split.train, split.test

    (model,) = find_models(["random_forest"])
    started = time.process_time()
    ours = model.build(SEED, CORES, "nightly").fit(rows[train], codes[train])
    our_seconds = time.process_time() - started
    our_hits = ours.predict(rows[test]) == codes[test]

    started = time.process_time()
    theirs = RandomForestClassifier(GROWN_TREES, n_jobs=CORES, random_state=SEED).fit(
        rows[train], codes[train]
    )
    grown = time.process_time() - started
    their_hits = theirs.predict(rows[test]) == codes[test]

    space = {"max_features": ["sqrt", None], "min_samples_split": [2, 5, 10], "min_samples_leaf": [1, 2, 4]}
    started = time.process_time()
    RandomizedSearchCV(
        RandomForestClassifier(SEARCHED_TREES, n_jobs=CORES, random_state=SEED),
        space,
        n_iter=TRIED_SETTINGS,
        cv=3,
        refit=False,
        random_state=SEED,
    ).fit(rows[train], codes[train])
    searched = time.process_time() - started

    trees = grown * THEIR_TREES / GROWN_TREES
    search = searched * THEIR_SETTINGS / TRIED_SETTINGS
    artists = data.columns[SPOTIFY_BINS_CLASSIC.group].to_numpy()[test]
    difference = our_hits.mean() - their_hits.mean()
    p = sign_flip(our_hits, their_hits, artists, SEED)
    print(
        f"ours, {ours.n_estimators} trees, settings pinned:  {our_seconds:8.1f} s   accuracy {our_hits.mean():.4f}"
    )
    print(
        f"theirs, {GROWN_TREES} trees measured:        {grown:8.1f} s   accuracy {their_hits.mean():.4f}"
        f"   (times {THEIR_TREES // GROWN_TREES}: {trees:.0f} s)"
    )
    print(
        f"their search, {TRIED_SETTINGS} settings measured:  {searched:8.1f} s"
        f"   (times {THEIR_SETTINGS // TRIED_SETTINGS}: {search:.0f} s)"
    )
    print(f"ours minus theirs: {difference:+.4f}, p = {p:.2f} by sign flips of artists")
    ratio, alone = (search + trees) / our_seconds, trees / our_seconds
    verdict = "met" if ratio >= FASTER else "MISSED"
    print(
        f"{ratio:.0f} times faster with their search, {alone:.0f} times without; wanted {FASTER}: {verdict}"
    )


def time_zoo(data: TaskData) -> None:
    """Every model on the classic bins with its nightly search, and how long each took."""
    last = started = time.perf_counter()

    def told(result: object) -> None:
        nonlocal last
        now = time.perf_counter()
        name, duplicates = result.model.name, result.duplicates  # type: ignore[attr-defined]
        print(f"{name:<34} {duplicates:<8} {now - last:7.1f} s", flush=True)
        last = now

    trained = train_task(
        data, SPOTIFY_BINS_CLASSIC, models_for(SPOTIFY_BINS_CLASSIC.family, "nightly"), Nightly(), told
    )
    minutes = (time.perf_counter() - started) / 60
    best = best_candidate(trained)
    for name, reason in trained.failures.items():
        print(f"left out: {name}: {reason}")
    verdict = "met" if minutes <= ZOO_LIMIT_MINUTES else "MISSED"
    print(f"{len(trained.results)} results in {minutes:.1f} minutes; wanted {ZOO_LIMIT_MINUTES}: {verdict}")
    if best is not None:
        print(f"best candidate: {best.model.label}, gate log loss {best.scores['gate/log_loss']:.3f}")


def draw_artists(data: TaskData) -> None:
    """Forest and blend without duplicates on six draws by artist; the first is the one of the reference."""
    rows = variant_rows(data, "removed")
    binned = read_binned()
    artists = np.asarray(binned.filter(binned["bin_classic"].is_valid())["artist_id"])[rows]
    models = [each for each in models_for(SPOTIFY_BINS_CLASSIC.family, "nightly") if each.name in DRAWN]
    found: dict[str, list[list[float]]] = {model.name: [] for model in models}
    for seed in (SEED, *range(5)):
        drawer = GroupShuffleSplit(1, test_size=HELD_OUT, random_state=seed)
        train, test = (rows[part] for part in next(drawer.split(rows, groups=artists)))
        known: Known = {}
        for model in models:
            fit_or_blend = fit_known if model.recipe is None else fit_blend
            _, (proba,) = fit_or_blend(model, SPOTIFY_BINS_CLASSIC, data, train, [test], Nightly(), {}, known)
            counted = scores.count(data.target[test], proba, data.labels)
            measured = [float(score(counted)) for score in (scores.accuracy, scores.macro_f1, scores.ece)]
            found[model.name].append(measured)
            print(f"draw {seed}, {model.name}: accuracy, macro F1, ECE {measured}", file=sys.stderr)
    print(draws({model.label: found[model.name] for model in models}))


def draws(found: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """The Markdown table: accuracy, macro F1 and ECE of each model, first the reference's draw, then the others."""
    rows = []
    for label, (first, *others) in found.items():
        mean, sd = np.mean(others, axis=0), np.std(others, axis=0, ddof=1)
        rows.append(
            (
                label,
                *(f"{value:.3f}" for value in first),
                *(f"{value:.3f} ({spread:.3f})" for value, spread in zip(mean, sd, strict=True)),
            )
        )
    return markdown(
        (
            "model",
            *("the reference's sample: accuracy", "macro F1", "ECE"),
            *("five samples: accuracy (sd)", "macro F1 (sd)", "ECE (sd)"),
        ),
        rows,
    )


def main() -> None:
    """Run the benchmark that was requested."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("forest", "zoo", "artists", "parts"))
    asked = parser.parse_args()
    data = read_rows()
    if asked.what == "parts":
        print(parts_of_author(author_split(data), data.columns["part"]))
    else:
        {"forest": compare_forests, "zoo": time_zoo, "artists": draw_artists}[asked.what](data)


if __name__ == "__main__":
    main()
