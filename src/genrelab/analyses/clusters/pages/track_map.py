"""A map of the tracks in two dimensions, coloured by genre or by cluster."""

from collections.abc import Sequence

from genrelab.analyses.clusters.analysis import CLUSTERS, NAMES
from genrelab.analyses.clusters.pages.map_charts import map_chart
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.report.page import Page, Summary, of_results


def fill(found: Sequence[CollectionClusters]) -> Summary:
    """Return one section for each collection."""
    collections = [_section(collection) for collection in found]
    return {"finding": f"{collections[0]['charts'][0].first.title}.", "collections": collections}


def _section(collection: CollectionClusters) -> Summary:
    return {"anchor": collection.name, "title": collection.title, "charts": [map_chart(collection)]}


PAGE = Page(
    name="track_map",
    label="Map of tracks",
    group="Sound",
    title="Which tracks sound alike?",
    question="All audio features projected to two dimensions, so that tracks that sound alike are near each other. Do "
    "genres form separate regions, and do the clusters follow them?",
    needs=NAMES,
    command="genrelab compare-clusters",
    fill=of_results(CLUSTERS, fill),
)
