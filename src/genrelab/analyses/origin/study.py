"""The whole study: clusters on the map, the two networks, and three questions answered by cross-validation.

Conventions: everything random follows one seed; budgets differ in how often things are repeated and in the
number of trees, never in what is computed.
"""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.origin.blends import Chosen, choose, halves
from genrelab.analyses.origin.folds import predict_held_out, questions
from genrelab.analyses.origin.grouping import LARGEST_K, cost_histories, group, scree
from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS, TASKS, SearchBudget
from genrelab.analyses.origin.networks import EPOCHS, NETWORKS, by_epoch
from genrelab.analyses.origin.result import (
    Answer,
    Choice,
    CountryScores,
    Mistaken,
    OriginStudy,
    Params,
    Place,
    Question,
    Rival,
)
from genrelab.analyses.origin.scores import (
    ACCURACY,
    DISTANCE,
    balanced_accuracy,
    difference,
    evaluate,
    majority_share,
    of_tracks,
)
from genrelab.analyses.origin.tracks import NORTH_OF, TABLE, OriginTracks, prepare
from genrelab.evaluation.geography import central_place
from genrelab.evaluation.references import references_for
from genrelab.models.cross_validation import HeldOut

FloatArray = npt.NDArray[np.float64]

FOLDS = 10
BLEND = "blend"
REFERENCES = {LATITUDE: "origin-latitude", COUNTRY: "origin-country", COORDINATES: "origin-place"}
TITLES = {
    LATITUDE: f"North or south of {NORTH_OF:g} degrees north",
    COUNTRY: "Which country",
    COORDINATES: "Latitude and longitude",
}
QUANTILES = tuple(step / 50 for step in range(51))
"""Shares of the tracks at which distances are reported."""
MIXED_UP = 3
"""Wrong countries named for each country."""


@dataclass(frozen=True)
class Budget:
    """How much work the study may do.

    Args:
        repeats: Times that the ten folds are drawn.
        trees: Trees of each forest.
        epochs: Epochs of each network, at most.
        starts: Starts of each cost history and scree curve.
        shuffles: Shuffles behind what chance gives.
        splits: Random splits behind each network's curve by epoch.
    """

    repeats: int
    trees: int
    epochs: int
    starts: int
    shuffles: int
    splits: int


BUDGETS = {
    "quick": Budget(repeats=1, trees=20, epochs=40, starts=1, shuffles=200, splits=1),
    "nightly": Budget(repeats=2, trees=500, epochs=EPOCHS, starts=3, shuffles=1_000, splits=5),
    "thorough": Budget(repeats=10, trees=500, epochs=EPOCHS, starts=5, shuffles=10_000, splits=10),
}
"""By name; `nightly` takes about 90 seconds of processor time, on real data."""


def compute(inputs: Inputs) -> OriginStudy:
    """Study the tracks of known origin."""
    version = inputs.version(TABLE)
    tracks = prepare(inputs.read(TABLE, is_ordered=True), clusters=LARGEST_K, folds=FOLDS)
    study = study_origin(
        tracks,
        budget=inputs.budget(TABLE),
        seed=inputs.seed,
        cores=inputs.cores,
        table_version=version.version,
        is_sample=version.is_sample,
    )
    frame = pd.DataFrame(tracks.features, columns=list(tracks.names))
    latitude, longitude = tracks.coordinates.T
    inputs.fitted_on(TABLE, frame.assign(latitude=latitude, longitude=longitude))
    return study


def study_origin(
    tracks: OriginTracks,
    *,
    budget: str,
    seed: int,
    cores: int,
    table_version: int = 0,
    is_sample: bool = False,
) -> OriginStudy:
    """Run the study.

    Args:
        tracks: From `genrelab.analyses.origin.tracks.prepare`.
        budget: One of `BUDGETS`.
        seed: Seed of everything random.
        cores: Processor cores.
        table_version: Version of the table that holds the tracks.
        is_sample: Whether they are sample data.
    """
    work = BUDGETS[budget]
    with threadpool_limits(limits=1):  # each core has a fold of its own, and the matrices are small
        grouping = group(tracks, seed=seed, shuffles=work.shuffles)
        held_out = predict_held_out(
            tracks,
            repeats=work.repeats,
            folds=FOLDS,
            effort=SearchBudget(work.trees, work.epochs),
            seed=seed,
            cores=cores,
        )
        chosen = {task: choose(task, held_out, tracks, seed) for task in TASKS}
        return OriginStudy(
            table=TABLE,
            table_version=table_version,
            sample=is_sample,
            budget=budget,
            seed=seed,
            **asdict(work),
            folds=FOLDS,
            tracks=len(tracks),
            features=len(tracks.names),
            north=int(tracks.is_north.sum()),
            north_of=NORTH_OF,
            places=tuple(
                Place(country, float(latitude), float(longitude), int(size))
                for country, (latitude, longitude), size in zip(
                    tracks.countries, tracks.places, tracks.sizes, strict=True
                )
            ),
            costs=cost_histories(tracks.features, seed=seed, starts=work.starts),
            scree=scree(tracks.features, seed=seed, starts=work.starts),
            grouping=grouping.result(tracks),
            networks=tuple(
                by_epoch(
                    tracks.features,
                    tracks.is_north,
                    network,
                    seed=seed,
                    splits=work.splits,
                    epochs=work.epochs,
                )
                for network in NETWORKS
            ),
            tasks=tuple(_question(task, tracks, held_out, chosen[task], seed) for task in TASKS),
            countries=_country_scores(tracks, chosen),
        )


def _question(task: str, tracks: OriginTracks, held_out: HeldOut, blend: Chosen, seed: int) -> Question:
    """Scores of every model that answers a question, the blend first."""
    metric = DISTANCE if task == COORDINATES else ACCURACY
    question = questions(tracks)[task]
    fitted = [model.name for model in MODELS if model.task == task]
    values = {
        BLEND: blend.score_of_answer,
        **{name: of_tracks(question, held_out.answers[name]) for name in fitted},
    }
    labels = {BLEND: "Blend of country models", **{model.name: model.label for model in MODELS}}
    params: dict[str, Params] = {
        BLEND: {"first_half": blend.candidates[0].label, "second_half": blend.candidates[1].label},
        **{model.name: model.params for model in MODELS},
    }
    baseline = central_place(question.target)[1] if task == COORDINATES else majority_share(question.target)
    runs = []
    for name, of_model in values.items():
        scores = evaluate(metric, of_model, seed)
        scores[f"cv/baseline_{metric}"] = baseline
        quantiles: list[float] = []
        if task == COORDINATES:
            scores["cv/great_circle_km_median"] = float(np.median(of_model))
            quantiles = np.quantile(of_model, QUANTILES).tolist()
        else:
            scores["cv/balanced_accuracy"] = balanced_accuracy(of_model, question.target)
        seconds = held_out.seconds.get(name, 0.0)
        runs.append(Answer(name, labels[name], params[name], scores, tuple(quantiles), seconds))
    strongest = min if task == COORDINATES else max
    rival = strongest((name for name in values if name != BLEND), key=lambda name: float(values[name].mean()))
    first, second = blend.candidates
    return Question(
        task=task,
        title=TITLES[task],
        metric=metric,
        baseline=baseline,
        shares=QUANTILES if task == COORDINATES else (),
        runs=tuple(runs),
        rival=Rival(rival, labels[rival], **difference(blend.score_of_answer, values[rival], seed)),
        choice=Choice((first.label, second.label), blend.on_choice, int(halves(tracks, seed).sum())),
        references=references_for(REFERENCES[task]),
    )


def _country_scores(tracks: OriginTracks, chosen: dict[str, Chosen]) -> tuple[CountryScores, ...]:
    """For each country how often the blend names it, what it is taken for instead, and how far off its tracks end."""
    named, placed = chosen[COUNTRY].places, chosen[COORDINATES].score_of_answer
    found = []
    for at, country in enumerate(tracks.countries):
        rows = tracks.place == at
        shares = np.bincount(named[:, rows].ravel(), minlength=len(tracks.places)) / named[:, rows].size
        others = [other for other in np.argsort(-shares, kind="stable") if other != at and shares[other] > 0]
        found.append(
            CountryScores(
                country=country,
                tracks=int(rows.sum()),
                right=float(shares[at]),
                taken_for=tuple(
                    Mistaken(tracks.countries[other], float(shares[other])) for other in others[:MIXED_UP]
                ),
                mean_km=float(placed[:, rows].mean()),
                median_km=float(np.median(placed[:, rows])),
            )
        )
    return tuple(found)


__all__ = ["BLEND", "BUDGETS", "FOLDS", "LARGEST_K", "Budget", "compute", "study_origin"]
