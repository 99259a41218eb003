"""The page of cluster profiles: sound, central tracks, typical and surprising genres of each cluster."""

from collections.abc import Sequence

from genrelab.analyses.clusters.analysis import CLUSTERS, NAMES
from genrelab.analyses.clusters.pages.portrait_charts import largest_clusters, portrait_chart, sizes_chart
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.report.page import Page, Summary, of_results


def fill(found: Sequence[CollectionClusters]) -> Summary:
    """Return one section for each collection."""
    collections = [_section(collection) for collection in found]
    return {"finding": collections[0]["headline"], "collections": collections}


def _section(collection: CollectionClusters) -> Summary:
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": largest_clusters(collection),
        "charts": [sizes_chart(collection), portrait_chart(collection)],
    }


PAGE = Page(
    name="portraits",
    label="Portraits",
    group="Without labels",
    title="What does each cluster sound like?",
    question="The profile of each cluster: its size, the range of every feature, the tracks nearest to its centre, and "
    "the genres that are more or less frequent in it than elsewhere.",
    needs=NAMES,
    command="genrelab compare-clusters",
    fill=of_results(CLUSTERS, fill),
)
