"""The page of all genres: how well the sound of a track tells every genre that it has."""

from collections.abc import Sequence

from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.pages.path_words import rows_in_words
from genrelab.analyses.genre_study.pages.score_tables import all_scores
from genrelab.analyses.genre_study.pages.trained import (
    about,
    champion_words,
    models_table,
    thresholds_chart,
    trainings,
)
from genrelab.analyses.genre_study.pages.tree_charts import branches, genre_table
from genrelab.analyses.genre_study.pages.words import main_study
from genrelab.analyses.genre_study.result import ALL, FeatureStudy, Step
from genrelab.evaluation.results import LabelScores
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.wording import count, decimal, percent

MEANINGS = (
    ("Jaccard index", "of all genres that are named or true, the share that is both; mean over tracks."),
    (
        "Hierarchical precision, recall, F1",
        "the same with every genre standing for its parents too, so that naming a sibling or a parent counts in part.",
    ),
    ("Micro F1", "all pairs of track and genre together: frequent genres count most."),
    ("Macro F1, macro average precision", "mean over genres: a rare genre counts as much as a frequent one."),
    ("Ranking precision", "how far up the true genres stand in the order of the outputs (LRAP)."),
    ("Macro ROC-AUC", "how often a track of a genre is ranked above one without it; 0.5 is guessing."),
)


def fill(facts: Facts) -> Summary:
    """Return what the best model reaches, every score, and every genre."""
    study = GENRE_STUDY.found_in(facts)
    if study is None:
        return {}
    main = main_study(study)
    step = main.step(main.best)
    trained = trainings(facts)
    best = trained[0] if trained and trained[0].label_scores else None
    scores, title = main.genres, f"{step.title} on {main.title}" if step else ""
    if best and (run := best.main_run):
        scores, title = best.label_scores, run.label
    return {
        "finding": (champion_words(best) if best else "") or finding(main, step),
        "rows": [rows_in_words(one) for one in study.studies],
        "meanings": MEANINGS,
        "trained": [
            {"anchor": one.task, "title": one.title, "about": about(one), "grid": models_table(one)}
            for one in trained
        ],
        "thresholds": thresholds_chart(trained),
        "scores": [
            {"title": one.title, "grid": grid} for one in study.studies if (grid := all_scores(one, ALL))
        ],
        "branches": branches(study, scores, title),
        "genres": genre_table(study, scores, title) if scores else None,
        "unheard": _unheard(scores),
    }


def finding(found: FeatureStudy, step: Step | None) -> str:
    """Say in words how many of the named genres are right, and how many of the true ones are found."""
    if step is None:
        return ""
    right, heard = step.score("hierarchical_precision"), step.score("hierarchical_recall")
    index, bar = step.score("jaccard"), _baseline(found)
    if right is None or heard is None:
        return f"{step.title}: a Jaccard index of {decimal(index)}; without hearing anything, {decimal(bar)}."
    return (
        f"For artists that it has never heard, {percent(right, 0)} of the genres that the best step of the path names "
        f"are right, and it finds {percent(heard, 0)} of those that a track has (Jaccard index {decimal(index)}; "
        f"naming the same genres for every track: {decimal(bar)})."
    )


def _baseline(found: FeatureStudy) -> float | None:
    values = [
        value
        for step in found.steps
        if step.is_baseline and step.labels == ALL and (value := step.score("jaccard")) is not None
    ]
    return max(values, default=None)


def _unheard(scores: Sequence[LabelScores]) -> str:
    """Say how many genres are never named."""
    there = [one for one in scores if one.tracks]
    never = [one for one in there if not one.named]
    if not never:
        return ""
    return (
        f"{count(len(never))} of {count(len(there))} genres of the test tracks are never named: they are too rare "
        "for their output "
        "to reach the threshold."
    )


PAGE = Page(
    name="all_genres",
    label="All genres",
    group="Genres",
    title="Which genres does a track have?",
    question="Most tracks have several genres, and half of them no single main one. How many of all their genres can "
    "be heard, and which?",
    needs=(GENRE_STUDY.name,),
    command="genrelab study-genres",
    fill=fill,
)
