"""The page of mistakes: which genre is recognised worst, and as what, by the model that stands for each task."""

from collections.abc import Callable, Sequence

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.pages.charts import KNOWN_SPLITS, split_picker
from genrelab.analyses.training.pages.matrices import confusion_view, worst_view
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.report.figure import Chart, Picker, View
from genrelab.report.headlines import on_split, task_page, trainings_in_order, whose
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.recognised import worst, worst_sentence
from genrelab.report.vocabulary import in_order, task_label

Shown = tuple[Training, TrainedModel, str]
Draw = Callable[[TrainedModel, str, Sequence[str]], View]


def fill(facts: Facts) -> Summary:
    """Return both charts with a picker of tasks and splits, and links to the pages that show all models."""
    shown = [(task, run, split) for task in trainings_in_order(facts) for run, split in _matrices(task)]
    return {
        "finding": _finding(*shown[0]) if shown else "",
        "charts": [_chart("worst", shown, worst_view), _chart("confusion", shown, confusion_view)]
        if shown
        else [],
        "tasks": [(task_label(task.task), f"{task_page(task)}#mistakes") for task in _distinct(shown)],
    }


def _matrices(training: Training) -> list[tuple[TrainedModel, str]]:
    """Return the splits on which the main model, or the first that was kept, has a matrix: the headline's first."""
    run = next((run for run in training.champion_first if set(run.confusion) - {"random"}), None)
    if run is None:
        return []
    # the random split is never shown without the grouped one beside it
    splits = in_order([split for split, rows in run.confusion.items() if rows], KNOWN_SPLITS)
    first = training.headline()
    return [(run, split) for split in sorted(splits, key=lambda split: split != first) if split != "random"]


def _distinct(shown: Sequence[Shown]) -> list[Training]:
    return list({task.task: task for task, _, _ in shown}.values())


def _chart(name: str, shown: Sequence[Shown], draw: Draw) -> Chart:
    tasks = Picker("Task", tuple((task.task, task_label(task.task)) for task in _distinct(shown)))
    views = {f"{task.task}|{split}": draw(run, split, task.names) for task, run, split in shown}
    return Chart(name, views, (tasks, split_picker([split for _, _, split in shown])))


def _finding(training: Training, run: TrainedModel, split: str) -> str:
    """Return the genre recognised worst by the model shown first."""
    said = worst_sentence(worst(run.confusion[split], training.names))
    return f"{said} ({run.label} for {whose(training)}, {on_split(split)})."


PAGE = Page(
    name="confusion",
    label="Mistakes",
    group="Models",
    title="Which genre is recognised worst, and as what?",
    question="How many tracks of each genre the model in use recognises, and what it takes the others for. Pick a task"
    " and the test tracks; the page of each task shows all of its models.",
    needs=(TRAINING.name,),
    command="genrelab train",
    fill=fill,
)
