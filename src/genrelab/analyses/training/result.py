"""Result of training as plain values: tasks, models, scores and champions.

Conventions: scores are keyed `<split>/<metric>` as in MLflow. The baseline always predicts the commonest genre of the
split. Details of the random split are stored but only shown beside a split of new artists.

A training of several labels (`Training.kind`) stands among those of one label; `Trainings.of_one_label` and
`Trainings.of_several_labels` tell them apart. What it has of its own: `Training.target`, `features`, `tree` and
`label_scores`, `TrainedModel.thresholds` and `threshold_curve`. What it lacks is empty: confusion matrices, per-class
reports, calibration, importances, `TrainedModel.baseline`; its baselines are models (`TrainedModel.is_baseline`).
"""

from dataclasses import dataclass

from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.references import Reference
from genrelab.evaluation.results import (
    LOWER_IS_BETTER,
    CalibrationBin,
    Candidate,
    ClassScores,
    Comparison,
    Densities,
    Importance,
    LabelScores,
    LearningCurve,
    PerfectEce,
    Sampled,
    Score,
    SeedSpread,
    SubsetScores,
    SuspectStudy,
    ThresholdPoint,
    Thresholds,
    ValidationCurve,
)
from genrelab.models.task import ONE_LABEL, SEVERAL_LABELS

HEADLINE_SPLITS = ("grouped", "official", "validation", "gate", "author")
"""The split a task is judged by: the first of these that was scored. Never the random one."""

GATES = ("gate", "validation")
"""Splits that choose and are no test."""

MOST_PICKABLE, MOST_OF_VARIANT = 10, 3


@dataclass(frozen=True)
class Champion:
    """The version of a registered model that is in use; texts are empty where there is none.

    Args:
        model: Kind of model.
        duplicates: Whether the rows it was fitted on held duplicates: `kept` or `removed`.
        version: Its version in the registry.
        run_id: Its run in MLflow.
        since: When it became champion, ISO 8601.
        why: Reason of the promotion.
        sample: Whether it was trained on sample data.
    """

    model: str
    duplicates: str
    version: str
    run_id: str
    since: str
    why: str
    sample: bool


NO_CHAMPION = Champion("", "", "", "", "", "", sample=False)


@dataclass(frozen=True)
class Verdict(Champion):
    """The champion after a training, and the decision on the challenger.

    Args:
        promoted: Whether the challenger is the champion now.
        reason: Why, or why not.
        numbers: Challenger minus current champion on the gate, by score.
        gate_rows: Rows of the gate used for the decision; 0 without a challenger.
    """

    promoted: bool
    reason: str
    numbers: dict[str, str]
    gate_rows: int


@dataclass(frozen=True)
class TrainedModel:
    """One model as it was trained.

    Args:
        model: Kind of model.
        label: Name that people read.
        name: The same, with what became of the duplicates where labels repeat in a training.
        why: Why it is trained.
        duplicates: `kept` or `removed`.
        fitted_on: The training rows of each split, in words.
        rows: Rows that were split.
        run_id: Its run in MLflow.
        scores: Scores by `<split>/<metric>`; `fair_<metric>` for the decision "fair to rare genres".
        sampled: Rows and artists that were scored, by split.
        subsets: Scores of rows with a suspect label and of all others, where there are both.
        baseline: Accuracy of the baseline by split.
        confusion: Rows by true and predicted genre, by split.
        per_class: Report on each genre, by split.
        calibration: Bins of the calibration curve by split.
        importances: Features by importance, the largest first; empty where they were not measured.
        coefficients: Coefficients by genre and feature, for linear models.
        params: Its parameters.
        fit_seconds: Time to fit it.
        predict_ms_per_1000: Time to predict 1,000 rows.
        search: What a search of its parameters found, in words; empty without one.
        seeds: Spread of scores over other draws of artists, where they were made.
        perfect_ece: Calibration error of a perfect model by split, for the candidate.
        densities: How sure it is of each genre, where that was kept.
        validation_curve: Accuracy over a parameter, where it was drawn.
        learning_curve: Scores by number of training rows, where it was drawn.
        is_baseline: Whether it ignores the features.
        thresholds: From which probability on labels are named, with the rules that were compared; None for one label,
            and where there were too few artists for folds.
        threshold_curve: Mean Jaccard on folds of the training rows by threshold; empty for one label.
    """

    model: str
    label: str
    name: str
    why: str
    duplicates: str
    fitted_on: str
    rows: int
    run_id: str
    scores: dict[str, Score]
    sampled: dict[str, Sampled]
    subsets: tuple[SubsetScores, ...]
    baseline: dict[str, float]
    confusion: dict[str, tuple[tuple[int, ...], ...]]
    per_class: dict[str, tuple[ClassScores, ...]]
    calibration: dict[str, tuple[CalibrationBin, ...]]
    importances: tuple[Importance, ...]
    coefficients: dict[str, dict[str, float]]
    params: dict[str, str | int | float | bool]
    fit_seconds: float
    predict_ms_per_1000: float
    search: str
    seeds: dict[str, SeedSpread]
    perfect_ece: dict[str, PerfectEce]
    densities: Densities | None
    validation_curve: ValidationCurve | None
    learning_curve: LearningCurve | None
    is_baseline: bool
    thresholds: Thresholds | None
    threshold_curve: tuple[ThresholdPoint, ...]

    @property
    def key(self) -> str:
        """Return its key among the models of a training."""
        return f"{self.model}/{self.duplicates}"

    def score(self, split: str, metric: str) -> Score | None:
        """Return a score, or None if it was not computed."""
        return self.scores.get(f"{split}/{metric}")

    def splits(self) -> list[str]:
        """Return the splits it was scored on."""
        return list(dict.fromkeys(name.partition("/")[0] for name in self.scores))

    def baseline_of(self, split: str, metric: str, classes: int) -> float | None:
        """Return the score of always predicting the commonest genre; None if its share does not determine the score.

        With a share p of the commonest of k genres, its F1 score is 2p / (1 + p) and all others are 0; its recall is 1
        and all others are 0.
        """
        share = self.baseline.get(split)
        if share is None or not classes:
            return None
        derived = {
            "accuracy": share,
            "macro_f1": 2 * share / (1 + share) / classes,
            "balanced_accuracy": 1 / classes,
        }
        return derived.get(metric)


@dataclass(frozen=True)
class Training:
    """The models of one task for one set of features.

    Args:
        task: Name of the task.
        title: Its heading.
        about: What a reader has to know of it.
        is_variant: Whether it is there to compare and has no champion.
        kind: Kind of target, as `genrelab.models.task` names it: one label or several.
        target: Column of the target: `genre_top`, `genres`, `genres_all`, ...
        features: Where the features come from: `librosa`, `echonest` or `spotify`.
        feature_count: How many there are.
        labels: Genres, in the order of every matrix; FMA's ids for several labels.
        shown: Split on which models are compared.
        note: What became of the rows, in a sentence.
        failures: What went wrong, by model or variant.
        runs: The models, in the order of training.
        comparisons: The candidate against each other model.
        candidates: The models on folds by artist, the best first; one of them is chosen to challenge the champion.
            Empty for a variant of one label, and where no folds could be made.
        suspects: What leaving suspect labels out of training would change; None where that was not tried.
        references: Results that others published on the same data.
        table: Table that it was trained on.
        table_version: Its version.
        rule_set: Rule set that made the labels; empty where people gave them.
        sample: Whether that is sample data.
        champion: Who is in use now, and why; None for a variant.
        tree: The tree of several labels: parents and titles by id; None without the table, and for one label.
        label_scores: How well the chosen candidate names each of several labels on the shown split: tracks and artists
            that have it, precision, recall, F1, average precision, area under the curve, threshold; empty for one
            label.
        drawn: The sample that it was trained on, in words; empty where that is the whole table.
    """

    task: str
    title: str
    about: str
    is_variant: bool
    kind: str
    target: str
    features: str
    feature_count: int
    labels: tuple[int | str, ...]
    shown: str
    note: str
    failures: dict[str, str]
    runs: tuple[TrainedModel, ...]
    comparisons: tuple[Comparison, ...]
    candidates: tuple[Candidate, ...]
    suspects: SuspectStudy | None
    references: tuple[Reference, ...]
    table: str
    table_version: int
    rule_set: str
    sample: bool
    champion: Verdict | None
    tree: GenreTree | None
    label_scores: tuple[LabelScores, ...]
    drawn: str = ""

    @property
    def champion_run(self) -> TrainedModel | None:
        """Return the model that is champion; None without one, or if it was fitted in an earlier training."""
        if self.champion is None:
            return None
        return next((run for run in self.runs if run.run_id == self.champion.run_id), None)

    @property
    def champion_name(self) -> str:
        """Return the display name of the champion, even if it was fitted in an earlier training."""
        kind = self.champion.model if self.champion else ""
        same = [run for run in (self.champion_run, *self.runs) if run and same_kind(kind, run)]
        return same[0].name if same else kind

    @property
    def chosen(self) -> Candidate | None:
        """Return the candidate that challenged the champion; None without one."""
        return next((one for one in self.candidates if one.is_chosen), None)

    @property
    def challenger_run(self) -> TrainedModel | None:
        """Return the model that `comparisons` sets against each other one: the challenger.

        Without candidates it is that of the best score on the gate; the test part never chooses.
        """
        of_chosen = [run for run in self.runs if self.chosen and run.model == self.chosen.model]
        on_gate = [
            run for split in GATES for run, _ in self.scored(split, self.decides) if not run.is_baseline
        ]
        return next(iter([*reversed(of_chosen), *on_gate]), None)

    @property
    def main_run(self) -> TrainedModel | None:
        """Return the model that stands for the training: the champion, or else the challenger."""
        return self.champion_run or self.challenger_run

    def tested(self, run: TrainedModel) -> Comparison | None:
        """Return the paired test of the main model against another one; None where it was not made.

        Only models of the same duplicates were judged on the same tracks.
        """
        main = self.main_run
        if main is None or main is not self.challenger_run or run.duplicates != main.duplicates:
            return None
        return next((one for one in self.comparisons if one.model == run.model), None)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what people call the labels, in their order: titles of the tree, where they are ids."""
        titles = self.tree.titles if self.tree else {}
        return tuple(titles.get(one, str(one)) if isinstance(one, int) else one for one in self.labels)

    @property
    def decides(self) -> str:
        """Return the score by which models are chosen, and the gate decides."""
        return "jaccard" if self.kind == SEVERAL_LABELS else "log_loss"

    @property
    def headline_score(self) -> str:
        """Return the score that a reader is told first."""
        return "jaccard" if self.kind == SEVERAL_LABELS else "accuracy"

    def main_on(self, split: str, metric: str) -> TrainedModel | None:
        """Return the model that stands for the training, or the same model with other duplicates, if it has a score."""
        main = self.main_run
        runs = [main, *(run for run in self.runs if run.model == main.model)] if main else []
        return next((run for run in runs if run.score(split, metric) is not None), None)

    def role_of(self, run: TrainedModel) -> str:
        """Return why a model stands for the training: it is in use, challenges, or was chosen on the gate."""
        if self.champion is not None and run.model == self.champion.model and self.champion_run is not None:
            return "the model in use"
        is_chosen = self.chosen is not None and run.model == self.chosen.model
        return "the challenger" if is_chosen else "chosen on the gate"

    def all_splits(self) -> list[str]:
        """Return the splits that any model was scored on."""
        return list(dict.fromkeys(split for run in self.runs for split in run.splits()))

    def headline(self) -> str:
        """Return the main split, or an empty string if none was scored."""
        scored = self.all_splits()
        return next((split for split in HEADLINE_SPLITS if split in scored), "")

    def scored(self, split: str, metric: str) -> list[tuple[TrainedModel, Score]]:
        """Return the models with a score, and the score, from best to worst."""
        sign = 1 if metric in LOWER_IS_BETTER else -1
        found = [(run, score) for run in self.runs if (score := run.score(split, metric)) is not None]
        return sorted(found, key=lambda pair: sign * pair[1].value)

    def ranked(self, split: str, metric: str) -> list[TrainedModel]:
        """Return the models from best to worst; those without the score last."""
        scored = [run for run, _ in self.scored(split, metric)]
        return [*scored, *(run for run in self.runs if run.score(split, metric) is None)]

    @property
    def champion_first(self) -> list[TrainedModel]:
        """Return the main model, mostly the champion, then the others from best to worst on the headline split."""
        main = self.main_run
        others = [run for run in self.ranked(self.headline(), self.headline_score) if run is not main]
        return [*([main] if main else []), *others]

    @property
    def pickable(self) -> list[TrainedModel]:
        """Return the models in the pickers: the champion, then the best on the headline split.

        A page contains every selectable drawing, so a training offers `MOST_PICKABLE` models and a variant
        `MOST_OF_VARIANT`; the tables show all.
        """
        return self.champion_first[: MOST_OF_VARIANT if self.is_variant else MOST_PICKABLE]


@dataclass(frozen=True)
class Trainings:
    """The trainings of one step or of all: one for each task and set of features that it was trained for."""

    tasks: tuple[Training, ...]

    @property
    def of_one_label(self) -> tuple[Training, ...]:
        """Return the trainings of one label per track."""
        return tuple(one for one in self.tasks if one.kind == ONE_LABEL)

    @property
    def of_several_labels(self) -> tuple[Training, ...]:
        """Return the trainings of sets of labels."""
        return tuple(one for one in self.tasks if one.kind == SEVERAL_LABELS)


def same_kind(name: str, run: TrainedModel) -> bool:
    """Return whether `name` is the same kind of model."""
    return bool(name) and _plain(name) in {_plain(run.model), _plain(run.label)}


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
