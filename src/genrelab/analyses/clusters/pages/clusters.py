"""Clusters against genres: does grouping tracks by sound alone find what people call genres?"""

from genrelab.analyses.clusters.pages.charts import (
    agreement_chart,
    decided,
    deciding_chart,
    leaders_chart,
    leading,
    matrix_chart,
)
from genrelab.analyses.clusters.pages.facts import AgreementFacts, ClusteredFacts, SetFacts, read_clusters
from genrelab.analyses.clusters.pages.quality_charts import silhouette_chart, stability_chart
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.wording import count, decimal, inside, number, percent

WEAK, MODERATE = 0.1, 0.4
"""Up to these adjusted Rand indices agreement is called weak and moderate; a convention of this report."""
DOCUMENT_LABELS = "classic"


def fill(facts: Facts) -> Summary:
    """One section per collection."""
    collections = [_section(collection) for collection in read_clusters(facts)]
    finding = next((one["headline"] for one in collections if one["headline"]), "")
    return {"finding": finding, "collections": collections}


def _section(collection: ClusteredFacts) -> Summary:
    given = collection.facts
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
        "rows": count(given.get("rows")),
        "k": count(given.get("k")),
        "without_genre": count(given.get("without_genre")) if number(given.get("without_genre")) else "",
        "without_features": count(given.get("without_features"))
        if number(given.get("without_features"))
        else "",
        "is_quick": given.get("budget") == "quick",
        "shuffles": count(given.get("shuffles")),
        "observations": observations(collection),
        "charts": [chart for chart in charts if chart],
    }


def headline(collection: ClusteredFacts) -> str:
    """How well clusters and genres agree, and how far that is from chance."""
    one = collection.headline
    agreement = next((one.by(name) for name in reversed(collection.labels) if one.by(name)), None)
    if agreement is None or "ari" not in agreement.scores:
        return ""
    ari, chance = agreement.scores["ari"], agreement.chance.get("ari")
    strength = "weakly" if ari < WEAK else "moderately" if ari < MODERATE else "strongly"
    against = f" against {decimal(chance, 2)} by chance" if chance is not None else ""
    return (
        f"Clusters and genres agree {strength} (adjusted Rand index {decimal(ari, 2)}{against}; {inside(one.title)}, "
        f"{agreement.title})."
    )


def observations(collection: ClusteredFacts) -> list[str]:
    """What the document saw, as these numbers say it: what decides, and who leads besides the commonest genre."""
    found = []
    for one in collection.sets:
        if one.is_scaled or not one.importances:
            continue
        text = decided(one)
        if one.accuracy is not None:
            text += f"; a forest names the cluster of {percent(one.accuracy)} of the test tracks"
            text += f" (the document: {percent(one.document)})" if one.document is not None else ""
        agreement = document_agreement(one)
        if agreement is not None:
            text += f". {leading(agreement)}, by {agreement.title}"
        found.append(f"{text}.")
    return found


def document_agreement(one: SetFacts) -> AgreementFacts | None:
    """The agreement with the document's genres, or with the only ones there are."""
    return one.by(DOCUMENT_LABELS) or (one.agreements[0] if one.agreements else None)


PAGE = Page(
    name="clusters",
    label="Clusters",
    group="Clusters",
    title="Does the sound alone find the genres?",
    question="k-means groups tracks by audio features and has never heard of genres. Where its clusters and "
    "the genres agree, the genre has a sound of its own.",
    needs=("clusters",),
    command="genrelab compare-clusters",
    fill=fill,
)
