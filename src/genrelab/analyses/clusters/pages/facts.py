"""The facts of the clusters as a page can draw them: parts that are missing or of another shape are left out.

Conventions: everything read here is complete; a feature set without its clusters, and a collection without a feature
set, are not there. The facts come from `genrelab.analyses.clusters`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from genrelab.report.exploration import items, mapping, matrix, numbers
from genrelab.report.heatmap import Matrix
from genrelab.report.page import Facts
from genrelab.report.wording import number

T = TypeVar("T")

LABELLINGS = {
    "classic": "the classic rules",
    "reviewed": "the reviewed rules",
    "top genre": "the FMA's top genres",
}
HEADLINE = "all-scaled"
"""The feature set that is told where one number must do: no feature's unit decides."""


class OddError(ValueError):
    """A fact is missing or of another shape."""


@dataclass(frozen=True)
class AgreementFacts:
    """Clusters beside the genres of one labelling."""

    labels: str
    genres: tuple[str, ...]
    counts: Matrix
    leaders: tuple[Mapping[str, Any], ...]
    matching: Mapping[int, str]
    scores: Mapping[str, float]
    chance: Mapping[str, float]
    shuffles: int

    @property
    def title(self) -> str:
        """The labelling as people say it."""
        return labelling(self.labels)


@dataclass(frozen=True)
class SetFacts:
    """One feature set, clustered and compared."""

    name: str
    title: str
    features: tuple[str, ...]
    is_scaled: bool
    why: str
    accuracy: float | None
    document: float | None
    importances: Mapping[str, float]
    silhouette: float | None
    agreements: tuple[AgreementFacts, ...]
    clusters: tuple[Mapping[str, Any], ...]
    stability: Mapping[str, Mapping[str, Any]]
    alternatives: tuple[Mapping[str, Any], ...]
    study: Mapping[str, Any]

    @property
    def decides(self) -> str:
        """The feature with the largest importance; empty when there is none."""
        return max(self.importances, key=lambda name: self.importances[name], default="")

    def by(self, labels: str) -> AgreementFacts | None:
        """The agreement with one labelling."""
        return next((one for one in self.agreements if one.labels == labels), None)


@dataclass(frozen=True)
class ClusteredFacts:
    """A collection and its clusterings."""

    name: str
    title: str
    sets: tuple[SetFacts, ...]
    facts: Mapping[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labellings, in order."""
        return tuple(dict.fromkeys(one.labels for each in self.sets for one in each.agreements))

    @property
    def headline(self) -> SetFacts:
        """The feature set that is told where one must do."""
        return next((one for one in self.sets if one.name == HEADLINE), self.sets[0])


def labelling(name: str) -> str:
    """A labelling as people say it.

    >>> labelling("classic"), labelling("my_rules")
    ('the classic rules', 'the rules my_rules')
    """
    return LABELLINGS.get(name, f"the rules {name}")


def read_clusters(facts: Facts) -> list[ClusteredFacts]:
    """The collections that were clustered, each with what can be drawn of it."""
    found = []
    for place, given in enumerate(items(mapping(facts.get("clusters")).get("collections"))):
        sets = each(_set, items(given.get("clusterings")))
        if sets:
            name = str(given.get("name") or f"collection-{place}")
            found.append(ClusteredFacts(name, str(given.get("title") or name), sets, given))
    return found


def agreement_at_a_glance(facts: Facts) -> tuple[float, float | None, str] | None:
    """Adjusted Rand index, what chance gives, and whose genres: the one number of the clusters for the overview."""
    for collection in read_clusters(facts):
        for name in reversed(collection.labels):
            found = collection.headline.by(name)
            if found and "ari" in found.scores:
                return found.scores["ari"], found.chance.get("ari"), found.title
    return None


def each(read: Callable[[Any], T], given: Iterable[Any]) -> tuple[T, ...]:
    """What can be read of each; the others are left out."""
    found = []
    for one in given:
        try:
            found.append(read(one))
        except (OddError, KeyError, TypeError, AttributeError):
            continue
    return tuple(found)


def need(value: Any) -> float:
    """The number.

    Raises:
        OddError: It is none.
    """
    found = number(value)
    if found is None:
        raise OddError(f"{value!r} is no number")
    return found


def text(value: Any) -> str:
    """The text.

    Raises:
        OddError: It is none, or empty.
    """
    if not isinstance(value, str) or not value:
        raise OddError(f"{value!r} is no text")
    return value


def _set(given: Mapping[str, Any]) -> SetFacts:
    deciding = mapping(given.get("deciding"))
    importances = each(
        lambda one: (text(one["feature"]), need(one["value"])), items(deciding.get("importances"))
    )
    clusters = each(_cluster, items(given.get("clusters")))
    return SetFacts(
        name=text(given.get("feature_set")),
        title=text(given.get("title")),
        features=tuple(str(name) for name in given.get("features") or () if name),
        is_scaled=bool(given.get("scaled")),
        why=str(given.get("why") or ""),
        accuracy=number(deciding.get("accuracy")),
        document=number(given.get("document_accuracy")),
        importances=dict(importances),
        silhouette=number(given.get("silhouette")),
        agreements=each(_agreement, items(given.get("agreements"))),
        clusters=clusters,
        stability={
            kind: found[0]
            for kind in ("seeds", "bootstrap")
            if (found := each(_spread, [mapping(given.get("stability")).get(kind)]))
        },
        alternatives=each(_alternative, items(given.get("alternatives"))),
        study=mapping(given.get("study")),
    )


def _agreement(given: Mapping[str, Any]) -> AgreementFacts:
    genres = tuple(text(genre) for genre in given["genres"])
    counts = matrix(given["counts"], len(given["counts"]), len(genres))
    if not (genres and counts):
        raise OddError("counts that do not fit their genres")
    leaders = each(_leader, items(given.get("leaders")))
    return AgreementFacts(
        labels=text(given.get("labels")),
        genres=genres,
        counts=counts,
        leaders=leaders,
        matching=dict(
            each(lambda one: (int(need(one["cluster"])), text(one["genre"])), items(given.get("matching")))
        ),
        scores=_scores(given.get("scores")),
        chance=_scores(given.get("chance")),
        shuffles=int(number(given.get("shuffles")) or 0),
    )


def _scores(given: Any) -> dict[str, float]:
    return {name: value for name, raw in mapping(given).items() if (value := number(raw)) is not None}


def _leader(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "cluster": int(need(given["cluster"])),
        "size": int(need(given["size"])),
        "leader": str(given.get("leader") or ""),
        "leader_share": need(given["leader_share"]),
        "runner_up": str(given.get("runner_up") or ""),
        "lead": number(given.get("lead")),
    }


def _cluster(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "cluster": int(need(given["cluster"])),
        "size": int(need(given["size"])),
        "share": number(given.get("share")),
        "silhouette": number(given.get("silhouette")),
        "description": str(given.get("description") or ""),
        "features": each(_feature, items(given.get("features"))),
        "nearest": [str(name) for name in given.get("nearest") or () if name],
        "genres": {
            str(labels): {
                kind: found[0]
                for kind in ("typical", "surprising")
                if (found := each(_lift, [mapping(one).get(kind)]))
            }
            for labels, one in mapping(given.get("genres")).items()
        },
    }


def _feature(given: Mapping[str, Any]) -> Mapping[str, Any]:
    counts = numbers(given["counts"])
    if not counts:
        raise OddError("a histogram without bars")
    spread = {name: need(given[name]) for name in ("low", "q05", "median", "q95", "high")}
    return {
        "feature": text(given["feature"]),
        "is_leading": bool(given.get("is_leading")),
        "counts": counts,
    } | spread


def _lift(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "genre": text(given["genre"]),
        "lift": need(given["lift"]),
        "tracks": int(need(given["tracks"])),
        "example": str(given.get("example") or ""),
    }


def _spread(given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: need(given[name]) for name in ("mean", "low", "high")}


def _alternative(given: Mapping[str, Any]) -> Mapping[str, Any]:
    plain = {
        name: need(given[name]) for name in ("clusters", "noise", "largest", "silhouette", "with_kmeans")
    }
    agreement = {
        str(labels): _scores(scores)
        for labels, scores in mapping(given.get("agreement")).items()
        if mapping(scores)
    }
    return plain | {
        "method": text(given["method"]),
        "agreement": agreement,
        "fitted_on": number(given.get("fitted_on")),
        "seconds": number(given.get("seconds")),
    }
