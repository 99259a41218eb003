"""The page of surprises: confident predictions that contradict the label, and predictions for unlabelled tracks."""

from collections.abc import Sequence

from genrelab.analyses.predictions.analysis import PREDICTIONS
from genrelab.analyses.predictions.pages.charts import (
    examples_table,
    label_source,
    micro_genre_table,
    mix_chart,
    mix_table,
    shares_chart,
    surest,
    surprises_chart,
    unlabelled_chart,
)
from genrelab.analyses.predictions.pages.genre_sets import champion_sentence, genre_set_part
from genrelab.analyses.predictions.result import Served, TaskPredictions
from genrelab.report.feature_words import absent_features
from genrelab.report.leading import deciding_first
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.vocabulary import task_label
from genrelab.report.wording import count, listing, percent, plural, sentence, text_or_dash
from genrelab.runtime.choices import FAIR, MOST_ACCURATE

NAMED = {
    MOST_ACCURATE: "the most probable one",
    FAIR: "the one that is fair to rare genres, which need not be the most probable one",
}

PARTS = {
    "test": "on the test part, which decided nothing",
    "gate": "on the gate, which decided that it became champion",
    "other": "elsewhere",
}


def fill(facts: Facts) -> Summary:
    """Return one part for each champion, those that name several genres last, and what could not be predicted."""
    found = PREDICTIONS.found_in(facts)
    if found is None:
        return {}
    models = deciding_first(found.models, facts)
    return {
        "models": [_part(one) for one in models],
        "genre_sets": [genre_set_part(one) for one in found.genre_sets],
        "missing": list(found.missing.items()),
        "finding": _finding(models),
    }


def _part(found: TaskPredictions) -> Summary:
    return {
        "anchor": slug(found.model),
        "task": found.task,
        "label": task_label(found.task),
        "title": found.title,
        "champion": champion_sentence(found.champion, found.model, is_sample=found.sample),
        "served": _served(found),
        "named": _named(found),
        "agreement": _agreement(found),
        "fallback": not found.knows_fitted_rows,
        "shares": shares_chart(found),
        "mixes": mix_table(found),
        "mix_charts": [mix_chart(found, mix) for mix in found.mixes if mix.has_moved],
        "artists": _artists(found),
        "surprises": surprises_chart(found),
        "unlabelled": _unlabelled(found),
        "unlabelled_chart": unlabelled_chart(found),
        "micro_genres": micro_genre_table(found),
        "examples": examples_table(found),
    }


def _named(found: TaskPredictions) -> str:
    """Say how a genre is named and what the probabilities are."""
    if len(found.uncalibrated) < len(found.served):
        how = NAMED[found.decision]
        said = f"The predicted genre is {how}. Probabilities are calibrated on folds by artist of the training tracks."
    else:
        said = ""
    if found.uncalibrated:
        said += (
            f" {listing(list(found.uncalibrated))} was stored without a calibration: its own probabilities are shown,"
            " and the most probable genre is named."
        )
    return said.strip()


def _served(found: TaskPredictions) -> str:
    """Say which champion predicts which tracks where features are missing, and how many tracks have no prediction."""
    sentences = []
    if len(found.served) > 1 or found.served[0].absent:
        sentences.append(sentence(f"{listing([_predicted_by(one) for one in found.served])}."))
    without = found.without_features - found.unserved
    if found.unserved:
        sentences.append(
            f"{plural(found.unserved, 'track')} without a prediction: every champion needs a feature that they lack."
        )
    if without > 0:
        sentences.append(f"{plural(without, 'track')} have no features and therefore no prediction.")
    return " ".join(sentences)


def _predicted_by(one: Served) -> str:
    name = f"version {one.version} of {one.model}"
    if not one.tracks and one.absent:
        return f"{name} predicts none, because no track has {absent_features(one.absent)}"
    return f"{name} predicts {plural(one.tracks, 'track')}"


def _agreement(found: TaskPredictions) -> str:
    """Say how often predictions match the labels, on tracks the champion was not fitted on: all, and confident ones."""
    if not found.judged:
        return "The champion was fitted on all labelled tracks, so none is left to compare."
    text = (
        f"Of {plural(found.judged, 'labelled track')} that it was not fitted on, its prediction matches "
        f"{label_source(found)} for {percent(found.agreeing / found.judged)}"
    )
    sure = found.sure
    if sure.tracks:
        text += (
            f"; of the {count(sure.tracks)} with a probability of at least {percent(sure.limit, 0)}, for "
            f"{percent(sure.agreeing / sure.tracks)}, which leaves {plural(sure.tracks - sure.agreeing, 'surprise')}"
        )
    return f"{text}.{_parts(found)}{_suspect(found)}"


def _parts(found: TaskPredictions) -> str:
    """Say the same by part of the split."""
    shares = [f"{percent(one.agreeing / one.tracks)} {PARTS[one.part]}" for one in found.parts]
    return f" By part: {listing(shares)}." if len(shares) > 1 else ""


def _suspect(found: TaskPredictions) -> str:
    """Say how many of the judged tracks have a suspect label, and how often predictions match it."""
    suspect = found.suspect
    if not suspect.judged:
        return ""
    return (
        f" In {count(suspect.judged)} of these tracks the artist's name is in the title, so the label may belong to the"
        f" name that was searched for: the prediction matches {percent(suspect.agreeing / suspect.judged)} of these"
        f" labels, and {plural(suspect.surprises, 'surprise')} may be a wrong label (marked below)."
    )


def _artists(found: TaskPredictions) -> str:
    """Say how often labels match the prediction with and without the artist's other tracks, on the same tracks."""
    together = found.with_artists
    if not together.tracks:
        return ""
    return (
        f"{plural(together.tracks, 'labelled track')} that it was not fitted on have other tracks of their artist. "
        f"The prediction of the track alone matches the label for {percent(together.alone / together.tracks)} of them, "
        f"that with the artist's other tracks for {percent(together.together / together.tracks)} (columns "
        "artist_genre, artist_probability)."
    )


def _unlabelled(found: TaskPredictions) -> str:
    """Say how many tracks without a label have a prediction."""
    if not found.unlabelled_heard and not found.elsewhere_unlabelled:
        return ""
    whose = "that no rule covers" if found.rule_set else "without a top genre"
    text = f"The model guessed a genre for the {plural(found.unlabelled_heard, 'track')} {whose}"
    if found.elsewhere_unlabelled:
        text += f"; {count(found.elsewhere_unlabelled)} more have no features and therefore no prediction"
    return text + "."


def _finding(models: Sequence[TaskPredictions]) -> str:
    """Return the most confident surprise of the first model that has one."""
    for found in models:
        for one in surest(found.surprises)[:1]:
            return sentence(
                f"{text_or_dash(one.track)} by {text_or_dash(one.artist)} is {text_or_dash(one.label)} "
                f"by {label_source(found)}; the champion predicts {one.genre} with {percent(one.probability, 0)} "
                "probability."
            )
    return ""


PAGE = Page(
    name="predictions",
    label="Surprises",
    group="Models",
    title="Where do predictions contradict the labels?",
    question="The champions predict a genre for every track, with or without a label. If a confident prediction "
    "contradicts the label, then the label, the recording or the model may be wrong: listen to the track.",
    needs=(PREDICTIONS.name,),
    command="genrelab predict",
    fill=fill,
)
