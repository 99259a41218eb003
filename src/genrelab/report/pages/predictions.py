"""Predictions: where a sure champion and the labels disagree, and what the tracks without a label sound like."""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.exploration import items, mapping
from genrelab.report.feature_words import absent_features
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.prediction_charts import (
    examples_table,
    micro_genre_table,
    shares_chart,
    surprises_chart,
    unlabelled_chart,
    who_says,
)
from genrelab.report.wording import count, listing, number, percent, plural, said, sentence, when


def fill(facts: Facts) -> Summary:
    """One part per champion, and what could not be predicted."""
    given = mapping(facts.get("predictions"))
    models = [one for one in items(given.get("models")) if one.get("model")]
    return {
        "models": [_part(model) for model in models],
        "missing": [(str(name), str(why)) for name, why in mapping(given.get("missing")).items()],
        "finding": _finding(models),
    }


def _part(model: Mapping[str, Any]) -> Summary:
    return {
        "anchor": slug(str(model["model"])),
        "title": said(model.get("title"), str(model["model"])),
        "champion": _champion(model),
        "served": _served(model),
        "agreement": _agreement(model),
        "fallback": model.get("knows_fitted_rows") is False,
        "shares": shares_chart(model),
        "surprises": surprises_chart(model),
        "unlabelled": _unlabelled(model),
        "unlabelled_chart": unlabelled_chart(model),
        "micro_genres": micro_genre_table(model),
        "examples": examples_table(model),
    }


def _champion(model: Mapping[str, Any]) -> str:
    champion = mapping(model.get("champion"))
    text = (
        f"Champion: {said(champion.get('label') or champion.get('model'))}, version {said(champion.get('version'))} of "
        f"{model['model']}, since {when(champion.get('since'))}"
    )
    if champion.get("sample") and not model.get("sample"):
        text += "; it was trained on synthetic sample data, so what it hears says little"
    return text + "."


def _served(model: Mapping[str, Any]) -> str:
    """Which champion hears which tracks where features are missing, and how many tracks none can hear."""
    served = items(model.get("served"))
    sentences = []
    if len(served) > 1 or any(one.get("absent") for one in served):
        sentences.append(sentence(f"{listing([_heard_by(one) for one in served])}."))
    unserved = round(number(model.get("unserved")) or 0)
    without = round(number(model.get("without_features")) or 0) - unserved
    if unserved:
        sentences.append(f"{plural(unserved, 'track')} not heard: a feature of every champion is missing.")
    if without > 0:
        sentences.append(f"{plural(without, 'track')} without features stay unheard.")
    return " ".join(sentences)


def _heard_by(one: Mapping[str, Any]) -> str:
    name = f"version {said(one.get('version'))} of {said(one.get('model'))}"
    if not number(one.get("tracks")) and one.get("absent"):
        return f"{name} hears none, since no track has {absent_features(map(str, one['absent']))}"
    return f"{name} hears {plural(round(number(one.get('tracks')) or 0), 'track')}"


def _agreement(model: Mapping[str, Any]) -> str:
    """How often the champion agrees, on tracks it was not fitted on, and how often when it is sure."""
    judged, agreeing = number(model.get("judged")), number(model.get("agreeing"))
    if not judged or agreeing is None:
        return "No labelled track is left that the champion was not fitted on."
    text = (
        f"Of {plural(round(judged), 'labelled track')} that it was not fitted on, it names "
        f"{percent(agreeing / judged)} as {who_says(model)} do"
    )
    sure = mapping(model.get("sure"))
    tracks, right = number(sure.get("tracks")), number(sure.get("agreeing"))
    if tracks and right is not None:
        text += (
            f"; of the {count(tracks)} where it is at least {percent(sure.get('limit'), 0)} sure, "
            f"{percent(right / tracks)}, which leaves {plural(round(tracks - right), 'surprise')}"
        )
    return text + "."


def _unlabelled(model: Mapping[str, Any]) -> str:
    """Where the tracks without a label are, in words."""
    unlabelled = number(model.get("unlabelled_heard", model.get("unlabelled")))
    elsewhere = number(model.get("elsewhere_unlabelled"))
    if not unlabelled and not elsewhere:
        return ""
    whose = "that no rule matches" if model.get("rule_set") else "without a top genre"
    text = f"{plural(round(unlabelled or 0), 'track')} {whose} could be heard"
    if elsewhere:
        text += f"; {count(elsewhere)} more have no features and stay unheard"
    return text + "."


def _finding(models: Sequence[Mapping[str, Any]]) -> str:
    """The surest denial of the first model that has one."""
    for model in models:
        found = [one for one in items(model.get("surprises")) if number(one.get("probability")) is not None]
        if found:
            one = max(found, key=lambda one: float(one["probability"]))
            return sentence(
                f"{said(one.get('track'))} by {said(one.get('artist'))} is {said(one.get('label'))} to "
                f"{who_says(model)}; the champion is {percent(one['probability'], 0)} sure of {said(one.get('genre'))}."
            )
    return ""


PAGE = Page(
    name="predictions",
    label="Surprises",
    group="Models",
    title="Where does what is heard contradict what is said?",
    question="The champions give every track a genre, also those without a label. Where one is sure and the label says "
    "something else, either the label, the recording or the model is odd: listen.",
    needs=("predictions",),
    command="genrelab predict",
    fill=fill,
)
