"""The portrait of each cluster: what it sounds like, who stands at its centre, whom one would not expect."""

from genrelab.analyses.clusters.pages.facts import ClusteredFacts, read_clusters
from genrelab.analyses.clusters.pages.portrait_charts import portrait_chart, sizes_chart, told_in_short
from genrelab.report.page import Facts, Page, Summary


def fill(facts: Facts) -> Summary:
    """One section per collection."""
    collections = [_section(collection) for collection in read_clusters(facts)]
    finding = next((one["headline"] for one in collections if one["headline"]), "")
    return {"finding": finding, "collections": [one for one in collections if one["charts"]]}


def _section(collection: ClusteredFacts) -> Summary:
    charts = [sizes_chart(collection), portrait_chart(collection)]
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": told_in_short(collection),
        "charts": [chart for chart in charts if chart],
    }


PAGE = Page(
    name="portraits",
    label="Portraits",
    group="Clusters",
    title="What does each cluster sound like?",
    question="Each cluster by itself: its size, the range of every feature, the tracks at its centre, and the genres "
    "that one finds there more and less often than elsewhere.",
    needs=("clusters",),
    command="genrelab compare-clusters",
    fill=fill,
)
