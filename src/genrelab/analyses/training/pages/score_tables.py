"""The tables of scores: every model on every split, the optimism of the random split, the effect of duplicates.

Conventions: every score has its 95 % interval, every column its split and baseline. The random split only
appears beside the grouped one. A difference is after minus before.
"""

from collections.abc import Sequence

from genrelab.analyses.training.result import GATES, TrainedModel, Training, same_kind
from genrelab.evaluation.references import Reference
from genrelab.evaluation.results import Score
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.servers import run_link
from genrelab.report.vocabulary import METRICS, SPLITS, Metric, find_metric, find_split, in_order
from genrelab.report.wording import DASH, INTERVAL, NO_BREAK, inside, listing, percent, plural, sentence

NEW_ARTISTS = frozenset({"grouped", "official"})
"""Splits whose test artists are not in training."""

GAPS = ("accuracy", "macro_f1")

MUCH = 0.1
"""A share of the tracks that one artist should not have."""

NO_INTERVALS = f"Published results have no intervals; ours have their {INTERVAL} below."


def score_cell(score: Score | None, metric: Metric, mark: str = "") -> Cell:
    """Return a score with its interval below."""
    if score is None:
        return Cell(DASH)
    return Cell(metric.show(score.value), metric.show_interval(score.low, score.high), mark=mark)


def below_each(*lines: str) -> str:
    """Join the secondary lines below a cell's text."""
    return "\n".join(line for line in lines if line)


def evidence(run: TrainedModel, split: str) -> str:
    """Return how many tracks of how many artists a model was scored on; empty where that was not counted."""
    found = run.sampled.get(split)
    return f"{plural(found.rows, 'track')} by {plural(found.artists, 'artist')}" if found else ""


def tested_on(run: TrainedModel, split: str) -> str:
    """Return a split with its tracks and artists, for a sentence."""
    sizes = evidence(run, split)
    return inside(find_split(split).label) + (f" ({sizes})" if sizes else "")


def dominated(training: Training, splits: Sequence[str]) -> str:
    """Return a sentence on the splits where one artist has much of the tracks; empty where none has."""
    found = {
        split: max(run.sampled[split].largest_artist for run in training.runs if split in run.sampled)
        for split in splits
        if any(split in run.sampled for run in training.runs)
    }
    named = [
        f"{percent(share, 0)} of {inside(find_split(split).label)}"
        for split, share in found.items()
        if share >= MUCH
    ]
    return (
        f"A single artist has {listing(named)}: other artists could change these scores a lot."
        if named
        else ""
    )


def shared_evidence(training: Training, split: str) -> str:
    """Return `evidence` where all models were scored on as many tracks; else it belongs in each cell."""
    found = {evidence(run, split) for run in training.runs if split in run.sampled}
    return found.pop() if len(found) == 1 else ""


def model_cell(training: Training, run: TrainedModel) -> Cell:
    """Return the name of a model with a link to its run in MLflow, and a badge for the champion."""
    mark = "champion" if run is training.champion_run else ""
    return Cell(run.name, mark=mark, link=run_link(run.run_id))


def shown_splits(training: Training, metric: str) -> list[str]:
    """Return the splits with a score, in order; the random one only beside a split of new artists."""
    scored = {split for split in training.all_splits() if training.scored(split, metric)}
    if not scored & NEW_ARTISTS:
        scored.discard("random")
    return in_order(list(scored), [split.name for split in SPLITS])


def baseline(training: Training, run: TrainedModel, split: str, metric: Metric) -> float | None:
    """Return the score of always predicting the commonest genre, on the tracks that a model was scored on."""
    return run.baseline_of(split, metric.name, len(training.labels))


def baselines(training: Training, split: str, metric: Metric) -> list[float]:
    """Return the distinct baselines on a split: several where models were scored on different tracks."""
    found = {
        round(level, 3): level
        for run in training.runs
        if run.score(split, metric.name) and (level := baseline(training, run, split, metric)) is not None
    }
    return sorted(found.values())


def baseline_text(metric: Metric, values: Sequence[float]) -> str:
    """Return baselines as text, from the lowest to the highest; empty without any."""
    shown = list(dict.fromkeys(metric.show(value) for value in values))
    return f"baseline{NO_BREAK}{' to '.join([shown[0], shown[-1]][: len(shown)])}" if shown else ""


def heading_of(training: Training, split: str, metric: Metric, label: str = "") -> Column:
    """Return the heading of a column of scores: its split, and its tracks and baseline where all models share them."""
    found = baselines(training, split, metric)
    below = below_each(
        shared_evidence(training, split), baseline_text(metric, found) if len(found) == 1 else ""
    )
    return Column(label or find_split(split).label, below)


def scored_cell(
    training: Training, run: TrainedModel, split: str, metric: Metric, mark: str = "", *, always: bool = False
) -> Cell:
    """Return a score with interval, tracks and baseline below: all always, or what the heading cannot show."""
    score = run.score(split, metric.name)
    cell, own = score_cell(score, metric, mark), baseline(training, run, split, metric)
    if score is None:
        return cell
    sizes = evidence(run, split) if always or not shared_evidence(training, split) else ""
    is_own = own is not None and (always or len(baselines(training, split, metric)) > 1)
    level = baseline_text(metric, [own]) if own is not None and is_own else ""
    return Cell(cell.text, below_each(cell.below, sizes, level), mark=mark)


def scoreboard(training: Training, metric: Metric) -> Grid | None:
    """Return every model on every split, by one score; None when nothing was scored by it."""
    splits = shown_splits(training, metric.name)
    if not splits:
        return None
    best = {split: training.ranked(split, metric.name)[0] for split in splits}
    rows = [
        (
            model_cell(training, run),
            *(
                scored_cell(training, run, split, metric, "best" if run is best[split] else "")
                for split in splits
            ),
        )
        for run in training.ranked(splits[0], metric.name)
    ]
    headings = [heading_of(training, split, metric) for split in splits]
    caption = f"{metric.meaning} Below each score: its {INTERVAL}"
    if any(len(baselines(training, split, metric)) > 1 for split in splits):
        caption += " and, where models were scored on different tracks, these and its baseline"
    caption = f"{caption}. Intervals say what other artists could give. {dominated(training, splits)}"
    return table(("Model", *headings), rows, caption.rstrip())


def optimism_gap(training: Training) -> Grid | None:
    """Return how much higher scores are on random tracks than on new artists; None without both."""
    honest = next((name for name in training.all_splits() if name in NEW_ARTISTS), "")
    runs = [run for run, _ in training.scored(honest, GAPS[0]) if run.score("random", GAPS[0])]
    if not runs:
        return None
    metrics = [find_metric(name) for name in GAPS]
    headings: list[str | Column] = ["Model"]
    for metric in metrics:
        headings += [
            heading_of(training, "random", metric, f"{metric.label}, random tracks"),
            heading_of(training, honest, metric, f"{metric.label}, new artists"),
            Column("Gap"),
        ]
    rows = []
    for run in runs:
        cells = [model_cell(training, run)]
        for metric in metrics:
            cells += [
                scored_cell(training, run, "random", metric),
                scored_cell(training, run, honest, metric),
                _difference(run.score(honest, metric.name), run.score("random", metric.name), metric),
            ]
        rows.append(cells)
    return table(headings, rows, "Gap: score on random tracks minus score on new artists.")


def shrinkage(training: Training) -> Grid | None:
    """Return what is left of the main model's scores from the gate to the test part; None without both."""
    main = training.main_run
    gate = next((split for split in GATES if main and main.score(split, "accuracy")), "")
    test = next(
        (split for split in (training.shown, *NEW_ARTISTS) if main and main.score(split, "accuracy")), ""
    )
    if main is None or not gate or not test:
        return None
    metrics = [
        metric for metric in METRICS if main.score(gate, metric.name) and main.score(test, metric.name)
    ]
    return table(
        ("Score", find_split(gate).label, find_split(test).label, "Difference"),
        (
            (
                metric.label,
                score_cell(main.score(gate, metric.name), metric),
                score_cell(main.score(test, metric.name), metric),
                _difference(main.score(gate, metric.name), main.score(test, metric.name), metric),
            )
            for metric in metrics
        ),
        f"{main.name}, {training.role_of(main)}. The gate took part in a decision, so its scores are slightly too good;"
        f" the test part took part in none. Other artists differ too: below each score its {INTERVAL}.",
    )


def _difference(before: Score | None, after: Score | None, metric: Metric) -> Cell:
    """Return after minus before."""
    return Cell(metric.show_difference(after.value - before.value) if before and after else DASH)


def duplicate_effect(training: Training) -> Grid | None:
    """Compare the same kind of model with duplicates kept and removed; None without such a pair."""
    pairs = [
        (kept, removed)
        for kept in training.runs
        for removed in training.runs
        if (kept.duplicates, removed.duplicates) == ("kept", "removed") and kept.model == removed.model
    ]
    metric = find_metric("accuracy")
    shown = [split for split in shown_splits(training, metric.name) if split in {"grouped", "random"}]
    shared = [
        split
        for split in shown or shown_splits(training, metric.name)
        if any(one.score(split, metric.name) and two.score(split, metric.name) for one, two in pairs)
    ]
    if "grouped" not in shared:
        shared = [split for split in shared if split != "random"]
    if not shared:
        return None
    headings: list[str | Column] = ["Model"]
    for split in shared:
        label = find_split(split).label
        headings += [Column(label, "duplicates kept"), Column(label, "duplicates removed"), Column("Effect")]
    rows = []
    for kept, removed in pairs:
        cells = [Cell(kept.label)]
        for split in shared:
            cells += [
                scored_cell(training, kept, split, metric, always=True),
                scored_cell(training, removed, split, metric, always=True),
                _difference(kept.score(split, metric.name), removed.score(split, metric.name), metric),
            ]
        rows.append(cells)
    return table(
        headings,
        rows,
        f"Accuracy. Effect: duplicates removed minus duplicates kept. Below each score: its {INTERVAL}, the tracks it"
        " rests on and its baseline.",
    )


def published(training: Training) -> Grid | None:
    """Compare published results on the same data with our result of the same kind and our main model."""
    rows = []
    for given in training.references:
        metric = find_metric(given.metric)
        main = training.main_on(given.split, metric.name)
        same, ours = _of_same_kind(training, given)
        level = baseline_text(metric, baselines(training, given.split, metric))
        rows.append(
            (
                Cell(_theirs(given, same), given.source),
                Cell(metric.label, below_each(inside(find_split(given.split).label), level)),
                Cell(metric.show(given.value)),
                score_cell(ours, metric),
                Cell(metric.show_difference(ours.value - given.value) if ours else DASH),
                score_cell(main.score(given.split, metric.name) if main else None, metric),
                Cell(f"{main.name}, {training.role_of(main)}" if main else DASH),
            )
        )
    headings = ("Published", "Score", "Theirs", "Ours, same kind", "Difference", "Our main model", "Which is")
    return _of_published(headings, rows)


def side_by_side(trainings: Sequence[Training]) -> Grid | None:
    """Compare published results of all tasks with ours of the same kind and our main model.

    Each published kind of model has its own row.
    """
    rows = []
    for training in trainings:
        for given in training.references:
            metric = find_metric(given.metric)
            if not training.scored(given.split, metric.name):
                continue
            main = training.main_on(given.split, metric.name)
            same, ours = _of_same_kind(training, given)
            found = score_cell(main.score(given.split, metric.name) if main else None, metric)
            whose = f"{main.label}, {training.role_of(main)}" if main else ""
            rows.append(
                (
                    Cell(_theirs(given, same), below_each(training.title, given.note)),
                    Cell(metric.label, inside(find_split(given.split).label)),
                    Cell(metric.show(given.value)),
                    score_cell(ours, metric),
                    Cell(found.text, below_each(found.below, whose)),
                )
            )
    return _of_published(("Published", "Score", "Theirs", "Ours, same kind", "Our main model"), rows)


def _of_published(headings: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> Grid | None:
    words = {"Published", "Score", "Which is"}
    columns = [Column(label, is_number=label not in words) for label in headings]
    return table(columns, rows, NO_INTERVALS) if rows else None


def _of_same_kind(training: Training, given: Reference) -> tuple[TrainedModel | None, Score | None]:
    """Return our best model of the same kind as a published one, with its score."""
    scored = training.scored(given.split, given.metric)
    return next(((run, score) for run, score in scored if same_kind(given.model, run)), (None, None))


def _theirs(given: Reference, same: TrainedModel | None) -> str:
    return same.label if same else sentence(given.label)
