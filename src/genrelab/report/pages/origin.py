"""Music against the map: does the sound of a track tell where it comes from?"""

from collections.abc import Mapping
from typing import Any

from genrelab.report.exploration import items, mapping, numbers
from genrelab.report.origin_charts import by_epoch, cost_histories, purity, scree
from genrelab.report.origin_facts import Question, read_counts, read_places, read_questions
from genrelab.report.origin_maps import cluster_map, mistaken_map
from genrelab.report.origin_scores import scores, show, within
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.wording import count, decimal, listing, number, percent, said, sentence

STUDY = "origin_study"


def fill(facts: Facts) -> Summary:
    """Sections for clusters, their number, north or south, the country and the place."""
    study = mapping(facts.get(STUDY))
    places = read_places(study)
    grouping = mapping(study.get("grouping"))
    questions = read_questions(study)
    folds = _folds(study)
    sections = [
        _section(
            "clusters",
            "Clusters on the map",
            _cluster_words(grouping),
            cluster_map(places, read_counts(study, len(places)), items(grouping.get("clusters"))),
            purity(items(grouping.get("origins"))),
        ),
        _section(
            "k",
            "How many clusters",
            "",
            cost_histories(study.get("costs")),
            scree(study.get("scree")),
        ),
        _question("latitude", "North or south", questions, folds, _networks(study, questions)),
        _question(
            "country", "Which country", questions, folds, mistaken_map(places, items(study.get("countries")))
        ),
        _question("coordinates", "How far off", questions, folds, _within(questions)),
    ]
    return {
        "finding": _finding(questions),
        "tracks": count(study.get("tracks")),
        "features": count(study.get("features")),
        "countries": count(len(places)) if places else "",
        "budget": said(study.get("budget"), ""),
        "folds": folds,
        "collections": [section for section in sections if section["charts"]],
    }


def _section(anchor: str, title: str, words: str, *charts: Any) -> Summary:
    return {"anchor": anchor, "title": title, "words": words, "charts": [chart for chart in charts if chart]}


def _question(task: str, title: str, questions: Mapping[str, Question], folds: str, chart: Any) -> Summary:
    question = questions.get(task)
    drawn = scores(question, folds) if question else None
    return _section(task, title, _choice_words(question) if question else "", drawn, chart)


def _networks(study: Mapping[str, Any], questions: Mapping[str, Question]) -> Any:
    latitude = questions.get("latitude")
    return by_epoch(study.get("networks"), latitude.baseline if latitude else None)


def _within(questions: Mapping[str, Question]) -> Any:
    place = questions.get("coordinates")
    return within(place) if place else None


def _folds(study: Mapping[str, Any]) -> str:
    """How the scores came about: `10 times 10 stratified folds of tracks`."""
    repeats, folds = number(study.get("repeats")), number(study.get("folds"))
    if repeats is None or folds is None:
        return "stratified folds of tracks"
    times = "once" if repeats == 1 else f"{count(repeats)} times"
    return f"{count(folds)} stratified folds of tracks, drawn {times}"


def _cluster_words(grouping: Mapping[str, Any]) -> str:
    """How far the clusters follow the map, against chance."""
    pure, chance = number(grouping.get("mean_purity")), number(grouping.get("mean_purity_chance"))
    scored, shuffled = mapping(grouping.get("scores")), mapping(grouping.get("chance"))
    parts = []
    if pure is not None and chance is not None:
        parts.append(
            f"k-means with {count(grouping.get('k'))} clusters has never heard of countries, and "
            f"yet {percent(pure, 0)} of the tracks are in the leading cluster of their country, where "
            f"shuffled clusters would hold {percent(chance, 0)}"
        )
    if number(scored.get("ami")) is not None:
        parts.append(
            f"adjusted mutual information between clusters and countries is {decimal(scored.get('ami'), 2)} "
            f"({decimal(shuffled.get('ami'), 2)} when shuffled)"
        )
    return f"{sentence('; '.join(parts))}." if parts else ""


def _choice_words(question: Question) -> str:
    """What the blend is, and how it was chosen."""
    choice = mapping(question.facts.get("choice"))
    candidates = [str(one) for one in choice.get("candidates") or [] if one]
    reached = numbers(choice.get("on_choice"))
    if len(candidates) != 2 or len(reached) != 2:  # noqa: PLR2004 - two halves
        return ""
    readable = [_readable(one) for one in candidates]
    same = "both halves chose" if readable[0] == readable[1] else "the halves chose"
    told = readable[0] if readable[0] == readable[1] else " and ".join(readable)
    return (
        f"The blend was chosen on one half of the tracks and scored on the other, both ways; {same} {told} "
        f"({show(question, reached[0])} and {show(question, reached[1])} on the choosing halves)."
    )


def _readable(candidate: str) -> str:
    names = {
        "extra_trees": "extra trees",
        "svm_country": "SVM by pairs",
        "lda": "linear discriminant",
        "qda": "quadratic discriminant",
    }
    for name, text in names.items():
        candidate = candidate.replace(name, text)
    return candidate.replace(" + ", ", ")


def _finding(questions: Mapping[str, Question]) -> str:
    told = []
    latitude, country, place = (questions.get(task) for task in ("latitude", "country", "coordinates"))
    if latitude:
        told.append(
            f"north or south of 20{chr(176)} N for {show(latitude, latitude.runs[0].score.value)} of tracks"
        )
    if country:
        told.append(f"the country for {show(country, country.runs[0].score.value)}")
    if place:
        told.append(f"the place to within {show(place, place.runs[0].score.value)} on average")
    return f"The sound alone tells {listing(told)}." if told else ""


PAGE = Page(
    name="origin",
    label="Origin",
    title="Does the sound tell where music comes from?",
    question="Tracks of traditional music with the capital of the country they come from: clusters that know no "
    "map, and models that guess the side of a parallel, the country and the place.",
    needs=(STUDY,),
    command="genrelab study-origin",
    fill=fill,
)
