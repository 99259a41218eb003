"""Write the tables of scores in README.md and docs/ from a night on real data.

Run: python tools/real_numbers.py HOME

HOME is the home of the run; its records are read and nothing is fitted. The tables go to docs/numbers/ and from there
into the pages (`python -m genrelab_cli.numbers`). Headline rows are those of the models in use.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import archive_numbers
import similarity_numbers
import topic_numbers

from genrelab.analyses.genre_study import document
from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.pages.words import PROTOCOLS
from genrelab.analyses.genre_study.result import ALL, GenreStudy, Step
from genrelab.analyses.place_gain.analysis import PLACE_GAIN
from genrelab.analyses.place_gain.result import PlaceGain
from genrelab.analyses.popularity.analysis import POPULARITY
from genrelab.analyses.popularity.result import OFFICIAL, RANDOM, InputScores, ModelScores, Popularity
from genrelab.analyses.training.result import GATES, TrainedModel, Training
from genrelab.evaluation.results import Score
from genrelab.runtime.files import write_atomically
from genrelab.runtime.home import PROJECT, Home
from genrelab.runtime.records import decode
from genrelab_cli.numbers import FOLDER, markdown
from tasks.run.step import facts_of
from tasks.training.train import all_trainings

CLASSIC = "spotify-bins-classic"
OF_CAPSTONE = (
    "logistic_regression",
    "one_vs_rest",
    "random_forest",
    "weighted_random_forest",
    "xgboost",
    "mlp",
    "random_forest_derived",
    "xgboost_derived",
    "blend",
)
IN_README = ("logistic_regression", "random_forest", "xgboost", "mlp")
TEST = ("grouped", "official")
"""Test parts of artists that are in no training part."""

NONE = "-"


def with_interval(score: Score | None) -> str:
    """A score with its interval in brackets."""
    return NONE if score is None else str(score)


def plain(score: Score | None) -> str:
    """A score alone."""
    return NONE if score is None else f"{score.value:.3f}"


def test_split(training: Training) -> str:
    """The split of new artists that a task is judged by."""
    return next(split for split in TEST if split in training.all_splits())


def champions(trainings: Sequence[Training]) -> str:
    """The model in use of every task, on artists that took part in no decision."""
    rows = []
    for training in trainings:
        run = training.champion_run
        if run is None:
            continue
        split = test_split(training)
        sampled, seeds = run.sampled[split], run.seeds.get("accuracy")
        rows.append(
            (
                training.task,
                run.label,
                f"{sampled.rows:,} by {sampled.artists:,}",
                f"{run.baseline[split]:.3f}",
                with_interval(run.score(split, "accuracy")),
                f"{seeds.mean:.3f} ± {seeds.sd:.3f}" if seeds else NONE,
                plain(run.score(split, "macro_f1")),
                f"{plain(run.score(split, 'fair_accuracy'))}, {plain(run.score(split, 'fair_macro_f1'))}",
                plain(run.score(split, "log_loss")),
            )
        )
    return markdown(
        (
            "task",
            "model in use",
            "test tracks by artists",
            "baseline",
            "accuracy (95 % interval)",
            "other draws of artists",
            "macro F1",
            "fair to rare genres: accuracy, macro F1",
            "log loss",
        ),
        rows,
    )


def calibration(trainings: Sequence[Training]) -> str:
    """Calibration errors of the models in use beside those of a perfect model, on gate and test."""
    rows = []
    for training in trainings:
        run = training.champion_run
        if run is None:
            continue
        for split in run.splits():
            perfect = run.perfect_ece.get(split)
            if perfect is None or split not in (*GATES, *TEST):
                continue
            rows.append(
                (
                    training.task,
                    split,
                    with_interval(run.score(split, "ece")),
                    f"{perfect.mean:.3f}",
                    f"{perfect.p95:.3f}",
                )
            )
    return markdown(("task", "split", "ECE (95 % interval)", "perfect model: mean", "95th percentile"), rows)


def shrinkage(trainings: Sequence[Training]) -> str:
    """Scores of the models in use on the gate, which took part in a decision, and on the test part."""
    rows = []
    for training in trainings:
        run = training.champion_run
        if run is None:
            continue
        gate, test = next(split for split in GATES if split in run.splits()), test_split(training)
        cells = [
            f"{before.value:.3f} / {after.value:.3f} ({after.value - before.value:+.3f})"
            for metric in ("accuracy", "macro_f1", "log_loss")
            if (before := run.score(gate, metric)) and (after := run.score(test, metric))
        ]
        rows.append((training.task, run.label, *cells))
    return markdown(
        ("task", "model in use", "accuracy: gate / test", "macro F1: gate / test", "log loss: gate / test"),
        rows,
    )


def of_kind(training: Training, model: str, split: str, duplicates: str = "") -> TrainedModel | None:
    """The run of a kind of model that was scored on a split."""
    return next(
        (
            run
            for run in training.runs
            if run.model == model and run.score(split, "accuracy") and duplicates in ("", run.duplicates)
        ),
        None,
    )


def capstone(training: Training, models: Sequence[str]) -> str:
    """Models on the capstone project's own split and on new artists, beside what it reports."""
    given = {one.model: one.value for one in training.references if one.split == "author"}
    rows = []
    for model in models:
        ours, new = of_kind(training, model, "author"), of_kind(training, model, "grouped", "removed")
        if ours is None:
            continue
        rows.append(
            (
                ours.label + (" (the model in use)" if new and new is training.champion_run else ""),
                f"{given[model]:.4f}" if model in given else NONE,
                with_interval(ours.score("author", "accuracy")),
                plain(ours.score("author", "macro_f1")),
                with_interval(new.score("grouped", "accuracy") if new else None),
                plain(new.score("grouped", "macro_f1") if new else None),
                plain(new.score("grouped", "log_loss") if new else None),
            )
        )
    return markdown(
        (
            "model",
            "capstone project, *author*",
            "genrelab, *author*",
            "macro F1, *author*",
            "*grouped*, no duplicates",
            "macro F1, *grouped*",
            "log loss, *grouped*",
        ),
        rows,
    )


def other_tasks(trainings: Sequence[Training]) -> str:
    """The main model of every other task on each split, beside what others report of the same kind."""
    rows = []
    for training in trainings:
        if training.task == CLASSIC:
            continue
        for split in training.all_splits():
            run = training.main_on(split, "accuracy")
            if run is None or split in GATES:
                continue
            others = [
                f"{one.label} {one.value:g}"
                for one in training.references
                if (one.split, one.metric) == (split, "accuracy")
            ]
            sampled = run.sampled[split]
            rows.append(
                (
                    training.task,
                    split,
                    f"{sampled.rows:,} by {sampled.artists:,}",
                    f"{run.label}, {training.role_of(run)}",
                    f"{run.baseline[split]:.3f}",
                    with_interval(run.score(split, "accuracy")),
                    plain(run.score(split, "macro_f1")),
                    "; ".join(others) or NONE,
                )
            )
    return markdown(
        (
            "task",
            "split",
            "test tracks by artists",
            "model",
            "baseline",
            "accuracy (95 % interval)",
            "macro F1",
            "published",
        ),
        rows,
    )


def all_genres(trainings: Sequence[Training]) -> str:
    """The model that names all genres of a track, for each task, beside the best baseline."""
    rows = []
    for training in trainings:
        run, split = training.main_run, test_split(training)
        if run is None:
            continue
        heard_nothing = [one for one in training.runs if one.is_baseline]
        baseline = max((one.score(split, "jaccard") for one in heard_nothing), key=_value, default=None)
        sampled = run.sampled[split]
        rows.append(
            (
                training.task,
                run.label,
                f"{sampled.rows:,} by {sampled.artists:,}",
                plain(baseline),
                *(with_interval(run.score(split, name)) for name in OF_SETS),
            )
        )
    return markdown(
        ("task", "model in use", "test tracks by artists", "Jaccard of the best baseline", *IN_WORDS), rows
    )


def all_genres_models(trainings: Sequence[Training]) -> str:
    """Every model that names all genres of a track, the best on folds of the training part first."""
    rows = []
    for training in trainings:
        split, on_folds = test_split(training), {one.model: one.value for one in training.candidates}
        for run in sorted(training.runs, key=lambda one: -on_folds.get(one.model, 0.0)):
            folds = on_folds.get(run.model)
            rows.append(
                (
                    training.task,
                    f"{run.label} (hears nothing)" if run.is_baseline else run.label,
                    NONE if folds is None else f"{folds:.3f}",
                    plain(run.score("validation", "jaccard")),
                    with_interval(run.score(split, "jaccard")),
                    *(plain(run.score(split, name)) for name in OF_SETS[1:]),
                )
            )
    return markdown(("task", "model", "Jaccard, folds", "Jaccard, gate", *IN_WORDS), rows)


OF_SETS = ("jaccard", "hierarchical_f1", "lrap", "macro_ap", "macro_auc")
IN_WORDS = ("Jaccard (95 % interval)", "hierarchical F1", "LRAP", "macro AP", "macro AUC")


def _value(score: Score | None) -> float:
    return score.value if score else 0.0


def popularity(found: Popularity) -> str:
    """How well plays are predicted from each set of inputs."""

    def row(group: str, one: InputScores | ModelScores) -> Sequence[str]:
        new, gain = one.by_split[OFFICIAL], str(one.gain) if isinstance(one, InputScores) else NONE
        scores = (new.r2, one.by_split[RANDOM].r2, new.spearman, new.top_decile_auc, new.mae)
        return (group, one.label, *(with_interval(score) for score in scores), gain)

    rows: list[Sequence[str]] = []
    for group in found.groups:
        rows += [row(group.label, one) for one in group.baselines]
        rows += [row(group.label, one) for one in group.sets]
    return markdown(
        (
            "tracks",
            "predicted from",
            "R2, new artists",
            "R2, random tracks",
            "Spearman",
            "AUC, top tenth",
            "absolute error",
            "gain in R2",
        ),
        rows,
    )


def disguised(found: Popularity) -> str:
    """How close counts of what listeners did are to the plays."""
    rows = [
        (
            f"`{one.column}`",
            f"{one.tracks:,}",
            *(NONE if value is None else f"{value:.2f}" for value in (one.correlation, one.ranks)),
        )
        for one in found.disguised
    ]
    return markdown(
        ("column", "tracks with a value", "correlation of the logarithms", "rank correlation"), rows
    )


def place_gain(found: PlaceGain) -> str:
    """What the place of the artist adds to the sound when the genre is to be named."""
    return markdown(
        ("named from", "log loss", "gain over the sound", "accuracy", "gain over the sound"),
        [
            (
                one.label,
                with_interval(one.log_loss),
                str(one.loss_gain or NONE),
                with_interval(one.accuracy),
                str(one.accuracy_gain or NONE),
            )
            for one in found.models
        ],
    )


def popularity_tables(home: Home) -> dict[str, str]:
    """The tables of popularity and of the gain by places, if they ran in a home on real data."""
    tables: dict[str, str] = {}
    plays = decode(POPULARITY.result, facts_of(home, POPULARITY.name))
    if plays and not plays.sample:
        tables |= {"popularity": popularity(plays), "disguised": disguised(plays)}
    places = decode(PLACE_GAIN.result, facts_of(home, PLACE_GAIN.name))
    if places and not places.sample:
        tables["place-gain"] = place_gain(places)
    return tables


def genre_neighbours(study: GenreStudy) -> str:
    """The document's rule for each k, beside the document."""
    found = study.studies[0]
    curves = [curve for name in PROTOCOLS if (curve := found.curve(name))]
    rows = [
        (
            str(k),
            f"{document.KNN[place]:.4f}",
            *(
                f"{curve.mean[place]:.3f}" + (f" ± {curve.sd[place]:.3f}" if curve.repeats > 1 else "")
                for curve in curves
            ),
        )
        for place, k in enumerate(curves[0].k)
    ]
    return markdown(("k", "The document", *(PROTOCOLS[curve.protocol] for curve in curves)), rows)


def genre_steps(study: GenreStudy) -> str:
    """Every step of the path to all genres on FMA's test part."""
    rows = [
        (
            found.title,
            step.title + (" (hears nothing)" if step.is_baseline else ""),
            NONE if step.document is None else f"{step.document:.3f}",
            NONE if step.random is None else f"{step.random:.3f}",
            *(
                _of_step(step, name)
                for name in ("jaccard", "hierarchical_f1", "lrap", "macro_ap", "macro_auc")
            ),
        )
        for found in study.studies
        for step in found.steps
        if step.labels == ALL and step.scores
    ]
    heading = ("features", "step", "the document", "random tracks", "Jaccard, FMA's split (95 % interval)")
    return markdown((*heading, "hierarchical F1", "LRAP", "macro AP", "macro AUC"), rows)


def _of_step(step: Step, name: str) -> str:
    value, low, high = (step.score(name, ending) for ending in ("", "_low", "_high"))
    if value is None:
        return NONE
    return (
        f"{value:.3f} ({low:.3f} to {high:.3f})" if name == "jaccard" and low is not None else f"{value:.3f}"
    )


def main() -> None:
    """Write every table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    home = Home(parser.parse_args().home)
    tables = (
        popularity_tables(home)
        | archive_numbers.tables_of(home)
        | genre_tables(home)
        | topic_numbers.tables_of(home)
        | similarity_numbers.tables_of(home)
        | training_tables(home)
    )
    if not tables:
        sys.exit("this home has no result on real data")
    for name, table in tables.items():
        write_atomically(PROJECT / FOLDER / f"{name}.md", table.encode())


def genre_tables(home: Home) -> dict[str, str]:
    """The tables of the study of all genres, if it ran in a home on real data."""
    study = decode(GenreStudy, facts_of(home, GENRE_STUDY.name))
    if study is None or study.sample:
        return {}
    return {"genre-neighbours": genre_neighbours(study), "genre-steps": genre_steps(study)}


def training_tables(home: Home) -> dict[str, str]:
    """The tables of the trainings of a home, if all were on real data."""
    found = all_trainings(home)
    if found is None or any(training.sample for training in found.tasks):
        return {}
    single, sets = found.of_one_label, found.of_several_labels
    tables = {"all-genres": all_genres(sets), "all-genres-models": all_genres_models(sets)} if sets else {}
    classic = next((training for training in single if training.task == CLASSIC), None)
    if classic is None:
        return tables
    return tables | {
        "champions": champions(single),
        "calibration": calibration(single),
        "gate-and-test": shrinkage(single),
        "capstone": capstone(classic, IN_README),
        "capstone-models": capstone(classic, OF_CAPSTONE),
        "other-tasks": other_tasks(single),
    }


if __name__ == "__main__":
    main()
