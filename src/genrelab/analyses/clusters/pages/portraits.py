"""The portrait of each cluster: what it sounds like, who stands at its centre, whom one would not expect."""

from collections.abc import Sequence

from genrelab.analyses.clusters.analysis import CLUSTERS, NAMES
from genrelab.analyses.clusters.pages.portrait_charts import portrait_chart, sizes_chart, told_in_short
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.report.page import Page, Summary, of_results


def fill(found: Sequence[CollectionClusters]) -> Summary:
    """One section per collection."""
    collections = [_section(collection) for collection in found]
    return {"finding": collections[0]["headline"], "collections": collections}


def _section(collection: CollectionClusters) -> Summary:
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": told_in_short(collection),
        "charts": [sizes_chart(collection), portrait_chart(collection)],
    }


PAGE = Page(
    name="portraits",
    label="Portraits",
    group="Without labels",
    title="What does each cluster sound like?",
    question="Each cluster by itself: its size, the range of every feature, the tracks at its centre, and the genres "
    "that one finds there more and less often than elsewhere.",
    needs=NAMES,
    command="genrelab compare-clusters",
    fill=of_results(CLUSTERS, fill),
)
