"""The facts of the study of origins as the page can draw them: a part that is missing or of another shape is left out.

Conventions: everything read here is complete. The facts come from `genrelab.origins.study`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genrelab.report.exploration import items, mapping, matrix, numbers
from genrelab.report.training import Score
from genrelab.report.wording import number, said


@dataclass(frozen=True)
class PlaceFacts:
    """A country of the data.

    Args:
        country: Its name.
        latitude: Of its capital, in degrees.
        longitude: Of its capital, in degrees.
        tracks: Its tracks.
    """

    country: str
    latitude: float
    longitude: float
    tracks: int


@dataclass(frozen=True)
class OriginRun:
    """One model's answer to one question.

    Args:
        model: Its name in runs.
        label: Its name for people.
        score: The score of the question, with its interval.
        sd: Its standard deviation over repeats, None for a single one.
        scores: All scores by name.
        quantiles: For a distance: the distances at evenly spaced shares of the tracks; else empty.
    """

    model: str
    label: str
    score: Score
    sd: float | None
    scores: Mapping[str, Any]
    quantiles: tuple[float, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked, and everyone's answer, the best first.

    Args:
        task: Its name in runs.
        title: Its name for people.
        metric: Name of its score.
        baseline: What needs no music.
        runs: The models.
        facts: The facts as they came.
    """

    task: str
    title: str
    metric: str
    baseline: float | None
    runs: tuple[OriginRun, ...]
    facts: Mapping[str, Any]

    @property
    def is_distance(self) -> bool:
        """Whether the score is a distance in km, less being better."""
        return self.metric == "great_circle_km"

    def run(self, model: str) -> OriginRun | None:
        """A model's answer, or None where it gave none."""
        return next((run for run in self.runs if run.model == model), None)


def read_places(study: Mapping[str, Any]) -> list[PlaceFacts]:
    """The countries, from south to north; none where one has no coordinates."""
    found = []
    for given in items(study.get("places")):
        latitude, longitude = number(given.get("latitude")), number(given.get("longitude"))
        tracks = number(given.get("tracks"))
        if latitude is None or longitude is None or tracks is None:
            return []
        found.append(PlaceFacts(said(given.get("country"), "unnamed"), latitude, longitude, int(tracks)))
    return found


def read_counts(study: Mapping[str, Any], places: int) -> list[list[int]]:
    """Tracks by cluster and country, shape (clusters, places); empty where they do not fit."""
    given = mapping(study.get("grouping")).get("counts")
    rows = len(given) if isinstance(given, list) else 0
    found = matrix(given, rows, places) if rows and places else []
    return [[int(value) for value in row] for row in found]


def read_questions(study: Mapping[str, Any]) -> dict[str, Question]:
    """The questions that were answered, by their name in runs."""
    found = {}
    for given in items(study.get("tasks")):
        task, metric = said(given.get("task"), ""), said(given.get("metric"), "")
        runs = [run for one in items(given.get("runs")) if (run := _run(one, metric))]
        if not (task and runs):
            continue
        runs.sort(key=lambda run: run.score.value if metric == "great_circle_km" else -run.score.value)
        found[task] = Question(
            task=task,
            title=said(given.get("title"), task),
            metric=metric,
            baseline=number(given.get("baseline")),
            runs=tuple(runs),
            facts=given,
        )
    return found


def _run(given: Mapping[str, Any], metric: str) -> OriginRun | None:
    scores = mapping(given.get("scores"))
    value = number(scores.get(f"cv/{metric}"))
    if value is None:
        return None
    score = Score(value, number(scores.get(f"cv/{metric}_low")), number(scores.get(f"cv/{metric}_high")))
    model = said(given.get("model"), "unnamed")
    return OriginRun(
        model=model,
        label=said(given.get("label"), model),
        score=score,
        sd=number(scores.get(f"cv/{metric}_sd")),
        scores=scores,
        quantiles=tuple(numbers(given.get("quantiles"))),
    )


def read_curves(given: Any) -> list[list[float]]:
    """Curves of one length, empty where they are none."""
    if not isinstance(given, list) or not given:
        return []
    first = numbers(given[0])
    return matrix(given, len(given), len(first)) if first else []
