"""The facts of training as values with names: tasks, runs, scores and their baselines.

Conventions: scores are keyed `<split>/<metric>` as in MLflow and come with a 95 % interval. The baseline
always answers the commonest genre of the split. What is absent from the facts is absent here; nothing is
guessed.

How scores are computed belongs to training; how they are drawn, to the pages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genrelab.report.vocabulary import HEADLINE_SPLITS, find_metric
from genrelab.report.wording import number, said

MOST_PICKABLE, MOST_OF_VARIANT = 10, 3


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval; the ends are None where no interval was computed."""

    value: float
    low: float | None
    high: float | None

    def may_equal(self, other: "Score") -> bool:
        """Whether one's interval holds the other's value: a difference that may be chance."""
        return any(
            one.low is not None and one.high is not None and one.low <= another.value <= one.high
            for one, another in ((self, other), (other, self))
        )


@dataclass(frozen=True)
class Run:
    """One model as it was trained.

    Args:
        key: Its place among the runs of the task, as text.
        name: Its label; with what became of the duplicates where labels repeat.
        facts: The facts of the run.
        scores: Scores by `<split>/<metric>`.
    """

    key: str
    name: str
    facts: Mapping[str, Any]
    scores: Mapping[str, Score]

    @property
    def model(self) -> str:
        """Kind of model."""
        return said(self.facts.get("model"), "")

    def score(self, split: str, metric: str) -> Score | None:
        """A score, or None when it was not computed."""
        return self.scores.get(f"{split}/{metric}")

    def splits(self) -> list[str]:
        """Splits it was scored on."""
        return list(dict.fromkeys(name.partition("/")[0] for name in self.scores))

    def part(self, name: str) -> Mapping[str, Any]:
        """Details by split (`confusion`, `per_class`, `calibration`), or an empty mapping."""
        found = self.facts.get(name)
        return found if isinstance(found, Mapping) else {}

    def baseline(self, split: str, metric: str, classes: int) -> float | None:
        """The score of always answering the commonest genre of the split.

        Accuracy comes from the facts. With a share p of the commonest of k genres, its F1 score is
        2p / (1 + p) and all others are 0; its recall is 1 and all others are 0.
        """
        given = self.part("baseline")
        exact = number(given.get(f"{split}/{metric}"))
        share = number(given.get(split))
        if exact is not None or share is None or not classes:
            return exact
        derived = {
            "accuracy": share,
            "macro_f1": 2 * share / (1 + share) / classes,
            "balanced_accuracy": 1 / classes,
        }
        return derived.get(metric)


@dataclass(frozen=True)
class Task:
    """What is predicted, on which table, and the models that tried.

    Args:
        name: Name of the task.
        title: Its heading.
        labels: Genres, in the order of every matrix.
        runs: The models.
        facts: The facts of the task.
    """

    name: str
    title: str
    labels: tuple[str, ...]
    runs: tuple[Run, ...]
    facts: Mapping[str, Any]

    @property
    def references(self) -> list[Mapping[str, Any]]:
        """Results that others published on the same data."""
        return [
            given for given in self.facts.get("references") or [] if number(given.get("value")) is not None
        ]

    @property
    def champion(self) -> Mapping[str, Any]:
        """The champion and the decision about it, or an empty mapping."""
        found = self.facts.get("champion")
        return found if isinstance(found, Mapping) else {}

    @property
    def champion_run(self) -> Run | None:
        """The run that the champion is; None where it was fitted in an earlier training, or there is none."""
        champion = self.champion
        if champion.get("run_id"):
            return next((run for run in self.runs if run.facts.get("run_id") == champion["run_id"]), None)
        found = self._kin_of_champion
        return self.ranked("gate", "macro_f1", found)[0] if found else None

    @property
    def champion_name(self) -> str:
        """What people call the model that is champion, also where it was fitted in an earlier training."""
        named = [run for run in (self.champion_run, *self._kin_of_champion) if run]
        return named[0].name if named else said(self.champion.get("model"))

    @property
    def _kin_of_champion(self) -> list[Run]:
        return [run for run in self.runs if same_name(said(self.champion.get("model"), ""), run)]

    def all_splits(self) -> list[str]:
        """Splits that any run was scored on."""
        return list(dict.fromkeys(split for run in self.runs for split in run.splits()))

    def headline(self) -> str:
        """The split it is judged by, or an empty string when none was scored."""
        scored = {split for run in self.runs for split in run.splits()}
        return next((split for split in HEADLINE_SPLITS if split in scored), "")

    def ranked(self, split: str, metric: str, runs: Sequence[Run] | None = None) -> list[Run]:
        """Runs from best to worst; those without the score last."""
        sign = -1 if find_metric(metric).higher_is_better else 1

        def rank(run: Run) -> tuple[bool, float]:
            score = run.score(split, metric)
            return score is None, sign * score.value if score else 0.0

        return sorted(self.runs if runs is None else runs, key=rank)


def pickable_runs(task: Task) -> list[Run]:
    """The runs that a reader may look at one by one: the champion, then the best on the headline split.

    A page holds every drawing that can be picked, so a task keeps `MOST_PICKABLE` of them, a variant
    `MOST_OF_VARIANT`; the tables show all.
    """
    champion = task.champion_run
    others = [run for run in task.ranked(task.headline(), "accuracy") if run is not champion]
    most = MOST_OF_VARIANT if task.facts.get("is_variant") else MOST_PICKABLE
    return [*([champion] if champion else []), *others][:most]


def same_name(name: str, run: Run) -> bool:
    """Whether a result under `name` is of the same kind of model as the run."""
    plain = _plain(name)
    return bool(plain) and plain in {_plain(run.model), _plain(said(run.facts.get("label"), ""))}


def read_tasks(facts: Mapping[str, Any]) -> list[Task]:
    """The tasks that have runs, in the order of the facts."""
    given = (facts.get("training") or {}).get("tasks") or []
    return [_task(task) for task in given if task.get("runs")]


def _task(facts: Mapping[str, Any]) -> Task:
    labels = [str(run.get("label") or run.get("model") or "unnamed") for run in facts["runs"]]
    runs = []
    for place, (given, label) in enumerate(zip(facts["runs"], labels, strict=True)):
        duplicates = given.get("duplicates")
        repeated = labels.count(label) > 1 and duplicates
        runs.append(
            Run(
                key=str(place),
                name=f"{label} (duplicates {duplicates})" if repeated else label,
                facts=given,
                scores=_scores(given.get("scores") or {}),
            )
        )
    name = str(facts.get("task") or "task")
    return Task(
        name=name,
        title=str(facts.get("title") or name),
        labels=tuple(str(genre) for genre in facts.get("labels") or ()),
        runs=tuple(runs),
        facts=facts,
    )


def _scores(given: Mapping[str, Any]) -> dict[str, Score]:
    scores = {}
    for name, score in given.items():
        parts = score if isinstance(score, Mapping) else {"value": score}
        value = number(parts.get("value"))
        if value is not None:
            scores[name] = Score(value, number(parts.get("low")), number(parts.get("high")))
    return scores


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())
