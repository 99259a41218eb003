"""Tables of the choice: why one model challenges the champion, and what its two decisions are worth.

Conventions: candidates were judged on folds by artist of the training rows; the decisions on splits of other artists.
"""

from genrelab.analyses.training.pages.paired import comparable
from genrelab.analyses.training.pages.score_tables import score_cell
from genrelab.analyses.training.result import Training
from genrelab.evaluation.results import Candidate
from genrelab.models.calibration import DECIDED
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.headlines import on_split
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.report.wording import INTERVAL, decimal, inside, listing, percent, points, sentence

COMPLEXITY = {1: "linear or one tree", 2: "one model", 3: "on derived features", 4: "blend"}
RANKED = ("log_loss", "accuracy", "macro_f1")
ORDINALS = {0: "first", 1: "second", 2: "third"}
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


def ranks_sentence(training: Training) -> str:
    """Say how the main model ranks on the shown split by each score that matters; empty where it was not scored."""
    main, split = training.main_run, training.shown
    said = []
    for name in RANKED:
        metric = find_metric(name)
        scored = comparable(training, metric, split)
        own = next((metric.show(score.value) for run, score in scored if run is main), None)
        if own is None:
            continue
        # models that look alike in the table are level
        place = next(place for place, (_, score) in enumerate(scored) if metric.show(score.value) == own)
        first = f" (first: {scored[0][0].label}, {metric.show(scored[0][1].value)})" if place else ""
        said.append(f"{ORDINALS.get(place, f'{place + 1}th')} by {inside(metric.label)}{first}")
    if main is None or not said:
        return ""
    return (
        f"{sentence(on_split(split))}, {main.label} is {listing(said)}. Models are chosen by log loss, on other tracks:"
        " it rewards probabilities that can be relied on for every genre, and accuracy rewards the frequent ones."
    )


def fair_sentence(training: Training) -> str:
    """Say what it costs in accuracy to be fair to rare genres; empty without that decision."""
    run, split = training.main_run, training.shown
    if run is None or not run.score(split, "fair_accuracy"):
        return ""
    accuracy, f1 = find_metric("accuracy"), find_metric("macro_f1")
    before, after, f1_before, f1_after = (
        run.scores[f"{split}/{name}"].value
        for name in ("accuracy", "fair_accuracy", "macro_f1", "fair_macro_f1")
    )
    if (before, f1_before) == (after, f1_after):
        return (
            f"Being fair to rare genres changes nothing {on_split(split)}: all genres are equally frequent."
        )
    return (
        f"Being fair to rare genres costs {points(before - after).lstrip('+')} of accuracy {on_split(split)}"
        f" ({accuracy.show(before)} to {accuracy.show(after)}) and changes macro F1, in which every genre counts the"
        f" same, from {f1.show(f1_before)} to {f1.show(f1_after)}. To choose it, set predict.decision to fair."
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
