"""Model card: training data, scores and limits of a model."""

from genrelab.evaluation.results import score_of
from genrelab.evaluation.scores import SCORES
from genrelab.lake.version import TableVersion
from genrelab.models.data import TaskData
from genrelab.models.fitting import Fitted
from genrelab.models.task import Task
from genrelab.tables import TABLES

LIMITS = """- Genres are opinions: the labels come from {labels}, and people disagree about them.
- The model uses summary features of a track, not the recording.
- The gate and test parts contain no artist of the training part; the random split, where shown, is optimistic."""


def model_card(fitted: Fitted, task: Task, data: TaskData, version: TableVersion) -> str:
    """Return the card as Markdown."""
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
        f"- table {version.table}, version {version.version}, published {version.published_at[:19]}",
        f"- source: {version.source}",
        f"- {data.note()}; duplicates {fitted.duplicates}",
        f"- fitted on: {fitted.fitted_on}",
        f"- features: {', '.join(fitted.features)}",
        *_left_out(task, data),
        f"- labels: by {labels}: {', '.join(data.labels)}",
        f"- licence of the data: {licence}",
        "",
        "## Scores",
        "",
        "In brackets: 95 % intervals by resampling artists. Baseline: the most frequent label of the training rows.",
        "",
        "| split | tracks | artists | baseline accuracy | " + " | ".join(SCORES) + " |",
        "|" + " --- |" * (4 + len(SCORES)),
        *(_score_row(fitted, split) for split in fitted.evaluations),
        "",
        "## Limits",
        "",
        LIMITS.format(labels=labels),
        "",
    ]
    return "\n".join(line for line in lines if line is not None)


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
    scores = fitted.scores
    baseline = scores[f"{split}/baseline_accuracy"]
    cells = (str(score_of(scores, f"{split}/{name}")) for name in SCORES)
    sizes = f"{scores[f'{split}/rows']:,.0f} | {scores[f'{split}/artists']:,.0f}"
    return f"| {split} | {sizes} | {baseline:.3f} | " + " | ".join(cells) + " |"
