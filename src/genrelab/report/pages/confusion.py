"""Confusion matrices: what each model takes for what, for every model and split that kept one."""

from collections.abc import Sequence

from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View
from genrelab.report.heatmap import Matrix, heat, row_shares
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour, slug
from genrelab.report.training import Run, Task, pickable_runs, read_tasks
from genrelab.report.vocabulary import SPLITS, find_metric, find_split, in_order
from genrelab.report.wording import INTERVAL, count, inside, number, percent, sentence

WORST = 3


def fill(facts: Facts) -> Summary:
    """One chart per task, with a picker of models and splits."""
    charts = [(task, chart) for task in read_tasks(facts) if (chart := _chart(task))]
    return {
        "finding": _finding(*charts[0]) if charts else "",
        "collections": [
            {"title": task.title, "anchor": slug(task.name), "charts": [chart]} for task, chart in charts
        ],
    }


def _finding(task: Task, chart: Chart) -> str:
    """The commonest mistake of the model shown first."""
    key, _, split = chart.first_key.partition("|")
    run = next(run for run in task.runs if run.key == key)
    found = mistakes(read_matrix(run.part("confusion")[split], task.labels) or [], task.labels)
    if not found:
        return f"{run.name} makes no mistake on {inside(find_split(split).label)}."
    true, answered, tracks, share = found[0]
    return (
        f"The commonest mistake of {run.name} is to take {true} for {answered}:"
        f" {percent(share, 0)} of {true}, {count(tracks)} tracks."
    )


def read_matrix(given: object, labels: Sequence[str]) -> Matrix | None:
    """A matrix of counts, true genre by answered genre; None when it does not fit the labels."""
    if not isinstance(given, list) or len(given) != len(labels) or not labels:
        return None
    rows = [[number(cell) or 0.0 for cell in row] if isinstance(row, list) else [] for row in given]
    return rows if all(len(row) == len(labels) for row in rows) else None


def mistakes(counts: Matrix, labels: Sequence[str]) -> list[tuple[str, str, float, float]]:
    """True genre, answered genre, tracks, share of the true genre; most tracks first."""
    shares = row_shares(counts)
    found = [
        (true, answered, counts[row][column], shares[row][column])
        for row, true in enumerate(labels)
        for column, answered in enumerate(labels)
        if row != column and counts[row][column] > 0
    ]
    return sorted(found, key=lambda mistake: -mistake[2])


def describe(counts: Matrix, labels: Sequence[str]) -> str:
    """What a matrix shows: the genre that swallows the others, or the commonest mistake."""
    total = sum(map(sum, counts))
    if not total:
        return "No track was scored"
    answered = [sum(row[column] for row in counts) / total for column in range(len(labels))]
    true = [sum(row) / total for row in counts]
    excess = [share - own for share, own in zip(answered, true, strict=True)]
    place = max(range(len(labels)), key=lambda index: excess[index])
    if excess[place] >= 0.05:  # noqa: PLR2004 - five points too many are worth a headline
        return (
            f"{percent(answered[place], 0)} of all answers are {labels[place]},"
            f" but only {percent(true[place], 0)} of the tracks"
        )
    found = mistakes(counts, labels)
    if not found:
        return "Every track was named right"
    worst = found[0]
    return f"{sentence(worst[0])} is most often taken for {worst[1]}: {percent(worst[3], 0)} of its tracks"


def _chart(task: Task) -> Chart | None:
    # The random split has no matrix of its own here: it is never shown without the grouped one beside it.
    known = [split.name for split in SPLITS if split.name != "random"]
    champion, runs = task.champion_run, pickable_runs(task)
    views = {}
    for run in runs:
        for split in in_order([name for name in run.part("confusion") if name != "random"], known):
            counts = read_matrix(run.part("confusion")[split], task.labels)
            if counts is not None:
                views[f"{run.key}|{split}"] = _view(task, run, split, counts)
    if not views:
        return None
    shown_runs = [run for run in runs if any(key.split("|")[0] == run.key for key in views)]
    shown_splits = in_order([key.split("|", 1)[1] for key in views], known)
    options = tuple((run.key, f"{run.name}, champion" if run is champion else run.name) for run in shown_runs)
    pickers = (
        Picker("Model", options),
        Picker("Tested on", tuple((split, find_split(split).label) for split in shown_splits)),
    )
    return Chart(f"confusion-{slug(task.name)}", views, pickers)


def _view(task: Task, run: Run, split: str, counts: Matrix) -> View:
    labels, shares = task.labels, row_shares(counts)
    worst = "; ".join(
        f"{true} taken for {answered} ({count(tracks)} tracks, {percent(share, 0)} of {true})"
        for true, answered, tracks, share in mistakes(counts, labels)[:WORST]
    )
    return View(
        title=describe(counts, labels),
        caption=_score(run, split, len(labels))
        + "Each row is a true genre; the large figure is the percentage of its tracks, the small one their"
        " count." + (f" Most frequent mistakes: {worst}." if worst else ""),
        grid=_grid(labels, counts, shares),
        **heat(
            labels,
            labels,
            shares,
            counts,
            row_axis="True genre",
            column_axis="Genre the model answers",
            reads="{row} taken for {column}",
        ),
    )


def _score(run: Run, split: str, classes: int) -> str:
    score, metric = run.score(split, "accuracy"), find_metric("accuracy")
    if score is None:
        return ""
    interval = metric.show_interval(score.low, score.high)
    baseline = run.baseline(split, "accuracy", classes)
    return (
        f"Accuracy {metric.show(score.value)}"
        + (f" ({INTERVAL} {interval})" if interval else "")
        + (f", baseline {metric.show(baseline)}" if baseline is not None else "")
        + f", on {inside(find_split(split).label)}. "
    )


def _grid(labels: Sequence[str], counts: Matrix, shares: Matrix) -> Grid:
    return Grid(
        (Column("True genre", is_number=False), *(Column(genre) for genre in labels)),
        tuple(
            (
                Cell(genre, swatch=genre_colour(genre)),
                *(
                    Cell(count(cell), percent(share, 0), mark="good" if row == column else "")
                    for column, (cell, share) in enumerate(zip(counts[row], shares[row], strict=True))
                ),
            )
            for row, genre in enumerate(labels)
        ),
        "Columns are the model's answers: count, and share of the true genre.",
    )


PAGE = Page(
    name="confusion",
    label="Confusion",
    group="Models",
    title="What is taken for what?",
    question="Where a model errs says more than how often. Pick a model and the tracks it was tested on.",
    needs=("training",),
    command="genrelab train",
    fill=fill,
)
