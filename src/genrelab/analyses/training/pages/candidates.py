"""Tables of the choice: why one model challenges the champion, and what its two decisions are worth.

Conventions: candidates were judged on folds by artist of the training rows; the decisions on splits of other artists.
"""

from genrelab.analyses.training.pages.score_tables import score_cell
from genrelab.analyses.training.result import Training
from genrelab.evaluation.results import Candidate
from genrelab.models.calibration import DECIDED
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import INTERVAL, decimal, listing, percent, points

COMPLEXITY = {1: "linear or one tree", 2: "one model", 3: "on derived features", 4: "blend"}
DECISIONS = {"": "Most accurate", "fair_": "Fair to rare genres"}


def candidates(training: Training) -> Grid | None:
    """Return the candidates from the best to the worst on the folds; None without candidates."""
    if not training.candidates:
        return None
    return table(
        (
            "Candidate",
            Column("Log loss", "on folds"),
            Column("Behind the best"),
            Column("Complexity", is_number=False),
        ),
        (
            (
                Cell(one.label, "challenges the champion" if one.is_chosen else ""),
                decimal(one.value, 4),
                Cell(
                    decimal(one.behind, 4, signed=True) if one.behind else "best",
                    f"standard error {decimal(one.behind_error, 4)}" if one.behind else "",
                ),
                f"{one.complexity}: {COMPLEXITY[one.complexity]}",
            )
            for one in training.candidates
        ),
        _caption(training),
    )


def challenger_sentence(training: Training) -> str:
    """Say which candidate challenges and why; empty without candidates."""
    chosen = training.chosen
    if chosen is None:
        return ""
    best = training.candidates[0]
    if chosen is best:
        near = [one for one in training.candidates if one.is_near and one is not best]
        if not near:
            return f"{chosen.label} has the lowest log loss; no other candidate is within one standard error."
        return (
            f"{chosen.label} has the lowest log loss; {listing([one.label for one in near])}"
            " would do as well, but no simpler model is among them."
        )
    return (
        f"{chosen.label} is the simplest of the candidates within one standard error of the best, {best.label}:"
        f" behind by {decimal(chosen.behind, 4)}, standard error {decimal(chosen.behind_error, 4)}."
    )


def _caption(training: Training) -> str:
    candidates = {one.model for one in training.candidates}
    others = list(dict.fromkeys(run.label for run in training.runs if run.model not in candidates))
    text = (
        "Log loss in nats on folds by artist of the training rows, after each model's own calibration; gate and test"
        " played no part. Standard errors are those of the paired difference, with artists as clusters."
    )
    return f"{text} Not on the folds: {listing(others)}." if others else text


def decisions(training: Training) -> Grid | None:
    """Return what the champion's two decisions are worth on gate and shown split; None without a calibration.

    Of the candidate, if the champion was fitted in an earlier training.
    """
    run = training.main_run
    splits = [split for split in run.splits() if run.score(split, "fair_accuracy")] if run else []
    if run is None or not splits:
        return None
    metrics = [find_metric(name) for name in DECIDED]
    return table(
        ("Decision", Column("Split", is_number=False), *(metric.label for metric in metrics)),
        (
            (
                label,
                find_split(split).label,
                *(
                    score_cell(score, metric)
                    for metric in metrics
                    if (score := run.score(split, f"{prefix}{metric.name}"))
                ),
            )
            for split in splits
            for prefix, label in DECISIONS.items()
        ),
        f"{run.label}; below each score: its {INTERVAL}. Both decisions name a genre by the same probabilities."
        + _cost(next((one for one in training.candidates if one.model == run.model), None)),
    )


def _cost(one: Candidate | None) -> str:
    if one is None:
        return ""
    power, cost, gain = (
        one.numbers[name] for name in ("fair_power", "fair_accuracy_cost", "fair_macro_f1_gain")
    )
    return (
        f" Fair to rare genres divides them by the genres' shares to the power of {decimal(power, 2)}, chosen"
        f" on the folds: {points(-cost)} accuracy, {decimal(gain, signed=True)} macro F1 there."
    )


def calibration_sentence(training: Training) -> str:
    """Say which scores are those of published probabilities; empty where no model has a calibration."""
    chosen = training.chosen
    if chosen is None:
        return ""
    splits = [
        find_split(split).label
        for split in training.all_splits()
        if any("calibrated" in run.fitted_on and run.score(split, "fair_accuracy") for run in training.runs)
    ]
    if not splits:
        return ""
    return (
        f"Scores of candidates on {listing(splits)} are those of published probabilities: calibrated on folds by"
        f" artist of the training rows ({chosen.label}: exponent {decimal(chosen.numbers['temperature'], 2)},"
        f" {percent(chosen.numbers['smoothing'])} spread evenly). Other splits and models: as the models give them."
    )
