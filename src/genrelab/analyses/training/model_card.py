"""Model card: training data, scores and limits of a model."""

from collections.abc import Sequence

from genrelab.analyses.training.collection import OF_SETS
from genrelab.evaluation.results import Candidate, Thresholds, score_of
from genrelab.evaluation.scores import SCORES
from genrelab.lake.lineage import rules_of
from genrelab.lake.version import TableVersion
from genrelab.models.artist_scores import PREFIX
from genrelab.models.artist_scores import SCORES as ARTIST_SCORES
from genrelab.models.calibration import DECIDED, Calibration
from genrelab.models.data import TaskData
from genrelab.models.fitting import Fitted
from genrelab.models.task import SEVERAL_LABELS, Task
from genrelab.report.vocabulary import find_metric, find_split
from genrelab.tables import TABLES

LIMITS = """- Genres are opinions: the labels come from {labels}, and people disagree about them.
- The model uses summary features of a track, not the recording.
- The gate and test parts contain no artist of the training part; the random split, where shown, is optimistic."""


PUBLISHED = (
    "Published probabilities, and their scores above where `fitted on` says calibrated, are the model's own,"
    " {found.smoothing:.1%} of them spread evenly over the genres, to the power of {found.temperature:.3f}; both"
    " were chosen on folds by artist of the training rows."
)
FAIR_MEANS = (
    "The decision `most-accurate` names the most probable genre. `fair` divides the probabilities by the genres'"
    " shares of the training rows to the power of {found.fair_power:.2f} first:"
)
WITH_ARTISTS = (
    "A second prediction takes the artist's other tracks into account, features only: their mean probabilities count as"
    " much as the track's own. It stands beside the first and never in its place:"
)
CHOICE = (
    "Of those within one standard error of the best (paired, artists as clusters) the simplest challenges."
)
CHOSEN_BY = {
    "log_loss": ("log loss", "Log loss on folds by artist of the training rows, after calibration."),
    "jaccard": ("mean Jaccard", "Mean Jaccard on folds by artist of the training rows, by its thresholds."),
}
"""Score that candidates are compared by, and how it was made."""

SETS = (
    "A label is named from a probability of {found.overall:.2f} on; {own} labels have a threshold of their own. All"
    " were chosen by mean Jaccard on folds by artist of the training rows, where these rules were compared:"
)


def model_card(
    fitted: Fitted,
    task: Task,
    data: TaskData,
    versions: Sequence[TableVersion],
    candidates: Sequence[Candidate] = (),
) -> str:
    """Return the card as Markdown.

    Args:
        fitted: The model.
        task: What it predicts.
        data: The rows of the task.
        versions: The versions of the tables of the task, the main one first.
        candidates: The models on folds, where all are known.
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
        "## Scores",
        "",
        *_scores(fitted, task),
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
        f"- labels: by {labels}: {', '.join(data.named(data.labels))}",
        *_rules(task, versions),
        *_mix(fitted),
        f"- licence of the data: {licence}",
        "",
        *(_thresholds(fitted) if task.kind == SEVERAL_LABELS else _probabilities(fitted)),
        *_choice(candidates),
        "## Limits",
        "",
        LIMITS.format(labels=labels),
        "",
    ]
    return "\n".join(line for line in lines if line is not None)


def short_card(fitted: Fitted, task: Task) -> str:
    """Return what the UI of MLflow shows at the top of a run, as Markdown: the model and its scores."""
    return "\n".join(
        [
            f"**{fitted.model.label}** ({task.title}; duplicates {fitted.duplicates}). {fitted.model.why}",
            "",
            *_scores(fitted, task),
            "",
            "Data, limits and decision: model_card.md among the artifacts.",
        ]
    )


def _label(metric: str) -> str:
    """Return the name of a score in the report; one that the report does not name, with blanks."""
    return find_metric(metric).label.replace("_", " ")


def _scores(fitted: Fitted, task: Task) -> list[str]:
    """Return the table of scores by split."""
    if task.kind == SEVERAL_LABELS:
        names = [name for name in OF_SETS if f"{task.gate}/{name}" in fitted.scores]
        return [
            "In brackets: 95 % bootstrap intervals over artists. Baselines are models of the same training.",
            "",
            "| split | tracks | artists | " + " | ".join(map(_label, names)) + " |",
            "|" + " --- |" * (3 + len(names)),
            *(
                f"| {find_split(split).label} | {_sizes(fitted, split)} | "
                + " | ".join(str(score_of(fitted.scores, f"{split}/{name}")) for name in names)
                + " |"
                for split in fitted.evaluations
            ),
        ]
    return [
        "In brackets: 95 % bootstrap intervals over artists. Baseline: the most frequent label of the training rows.",
        "",
        "| split | tracks | artists | baseline accuracy | " + " | ".join(map(_label, SCORES)) + " |",
        "|" + " --- |" * (4 + len(SCORES)),
        *(_score_row(fitted, split) for split in fitted.evaluations),
    ]


def _thresholds(fitted: Fitted) -> list[str]:
    """Return which labels of a track are named."""
    found = fitted.published_by
    if not isinstance(found, Thresholds):
        return [
            "## Decision",
            "",
            "A label is named from a probability of one half on: there were too few artists for folds.",
            "",
        ]
    return [
        "## Decision",
        "",
        SETS.format(found=found, own=len(found.by_label))
        + (" The most probable label is named where none reaches its threshold." if found.at_least else ""),
        "",
        "| rule | Jaccard on folds | behind the best | standard error | used |",
        "|" + " --- |" * 5,
        *(
            f"| {one.name} | {one.jaccard:.4f} | {one.behind:.4f} | {one.behind_error:.4f} |"
            f" {'yes' if one.is_chosen else ''} |"
            for one in found.compared
        ),
        "",
    ]


def _probabilities(fitted: Fitted) -> list[str]:
    """Return what the published probabilities are, and how a genre is named by them."""
    found = fitted.published_by
    if not isinstance(found, Calibration):
        return ["## Probabilities", "", "As the model gives them: it was not calibrated.", ""]
    fair = [
        f"| {find_split(split).label} | "
        + " | ".join(str(score_of(fitted.scores, f"{split}/fair_{name}")) for name in DECIDED)
        + " |"
        for split, one in fitted.evaluations.items()
        if one.is_calibrated
    ]
    return [
        "## Probabilities and decision",
        "",
        PUBLISHED.format(found=found),
        FAIR_MEANS.format(found=found),
        "",
        "| split | " + " | ".join(f"{_label(name)}, fair" for name in DECIDED) + " |",
        "|" + " --- |" * (1 + len(DECIDED)),
        *fair,
        "",
        WITH_ARTISTS,
        "",
        "| split | " + " | ".join(f"{_label(name)}, alone | with others" for name in ARTIST_SCORES) + " |",
        "|" + " --- |" * (1 + 2 * len(ARTIST_SCORES)),
        *(
            f"| {find_split(split).label} | "
            + " | ".join(
                f"{score_of(fitted.scores, f'{split}/{name}')} | "
                f"{score_of(fitted.scores, f'{split}/{PREFIX}_{name}')}"
                for name in ARTIST_SCORES
            )
            + " |"
            for split, one in fitted.evaluations.items()
            if one.is_calibrated
        ),
        "",
    ]


def _mix(fitted: Fitted) -> list[str]:
    """Return the shares of the labels that a model learnt, which do not travel to other collections."""
    if not isinstance(fitted.published_by, Calibration):
        return []
    shares = sorted(fitted.published_by.priors.items(), key=lambda pair: -pair[1])
    return [f"- mix of the training tracks: {', '.join(f'{label} {share:.1%}' for label, share in shares)}"]


def _choice(candidates: Sequence[Candidate]) -> list[str]:
    """Return the table of the candidates."""
    if not candidates:
        return []
    score, how = CHOSEN_BY[candidates[0].score]
    return [
        "## Why this model challenges",
        "",
        f"{how} {CHOICE}",
        "",
        f"| candidate | {score} | behind the best | standard error | complexity | challenges |",
        "|" + " --- |" * 6,
        *(
            f"| {one.label} | {one.value:.4f} | {one.behind:+.4f} | {one.behind_error:.4f} | {one.complexity} |"
            f" {'yes' if one.is_chosen else ''} |"
            for one in candidates
        ),
        "",
    ]


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
    scores = fitted.scores
    baseline = scores[f"{split}/baseline_accuracy"]
    cells = (str(score_of(scores, f"{split}/{name}")) for name in SCORES)
    return (
        f"| {find_split(split).label} | {_sizes(fitted, split)} | {baseline:.3f} | "
        + " | ".join(cells)
        + " |"
    )


def _sizes(fitted: Fitted, split: str) -> str:
    """Return the tracks and artists of a split as cells."""
    return f"{fitted.scores[f'{split}/rows']:,.0f} | {fitted.scores[f'{split}/artists']:,.0f}"
