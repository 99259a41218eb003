"""The page of features: the distribution of each feature by genre, and the genres that it separates."""

from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.features.pages.feature_charts import (
    distributions,
    feature_table,
    medians,
    medians_and_spreads,
)
from genrelab.analyses.features.pages.pair_charts import best_pairs, every_pair
from genrelab.analyses.features.result import Exploration, ExploredCollection
from genrelab.evaluation.samples import in_words
from genrelab.report.feature_words import absent_features
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, listing


def fill(found: Exploration) -> Summary:
    """Return one section for each collection."""
    sections = [_section(collection) for collection in found.collections]
    sections = [one for one in sections if one["charts"]]
    return {"collections": sections, "finding": _finding(sections)}


def _section(collection: ExploredCollection) -> Summary:
    charts = [
        medians(collection),
        distributions(collection),
        medians_and_spreads(collection),
        best_pairs(collection),
        every_pair(collection),
    ]
    left_out = [f"{few.genre} ({count(few.tracks)})" for few in collection.too_few]
    return {
        "anchor": collection.name,
        "title": collection.title,
        "described": count(collection.described),
        "sample": in_words(collection.sampled, collection.described)
        if collection.sampled < collection.described
        else "",
        "genres": len(collection.genres),
        "too_few": listing(left_out),
        "fewest": count(collection.fewest),
        "absent": absent_features(collection.absent),
        "features": feature_table(collection),
        "charts": [chart for chart in charts if chart],
        "finding": charts[3].first.title if charts[3] else "",
    }


def _finding(sections: list[Summary]) -> str:
    found = next((one["finding"] for one in sections if one["finding"]), "")
    return f"{found}." if found else ""


PAGE = Page(
    name="features",
    label="Features",
    group="Sound",
    title="What does each genre sound like?",
    question="Every audio feature by genre: typical values, their spread, and which genres the feature separates.",
    needs=(FEATURES.name,),
    command="genrelab bin-genres",
    fill=of_result(FEATURES, fill),
)
