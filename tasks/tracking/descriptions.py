"""Descriptions that the UI of MLflow shows for experiments and registered models: what they are, and the models in use.

Conventions: texts are Markdown and follow from the registry, so they may be written again at any time. A text that
somebody has edited in the UI is left alone; a tag keeps the hash of the one that was written last. The description of a
version is its model card (`tasks.training.champion`), that of a run comes from the `runs` module of its analysis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genrelab.analyses.registry import ANALYSES
from genrelab.analyses.runs import NOTE
from genrelab.evaluation.results import score_of
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.models.tasks import TASKS
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.runtime.choices import ACTIVE_RULES
from genrelab.runtime.files import digest
from tasks.tracking.champion_versions import task_of
from tasks.tracking.client import TrackingClient, shortened
from tasks.tracking.metric_names import from_mlflow
from tasks.tracking.registry import champion_info, names_of
from tasks.tracking.ui_pages import VIEW_TAG, experiment_page, run_page, version_page, view_of
from tasks.training.named_tracks import model_label

if TYPE_CHECKING:
    from mlflow.entities import Experiment
    from mlflow.entities.model_registry import ModelVersion

WRITTEN = "mlflow.genrelab.description"
"""Tag with the hash of the description that was written last; the UI hides tags of this prefix."""

DEFAULT = "Default"
ABOUT_DEFAULT = "MLflow's own experiment, for runs that name no other. genrelab logs nothing here."
ONE_LABEL_SCORES = ("accuracy", "macro_f1", "log_loss", "top2_accuracy", "ece")
LABEL_SET_SCORES = {
    "jaccard": "Jaccard index",
    "hierarchical_f1": "Hierarchical F1",
    "lrap": "Ranking precision",
    "macro_auc": "Macro ROC-AUC",
}
BASELINE = "Accuracy, commonest genre"
COLUMNS = 3
"""How many of these scores are columns of the table of runs."""


@dataclass(frozen=True)
class InUse:
    """A champion, its task and the scores of its run, named as in the library."""

    version: "ModelVersion"
    experiment_id: str
    task: Task
    metrics: Mapping[str, float]

    @property
    def scores(self) -> list[str]:
        """Names of its scores, the most telling first."""
        return [name for name in _scores(self.task) if f"{self.task.shown}/{name}" in self.metrics]

    @property
    def page(self) -> str:
        """Address of the version in the UI, with its card."""
        return version_page(str(self.version.name), str(self.version.version))

    @property
    def link(self) -> str:
        """Its name as a link to its card, with its most telling score."""
        first = self.scores[0]
        value = _plain(find_metric(first).show(self.metrics[f"{self.task.shown}/{first}"]))
        return f"[{self.version.name}]({self.page}) {_label(first)} {value}"

    @property
    def splits(self) -> list[str]:
        """The splits to show: that of the report, and the one that promotion reads."""
        return list(dict.fromkeys((self.task.shown, self.task.gate)))

    def table(self) -> dict[str, list[str]]:
        """Return each score by its name in the report: on every split, with its 95 % interval, then the baseline."""
        rows = {_label(name): [self._show(split, name) for split in self.splits] for name in self.scores}
        baseline = [self.metrics.get(f"{split}/baseline_accuracy") for split in self.splits]
        if any(baseline):
            rows[BASELINE] = [
                "" if each is None else _plain(find_metric("accuracy").show(each)) for each in baseline
            ]
        return rows

    def facts(self) -> list[dict[str, object]]:
        """Return the same as plain values, for other programs."""
        return [
            {
                "split": split,
                "metric": name,
                **vars(score_of(self.metrics, f"{split}/{name}")),
                "baseline": self.metrics.get(f"{split}/baseline_accuracy") if name == "accuracy" else None,
            }
            for split in self.splits
            for name in self.scores
            if f"{split}/{name}" in self.metrics
        ]

    def _show(self, split: str, metric: str) -> str:
        if f"{split}/{metric}" not in self.metrics:
            return ""
        known, score = find_metric(metric), score_of(self.metrics, f"{split}/{metric}")
        return _plain(f"{known.show(score.value)} ({known.show_interval(score.low, score.high)})")


def describe(tracking: TrackingClient) -> dict[str, str]:
    """Write the descriptions of all experiments and registered models of this project.

    Returns:
        The page of each experiment with trainings, by its name.
    """
    # the rule set that decides comes first
    names = sorted(names_of(tracking), key=lambda name: (ACTIVE_RULES not in name, name))
    in_use = {name: found for name in names if (found := find_in_use(tracking, name))}
    for name, found in in_use.items():
        model = tracking.client.get_registered_model(name)
        text = shortened(_of_model(found))
        if _may_write(model.description, model.tags, text):
            tracking.client.update_registered_model(name, text)
            tracking.client.set_registered_model_tag(name, WRITTEN, digest(text))
    pages: dict[str, str] = {}
    for experiment in tracking.client.search_experiments(max_results=1_000):
        tasks = [task for task in TASKS.values() if task.experiment == experiment.name]
        text = shortened(
            _of_experiment(experiment, tasks, [one for one in in_use.values() if one.task in tasks])
        )
        if text and _may_write(experiment.tags.get(NOTE), experiment.tags, text):
            tracking.client.set_experiment_tag(experiment.experiment_id, NOTE, text)
            tracking.client.set_experiment_tag(experiment.experiment_id, WRITTEN, digest(text))
        if tasks and VIEW_TAG not in experiment.tags:
            shown = (f"{task.shown}/{score}" for task in tasks for score in _scores(task)[:COLUMNS])
            metrics = list(dict.fromkeys(shown))
            tracking.client.set_experiment_tag(experiment.experiment_id, VIEW_TAG, view_of(metrics))
        pages |= {str(experiment.name): experiment_page(str(experiment.experiment_id))} if tasks else {}
    return dict(sorted(pages.items()))


def _may_write(current: str | None, tags: Mapping[str, str], text: str) -> bool:
    """Whether a description is missing or outdated, and nobody has edited it."""
    return not current or (current != text and tags.get(WRITTEN) == digest(current))


def _scores(task: Task) -> tuple[str, ...]:
    return tuple(LABEL_SET_SCORES) if task.kind == SEVERAL_LABELS else ONE_LABEL_SCORES


def find_in_use(tracking: TrackingClient, name: str) -> InUse | None:
    """Return the champion of a registered model with its scores; None if there is none, or no task of its name."""
    champion, task = tracking.champion(name), TASKS.get(task_of(name))
    if champion is None or task is None or not champion.run_id:
        return None
    run = tracking.client.get_run(champion.run_id)
    return InUse(champion, str(run.info.experiment_id), task, from_mlflow(run.data.metrics))


def _of_model(found: InUse) -> str:
    """The description of a registered model: the version in use, why, and its scores with those of the baseline."""
    champion, task = champion_info(found.version), found.task
    by = f"{model_label(champion.model)}, since {champion.since[:16].replace('T', ' ')} UTC"
    lines = [
        f"{task.title}. In use: [version {champion.version}]({found.page}), {by}.",
        "**Trained on synthetic sample data: it says nothing about real music.**" if champion.sample else "",
        "| score | " + " | ".join(find_split(split).label for split in found.splits) + " |",
        "|" + " --- |" * (1 + len(found.splits)),
        *(f"| {' | '.join([name, *cells])} |" for name, cells in found.table().items()),
        "",
        "In brackets: 95 % intervals over artists.",
        "",
        f"[Its card]({found.page}) · [its run]({run_page(found.experiment_id, champion.run_id)})",
        "",
        champion.why,
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A text of the report with plain blanks, as it stands in a terminal and in Markdown."""
    return " ".join(text.split())


def _label(metric: str) -> str:
    return LABEL_SET_SCORES.get(metric) or find_metric(metric).label


def _of_experiment(experiment: "Experiment", tasks: Sequence[Task], in_use: Sequence[InUse]) -> str:
    """The description of an experiment; its first line, which the UI always shows, leads to the models in use."""
    if experiment.name == DEFAULT:
        return ABOUT_DEFAULT
    if not tasks:
        return "\n\n".join(one.description for one in ANALYSES if one.experiment == experiment.name)
    links = [one.link for one in in_use if one.scores]
    lines = [
        f"In use: {'; '.join(links)}" if links else "No model is in use yet.",
        "",
        "A run is a training of one of these tasks, with the scores of its best model; below it is one for each model:",
        "",
        *(f"- {task.name}: {task.title}" for task in tasks),
    ]
    return "\n".join(lines)
