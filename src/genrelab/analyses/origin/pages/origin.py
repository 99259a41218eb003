"""The page of origin: does the sound of a track predict where it comes from?"""

from genrelab.analyses.origin.analysis import ORIGIN
from genrelab.analyses.origin.pages.charts import by_epoch, cost_histories, purity, scree
from genrelab.analyses.origin.pages.maps import cluster_map, mistaken_map
from genrelab.analyses.origin.pages.new_countries import (
    WITHOUT_MUSIC,
    asked_again,
    new_countries,
    recognises_countries,
    words,
)
from genrelab.analyses.origin.pages.scores import scores, show, within
from genrelab.analyses.origin.result import LEFT_OUT, Clusters, OriginStudy, Question
from genrelab.report.figure import Chart
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, decimal, listing, percent, sentence

BLEND_WORDS = (
    "The blend combines several models. It was chosen on one half of the tracks and tested on the other; then the "
    "halves were exchanged."
)


def fill(study: OriginStudy) -> Summary:
    """Return sections for new countries, clusters, their number, north or south, the country and the place."""
    folds = _folds(study)
    grouping, place = study.grouping, study.question("coordinates")
    return {
        "finding": _finding(study),
        "tracks": count(study.tracks),
        "features": count(study.features),
        "countries": count(len(study.places)),
        "budget": study.budget,
        "folds": folds,
        "collections": [
            _section(
                "new-countries",
                "Known and new countries",
                words(study),
                *(new_countries(asked, left_out) for asked, left_out in asked_again(study)),
            ),
            _section(
                "clusters",
                "Clusters on the map",
                _cluster_words(grouping),
                cluster_map(study),
                purity(grouping.origins),
            ),
            _section("k", "How many clusters", "", cost_histories(study.costs), scree(study.scree)),
            _question(study.question("latitude"), "North or south", folds, by_epoch(study)),
            _question(study.question("country"), "Which country", folds, mistaken_map(study)),
            _question(place, "How far off", folds, within(place)),
        ],
    }


def _section(anchor: str, title: str, words: str, *charts: Chart) -> Summary:
    return {"anchor": anchor, "title": title, "words": words, "charts": charts}


def _question(question: Question, title: str, folds: str, chart: Chart) -> Summary:
    return _section(question.task, title, BLEND_WORDS, scores(question, folds), chart)


def _folds(study: OriginStudy) -> str:
    """Describe the folds: `10 stratified folds of tracks, drawn 10 times`."""
    times = "once" if study.repeats == 1 else f"{count(study.repeats)} times"
    return f"{count(study.folds)} stratified folds of tracks, drawn {times}"


def _cluster_words(grouping: Clusters) -> str:
    """Say how well clusters match countries, compared with chance."""
    text = (
        f"k-means with {count(grouping.k)} clusters does not use the countries. Still, "
        f"{percent(grouping.mean_purity, 0)} of the tracks are in the leading cluster of their country; with shuffled "
        f"clusters it would be {percent(grouping.mean_purity_chance, 0)}. "
        f"The adjusted mutual information between clusters and countries is {decimal(grouping.scores['ami'], 2)} "
        f"({decimal(grouping.chance['ami'], 2)} when shuffled)"
    )
    return f"{sentence(text)}."


def _finding(study: OriginStudy) -> str:
    """Say what the blend predicts for countries in training and for new ones."""
    known = {asked.task: show(asked, asked.score(asked.blend)) for asked in study.tasks}
    scores = (
        f"north or south of 20{chr(176)} N for {known['latitude']} of tracks",
        f"the country for {known['country']}",
        f"the place to within {known['coordinates']} on average",
    )
    text = f"audio features predict {listing(scores)}"
    if not study.country_folds:
        return f"{sentence(text)}; it is not known whether that is more than recognising countries."
    new = {
        asked.task: f"{show(asked, asked.score(asked.blend, split=LEFT_OUT))} "
        f"({WITHOUT_MUSIC[left_out.baseline_answer]}: {show(asked, left_out.baseline)})"
        for asked, left_out in asked_again(study)
    }
    head = (
        "Models mostly recognise countries"
        if recognises_countries(study)
        else "Models do more than recognise countries"
    )
    return (
        f"{head}: with other tracks of the country in training, {text}; for new countries it is {new['latitude']} and "
        f"{new['coordinates']}."
    )


PAGE = Page(
    name="origin",
    label="Origin",
    group="Without labels",
    title="Can audio features predict where music comes from?",
    question="Tracks of traditional music, each with the capital of its country of origin. Clusters are computed "
    "without "
    "the location; models predict north or south of a parallel, the country and the place, with and without other "
    "tracks of the same country in training.",
    needs=(ORIGIN.name,),
    command="genrelab study-origin",
    fill=of_result(ORIGIN, fill),
)
