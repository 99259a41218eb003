"""The headline of a training, the order of the trainings and the files of their pages: what several pages share.

Conventions: a headline is that of the champion and names rule set, split, interval and baseline. The training of the
rule set that decides comes first, those that only compare come last.
"""

from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import TrainedModel, Training
from genrelab.evaluation.results import Score
from genrelab.report.leading import deciding_first
from genrelab.report.page import Facts
from genrelab.report.palette import slug
from genrelab.report.vocabulary import find_metric, find_split, labelling, task_label
from genrelab.report.wording import inside, sentence

TOLD = "accuracy"
"""The score of a headline."""


def trainings_in_order(facts: Facts) -> list[Training]:
    """Return the trainings of one label: of the rule set that decides first, those that only compare last."""
    found = TRAINING.found_in(facts)
    first = deciding_first(found.of_one_label if found else (), facts)
    return sorted(first, key=lambda training: training.is_variant)


def task_page(training: Training) -> str:
    """Return the file of a task's page, which is named after the task so that its address stays."""
    return f"models-{slug(training.task)}.html"


def shown_run(training: Training) -> tuple[TrainedModel, Score, str] | None:
    """Return the model that stands for a task, its accuracy and the split; None when it was not scored."""
    split = training.headline()
    run = training.main_on(split, TOLD)
    score = run.score(split, TOLD) if run else None
    return (run, score, split) if run and score else None


def on_split(split: str) -> str:
    """Return a split for a sentence.

    >>> on_split("grouped"), on_split("official")
    ('on new artists', 'on the FMA test part')
    """
    label = inside(find_split(split).label)
    return f"on {label}" if label.endswith("s") else f"on the {label}"


def whose(training: Training) -> str:
    """Return what a model predicts: the genres of a rule set, or those of a task."""
    return labelling(training.rule_set) if training.rule_set else task_label(training.task)


def headline(training: Training) -> str:
    """Say what the model that stands for a training reaches; empty where it was not scored."""
    found = shown_run(training)
    if found is None:
        return ""
    run, score, split = found
    metric, role = find_metric(TOLD), training.role_of(run)
    who = f"the model {role}" if role.startswith("chosen") else role
    text = (
        f"{on_split(split)}, {who} for {whose(training)} ({run.label}) predicts the genre of"
        f" {metric.show(score.value)} of tracks correctly {metric.show_interval_after(score.low, score.high)}"
    )
    level = run.baseline_of(split, TOLD, len(training.labels))
    if level is not None:
        text += f"; always predicting the commonest genre would reach {metric.show(level)}"
    return sentence(f"{text}.")
