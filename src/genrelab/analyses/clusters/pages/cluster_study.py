"""The page on the number of clusters: measures over k, convergence of k-means, other clustering methods."""

from collections.abc import Sequence

from genrelab.analyses.clusters.analysis import CLUSTERS, NAMES
from genrelab.analyses.clusters.pages.study_charts import (
    MEASURES,
    alternatives_chart,
    chosen_by,
    chosen_table,
    history_chart,
    measures_chart,
)
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.evaluation.samples import in_words
from genrelab.report.page import Page, Summary, of_results
from genrelab.report.wording import count, listing, seconds


def fill(found: Sequence[CollectionClusters]) -> Summary:
    """Return one section for each collection."""
    collections = [_section(collection) for collection in found]
    finding = next((one["headline"] for one in collections if one["headline"]), "")
    return {"finding": finding, "collections": collections}


def _section(collection: CollectionClusters) -> Summary:
    study = collection.headline.study
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": headline(collection),
        "range": f"{count(study.k[0])} to {count(study.k[-1])}" if study.k else "",
        "rows": in_words(study.rows, collection.of),
        "sampled": in_words(study.sampled, collection.of),
        "references": count(study.references),
        "starts": count(study.starts),
        "seconds": seconds(study.seconds),
        "is_quick": collection.budget == "quick",
        "chosen": chosen_table(collection),
        "charts": [measures_chart(collection), history_chart(collection), alternatives_chart(collection)],
    }


def headline(collection: CollectionClusters) -> str:
    """Say whether the measures agree on a number of clusters."""
    one = collection.headline
    chosen = [(title, found) for name, title, _ in MEASURES if (found := chosen_by(one, name)) is not None]
    if not chosen:
        return ""
    kinds = sorted({int(found) for _, found in chosen})
    if len(kinds) == 1:
        return f"{one.title}: every measure chooses {kinds[0]} clusters."
    choices = [f"{title.split(' (')[0]} {count(found)}" for title, found in chosen]
    return f"{one.title}: the measures do not agree on a number of clusters: {listing(choices)}."


PAGE = Page(
    name="cluster_study",
    label="How many",
    group="Without labels",
    title="How many clusters are there?",
    question="The capstone project that this analysis repeats took twelve clusters, one for each genre. This page asks "
    "how many clusters the tracks suggest, whether k-means gives the same result from every start, and whether other "
    "methods find different clusters.",
    needs=NAMES,
    command="genrelab compare-clusters",
    fill=of_results(CLUSTERS, fill),
)
