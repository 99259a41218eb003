"""Tables on tracks whose label may belong to the name that was searched for.

Conventions: suspect and clean tracks are those of `genrelab.models.suspect_labels`. A difference is training without
suspect tracks minus training with them.
"""

from genrelab.analyses.training.pages.score_tables import score_cell
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import SubsetScores
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import INTERVAL, count, plural

SHOWN = ("accuracy", "macro_f1", "log_loss")
LABELS = {"clean": "other tracks", "suspect": "label suspect"}


def scored_by_label(training: Training) -> TrainedModel | None:
    """Return the champion, or else the best model, if it was scored on suspect tracks."""
    return next((run for run in training.champion_first if run.subsets), None)


def suspect_scores(training: Training) -> Grid | None:
    """Compare the scores of tracks with a suspect label with those of all others; None without suspect tracks."""
    run = scored_by_label(training)
    if run is None:
        return None
    metrics = [find_metric(name) for name in SHOWN]
    rows = [
        (
            Cell(find_split(one.split).label, LABELS[one.subset]),
            count(one.rows),
            count(one.artists),
            *(score_cell(getattr(one, metric.name), metric) for metric in metrics),
        )
        for one in run.subsets
    ]
    columns = (Column("Tracks", is_number=False), Column("Number"), Column("Artists"))
    return table(
        (*columns, *(metric.label for metric in metrics)),
        rows,
        f"{run.name}. Below each score: its {INTERVAL}, by resampling artists. Macro F1 is uncertain where genres have"
        " few tracks.",
    )


def suspect_finding(training: Training) -> str:
    """Return what the scores say about suspect labels; empty without suspect tracks."""
    run = scored_by_label(training)
    pairs: dict[str, dict[str, SubsetScores]] = {}
    for one in run.subsets if run else ():
        pairs.setdefault(one.split, {})[one.subset] = one
    accuracy = find_metric("accuracy")
    found = [
        f"{find_split(split).label}: {accuracy.show(both['suspect'].accuracy.value)} of the"
        f" {plural(both['suspect'].rows, 'track')} with a suspect label are predicted as labelled, and"
        f" {accuracy.show(both['clean'].accuracy.value)} of all others"
        for split, both in pairs.items()
    ]
    return f"{'. '.join(found)}." if found else ""


def suspect_study(training: Training) -> Grid | None:
    """Return what training without suspect labels would change; None where it was not tried."""
    study = training.suspects
    if study is None:
        return None
    metrics = [find_metric(name) for name in SHOWN]
    rows = [
        (
            label,
            *(
                Cell(
                    metric.show_difference(found[metric.name].value),
                    metric.show_interval(found[metric.name].low, found[metric.name].high),
                )
                for metric in metrics
            ),
        )
        for label, found in (
            ("other tracks", study.on_clean),
            ("all tracks", study.on_all),
        )
    ]
    decision = (
        "Suspect labels are left out of training" if study.is_left_out else "Suspect labels stay in training"
    )
    return table(
        (Column("Held out", is_number=False), *(metric.label for metric in metrics)),
        rows,
        f"{decision}. Each number is training without them minus training with them: {study.model},"
        f" {count(study.folds)} folds by artist of {plural(study.rows, 'training track')}"
        f" by {plural(study.artists, 'artist')}, {count(study.suspect)} of them suspect."
        f" Below each difference: its {INTERVAL}, by resampling artists."
        " They are left out if the log loss on the other tracks is lower beyond noise, and on all tracks not higher.",
    )
