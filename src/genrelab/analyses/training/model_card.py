"""Model card: training data, scores and limits of a model."""

from collections.abc import Sequence

from genrelab.evaluation.scores import SCORES
from genrelab.lake.lineage import rules_of
from genrelab.lake.version import TableVersion
from genrelab.models.data import TaskData
from genrelab.models.fitting import Fitted
from genrelab.models.task import Task
from genrelab.tables import TABLES

LIMITS = """- Genres are opinions: the labels come from {labels}, and people disagree about them.
- The model uses summary features of a track, not the recording.
- The gate and test parts contain no artist of the training part; the random split, where shown, is optimistic."""


def model_card(fitted: Fitted, task: Task, data: TaskData, versions: Sequence[TableVersion]) -> str:
    """Return the card as Markdown.

    Args:
        fitted: The model.
        task: What it predicts.
        data: The rows of the task.
        versions: The versions of the tables of the task, the main one first.
    """
    version = versions[0]
    licence = TABLES[version.table].licence or "not stated"
    labels = f"the rule set {task.rule_set}" if task.rule_set else "the source's own editors and artists"
    lines = [
        f"# {fitted.model.label}: {task.title}",
        "",
        "**Trained on synthetic sample data: it says nothing about real music.**\n"
        if version.is_sample
        else "",
        fitted.model.why,
        "",
        "## Data",
        "",
        *(
            f"- table {one.table}, version {one.version}, published {one.published_at[:19]}, source: {one.source}"
            for one in versions
        ),
        f"- {data.note()}; duplicates {fitted.duplicates}",
        f"- fitted on: {fitted.fitted_on}",
        f"- features: {', '.join(fitted.features)}",
        *_left_out(task, data),
        f"- labels: by {labels}: {', '.join(data.labels)}",
        *_rules(task, versions),
        f"- licence of the data: {licence}",
        "",
        "## Scores",
        "",
        "95 % bootstrap intervals in brackets; the baseline is the most frequent label of the training rows.",
        "",
        "| split | rows | baseline accuracy | " + " | ".join(SCORES) + " |",
        "|" + " --- |" * (3 + len(SCORES)),
        *(_score_row(fitted, split) for split in fitted.evaluations),
        "",
        "## Limits",
        "",
        LIMITS.format(labels=labels),
        "",
    ]
    return "\n".join(line for line in lines if line is not None)


def _rules(task: Task, versions: Sequence[TableVersion]) -> list[str]:
    """Return the digest of the rule set, if the task has one."""
    if not task.rule_set:
        return []
    digest = rules_of(versions, task.rule_set).get(task.rule_set)
    return [f"- rule set {task.rule_set}: {f'sha256 {digest}' if digest else 'its digest was not recorded'}"]


def _left_out(task: Task, data: TaskData) -> list[str]:
    """Return the features that the model does not use, with the reason."""
    lines = []
    if task.without:
        names = ", ".join(task.without)
        lines.append(f"- left out: {names}, which {data.lacking} lack; no value is made up")
    if data.absent:
        lines.append(f"- left out: {len(data.absent)} features that no row of the source has")
    return lines


def _score_row(fitted: Fitted, split: str) -> str:
    def cell(name: str) -> str:
        key = f"{split}/{name}"
        return f"{fitted.scores[key]:.3f} ({fitted.scores[f'{key}_low']:.3f} to {fitted.scores[f'{key}_high']:.3f})"

    rows = len(fitted.evaluations[split].y_true)
    baseline = fitted.scores[f"{split}/baseline_accuracy"]
    return f"| {split} | {rows:,} | {baseline:.3f} | " + " | ".join(cell(name) for name in SCORES) + " |"
