"""The page of confusion matrices, for every model and split that has one."""

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.pages.charts import by_model_and_split, confusion_view, mistakes
from genrelab.analyses.training.result import Training, Trainings
from genrelab.report.figure import Chart
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import slug
from genrelab.report.vocabulary import find_split
from genrelab.report.wording import count, inside, percent


def fill(found: Trainings) -> Summary:
    """Return one chart for each training, with a picker of models and splits."""
    charts = [(training, chart) for training in found.of_one_label if (chart := _chart(training))]
    return {
        "finding": _finding(*charts[0]) if charts else "",
        "collections": [
            {"title": training.title, "anchor": slug(training.task), "charts": [chart]}
            for training, chart in charts
        ],
    }


def _finding(training: Training, chart: Chart) -> str:
    """Return the commonest mistake of the model shown first."""
    key, split = chart.first_choices
    run = next(run for run in training.runs if run.key == key)
    found = mistakes(run.confusion[split], training.names)
    if not found:
        return f"{run.name} makes no mistake on {inside(find_split(split).label)}."
    true, answered, tracks, share = found[0]
    return (
        f"The commonest mistake of {run.name} is to predict {answered} for {true}:"
        f" {percent(share, 0)} of {true}, {count(tracks)} tracks."
    )


def _chart(training: Training) -> Chart | None:
    return by_model_and_split(
        training,
        "confusion",
        lambda run: run.confusion,
        lambda run, split: confusion_view(run, split, training.names),
    )


PAGE = Page(
    name="confusion",
    label="Confusion",
    group="Models",
    title="Which genres are confused with each other?",
    question="The matrix shows which genres a model confuses, and how often. Pick a model and the test tracks.",
    needs=(TRAINING.name,),
    command="genrelab train",
    fill=of_result(TRAINING, fill),
)
