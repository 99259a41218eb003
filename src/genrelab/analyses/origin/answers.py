"""The scores of every question, beside what needs no music, and those of every country.

Conventions: as in `genrelab.analyses.origin.scores`. Nothing is fitted or chosen here.
"""

import numpy as np
import numpy.typing as npt

from genrelab.analyses.origin.blends import Chosen, halves, score_new_countries
from genrelab.analyses.origin.folds import questions
from genrelab.analyses.origin.models import COORDINATES, COUNTRY, LATITUDE, MODELS
from genrelab.analyses.origin.result import (
    CV,
    LEFT_OUT,
    Answer,
    Choice,
    CountryScores,
    Lead,
    Mistaken,
    NewCountries,
    Params,
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
    without_music,
)
from genrelab.analyses.origin.tracks import NORTH_OF, OriginTracks
from genrelab.evaluation.geography import central_place
from genrelab.evaluation.references import references_for
from genrelab.models.cross_validation import HeldOut
from genrelab.models.kinds import Target

FloatArray = npt.NDArray[np.float64]

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


def answered(
    task: str, tracks: OriginTracks, held_out: HeldOut, new: HeldOut | None, blend: Chosen, seed: int
) -> Question:
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
    left_out, of_new = _new_countries(task, tracks, new, blend, seed)
    runs = []
    for name, of_model in values.items():
        scores = _scores(CV, metric, of_model, question.target, tracks, seed) | of_new.get(name, {})
        scores[f"{CV}/baseline_{metric}"] = baseline
        quantiles = np.quantile(of_model, QUANTILES).tolist() if task == COORDINATES else []
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
        left_out=left_out,
        shares=QUANTILES if task == COORDINATES else (),
        runs=tuple(runs),
        rival=Rival(
            rival, labels[rival], **difference(blend.score_of_answer, values[rival], tracks.country, seed)
        ),
        choice=Choice((first.label, second.label), blend.on_choice, int(halves(tracks, seed).sum())),
        references=references_for(REFERENCES[task]),
    )


def _new_countries(
    task: str, tracks: OriginTracks, held_out: HeldOut | None, blend: Chosen, seed: int
) -> tuple[NewCountries | None, dict[str, dict[str, float]]]:
    """The baseline and the blend's lead with whole countries left out, and the scores of every model asked there."""
    if held_out is None or task == COUNTRY:
        return None, {}
    metric = DISTANCE if task == COORDINATES else ACCURACY
    question = questions(tracks)[task]
    values = {
        BLEND: score_new_countries(task, blend, held_out, tracks, seed),
        **{
            model.name: of_tracks(question, held_out.answers[model.name])
            for model in MODELS
            if model.task == task and model.name in held_out.answers
        },
    }
    strongest = min if task == COORDINATES else max
    guesses = without_music(question, held_out.fold)
    best = strongest(guesses, key=lambda name: float(guesses[name].mean()))
    baseline = float(guesses[best].mean())
    shared = {f"{LEFT_OUT}/baseline_{name}": float(guess.mean()) for name, guess in guesses.items()}
    scores = {
        name: _scores(LEFT_OUT, metric, of_model, question.target, tracks, seed)
        | shared
        | {
            f"{LEFT_OUT}/baseline_{metric}": baseline,
            f"{LEFT_OUT}/fit_seconds": held_out.seconds.get(name, 0.0),
        }
        for name, of_model in values.items()
    }
    lead = difference(values[BLEND], guesses[best], tracks.country, seed)
    return NewCountries(baseline, best, Lead(**lead)), scores


def _scores(
    split: str, metric: str, values: FloatArray, target: Target, tracks: OriginTracks, seed: int
) -> dict[str, float]:
    """A model's score with its interval, and the median distance or the balanced accuracy."""
    scores = evaluate(split, metric, values, tracks.country, seed)
    if metric == DISTANCE:
        return scores | {f"{split}/{metric}_median": float(np.median(values))}
    return scores | {f"{split}/balanced_accuracy": balanced_accuracy(values, target)}


def of_countries(tracks: OriginTracks, chosen: dict[str, Chosen]) -> tuple[CountryScores, ...]:
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
