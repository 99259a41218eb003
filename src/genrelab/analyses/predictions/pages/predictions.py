"""Predictions: where a sure champion and the labels disagree, and what the tracks without a label sound like."""

from collections.abc import Sequence

from genrelab.analyses.predictions.analysis import PREDICTIONS
from genrelab.analyses.predictions.pages.charts import (
    examples_table,
    micro_genre_table,
    shares_chart,
    surest,
    surprises_chart,
    unlabelled_chart,
    who_says,
)
from genrelab.analyses.predictions.result import Predictions, Served, TaskPredictions
from genrelab.report.feature_words import absent_features
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import slug
from genrelab.report.wording import count, listing, percent, plural, sentence, text_or_dash, when


def fill(found: Predictions) -> Summary:
    """One part per champion, and what could not be predicted."""
    return {
        "models": [_part(one) for one in found.models],
        "missing": list(found.missing.items()),
        "finding": _finding(found.models),
    }


def _part(found: TaskPredictions) -> Summary:
    return {
        "anchor": slug(found.model),
        "title": found.title,
        "champion": _champion(found),
        "served": _served(found),
        "agreement": _agreement(found),
        "fallback": not found.knows_fitted_rows,
        "shares": shares_chart(found),
        "surprises": surprises_chart(found),
        "unlabelled": _unlabelled(found),
        "unlabelled_chart": unlabelled_chart(found),
        "micro_genres": micro_genre_table(found),
        "examples": examples_table(found),
    }


def _champion(found: TaskPredictions) -> str:
    champion = found.champion
    text = (
        f"Champion: {text_or_dash(champion.label)}, version {champion.version} of {found.model}, "
        f"since {when(champion.since)}"
    )
    if champion.sample and not found.sample:
        text += "; it was trained on synthetic sample data, so what it hears says little"
    return text + "."


def _served(found: TaskPredictions) -> str:
    """Which champion hears which tracks where features are missing, and how many tracks none can hear."""
    sentences = []
    if len(found.served) > 1 or found.served[0].absent:
        sentences.append(sentence(f"{listing([_heard_by(one) for one in found.served])}."))
    without = found.without_features - found.unserved
    if found.unserved:
        sentences.append(
            f"{plural(found.unserved, 'track')} not heard: a feature of every champion is missing."
        )
    if without > 0:
        sentences.append(f"{plural(without, 'track')} without features stay unheard.")
    return " ".join(sentences)


def _heard_by(one: Served) -> str:
    name = f"version {one.version} of {one.model}"
    if not one.tracks and one.absent:
        return f"{name} hears none, since no track has {absent_features(one.absent)}"
    return f"{name} hears {plural(one.tracks, 'track')}"


def _agreement(found: TaskPredictions) -> str:
    """How often the champion agrees, on tracks it was not fitted on, and how often when it is sure."""
    if not found.judged:
        return "No labelled track is left that the champion was not fitted on."
    text = (
        f"Of {plural(found.judged, 'labelled track')} that it was not fitted on, it names "
        f"{percent(found.agreeing / found.judged)} as {who_says(found)} do"
    )
    sure = found.sure
    if sure.tracks:
        text += (
            f"; of the {count(sure.tracks)} where it is at least {percent(sure.limit, 0)} sure, "
            f"{percent(sure.agreeing / sure.tracks)}, which leaves {plural(sure.tracks - sure.agreeing, 'surprise')}"
        )
    return text + "."


def _unlabelled(found: TaskPredictions) -> str:
    """Where the tracks without a label are, in words."""
    if not found.unlabelled_heard and not found.elsewhere_unlabelled:
        return ""
    whose = "that no rule matches" if found.rule_set else "without a top genre"
    text = f"{plural(found.unlabelled_heard, 'track')} {whose} could be heard"
    if found.elsewhere_unlabelled:
        text += f"; {count(found.elsewhere_unlabelled)} more have no features and stay unheard"
    return text + "."


def _finding(models: Sequence[TaskPredictions]) -> str:
    """The surest denial of the first model that has one."""
    for found in models:
        for one in surest(found.surprises)[:1]:
            return sentence(
                f"{text_or_dash(one.track)} by {text_or_dash(one.artist)} is {text_or_dash(one.label)} "
                f"to {who_says(found)}; the champion is {percent(one.probability, 0)} sure of {one.genre}."
            )
    return ""


PAGE = Page(
    name="predictions",
    label="Surprises",
    group="Models",
    title="Where does what is heard contradict what is said?",
    question="The champions give every track a genre, also those without a label. Where one is sure and the label says "
    "something else, either the label, the recording or the model is odd: listen.",
    needs=(PREDICTIONS.name,),
    command="genrelab predict",
    fill=of_result(PREDICTIONS, fill),
)
