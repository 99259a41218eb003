"""The page of clusters: do clusters by audio features match the genres that people name?"""

from collections.abc import Sequence

from genrelab.analyses.clusters.analysis import CLUSTERS, NAMES
from genrelab.analyses.clusters.pages.charts import (
    agreement_chart,
    decided,
    deciding_chart,
    leaders_chart,
    leading,
    matrix_chart,
)
from genrelab.analyses.clusters.pages.quality_charts import silhouette_chart, stability_chart
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.evaluation.samples import in_words
from genrelab.report.feature_words import absent_features
from genrelab.report.page import Page, Summary, of_results
from genrelab.report.vocabulary import labelling
from genrelab.report.wording import count, decimal, inside, percent

WEAK, MODERATE = 0.1, 0.4
"""Up to these adjusted Rand indices agreement is called weak and moderate; a convention of this report."""
DOCUMENT_LABELS = "classic"


def fill(found: Sequence[CollectionClusters]) -> Summary:
    """Return one section for each collection."""
    collections = [_section(collection) for collection in found]
    finding = next((one["headline"] for one in collections if one["headline"]), "")
    return {"finding": finding, "collections": collections}


def _section(collection: CollectionClusters) -> Summary:
    charts = [
        deciding_chart(collection),
        agreement_chart(collection),
        leaders_chart(collection),
        matrix_chart(collection),
        silhouette_chart(collection),
        stability_chart(collection),
    ]
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": headline(collection),
        "rows": in_words(collection.rows, collection.of),
        "k": count(collection.k),
        "without_genre": count(collection.without_genre) if collection.without_genre else "",
        "without_features": count(collection.without_features) if collection.without_features else "",
        "absent": absent_features(collection.absent),
        "is_quick": collection.budget == "quick",
        "shuffles": count(collection.shuffles),
        "observations": observations(collection),
        "charts": charts,
    }


def headline(collection: CollectionClusters) -> str:
    """Say how well clusters and genres agree, compared with chance."""
    one = collection.headline
    agreement = one.agreements[-1]
    ari, chance = agreement.scores["ari"], agreement.chance["ari"]
    strength = "weakly" if ari < WEAK else "moderately" if ari < MODERATE else "strongly"
    return (
        f"Clusters and genres agree {strength} (adjusted Rand index {decimal(ari, 2)} against "
        f"{decimal(chance, 2)} by chance; {inside(one.title)}, "
        f"{labelling(agreement.labels)})."
    )


def observations(collection: CollectionClusters) -> list[str]:
    """Repeat the observations of the capstone project on this data: the main feature and the leading genres."""
    found = []
    for one in collection.clusterings:
        if one.scaled:
            continue
        published = one.document_accuracy
        text = f"{decided(one)}; a random forest predicts the cluster for "
        text += f"{percent(one.deciding.accuracy)} of test tracks"
        text += f" (capstone project: {percent(published)})" if published is not None else ""
        # the genres of the capstone project, or the only ones there are
        agreement = one.by(DOCUMENT_LABELS) or one.agreements[0]
        found.append(f"{text}. {leading(agreement)}, by {labelling(agreement.labels)}.")
    return found


PAGE = Page(
    name="clusters",
    label="Clusters",
    group="Without labels",
    title="Do clusters by sound match the genres?",
    question="k-means groups tracks by audio features without using the genres. Where a cluster and a genre agree, the "
    "genre has a sound of its own.",
    needs=NAMES,
    command="genrelab compare-clusters",
    fill=of_results(CLUSTERS, fill),
)
