"""A map of the tracks in two dimensions, coloured by genre or by cluster."""

from genrelab.analyses.clusters.pages.facts import ClusteredFacts, read_clusters
from genrelab.analyses.clusters.pages.map_charts import map_chart
from genrelab.report.page import Facts, Page, Summary


def fill(facts: Facts) -> Summary:
    """One section per collection."""
    collections = [found for collection in read_clusters(facts) if (found := _section(collection))]
    finding = f"{collections[0]['charts'][0].first.title}." if collections else ""
    return {"finding": finding, "collections": collections}


def _section(collection: ClusteredFacts) -> Summary:
    chart = map_chart(collection)
    return {"anchor": collection.name, "title": collection.title, "charts": [chart]} if chart else {}


PAGE = Page(
    name="track_map",
    label="Map of tracks",
    group="Clusters",
    title="Where do the tracks lie?",
    question="All audio features at once, flattened to two dimensions so that tracks that sound alike lie near one "
    "another. Do genres have places of their own, and do the clusters follow them?",
    needs=("clusters",),
    command="genrelab compare-clusters",
    fill=fill,
)
