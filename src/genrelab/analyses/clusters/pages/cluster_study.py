"""How many clusters: every k by several measures, how k-means gets there, and what other methods find."""

from genrelab.analyses.clusters.pages.facts import ClusteredFacts, read_clusters
from genrelab.analyses.clusters.pages.study_charts import (
    MEASURES,
    alternatives_chart,
    chosen_by,
    chosen_table,
    history_chart,
    measures_chart,
)
from genrelab.report.exploration import mapping
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.wording import count, listing, seconds


def fill(facts: Facts) -> Summary:
    """One section per collection."""
    collections = [_section(collection) for collection in read_clusters(facts)]
    collections = [one for one in collections if one["charts"] or one["chosen"]]
    finding = next((one["headline"] for one in collections if one["headline"]), "")
    return {"finding": finding, "collections": collections}


def _section(collection: ClusteredFacts) -> Summary:
    study = mapping(collection.headline.study)
    charts = [measures_chart(collection), history_chart(collection), alternatives_chart(collection)]
    ks = study.get("k") or []
    return {
        "anchor": collection.name,
        "title": collection.title,
        "headline": headline(collection),
        "range": f"{count(ks[0])} to {count(ks[-1])}" if ks else "",
        "rows": count(study.get("rows")),
        "sampled": count(study.get("sampled")),
        "references": count(study.get("references")),
        "starts": count(study.get("starts")),
        "seconds": seconds(study.get("seconds")),
        "is_quick": collection.facts.get("budget") == "quick",
        "chosen": chosen_table(collection),
        "charts": [chart for chart in charts if chart],
    }


def headline(collection: ClusteredFacts) -> str:
    """Whether the measures agree on a number of clusters."""
    one = collection.headline
    chosen = [(title, found) for name, title, _ in MEASURES if (found := chosen_by(one, name)) is not None]
    if not chosen:
        return ""
    kinds = sorted({int(found) for _, found in chosen})
    if len(kinds) == 1:
        return f"{one.title}: every measure chooses {kinds[0]} clusters."
    told = [f"{title.split(' (')[0]} {count(found)}" for title, found in chosen]
    return f"{one.title}: the measures do not agree on a number of clusters: {listing(told)}."


PAGE = Page(
    name="cluster_study",
    label="How many",
    group="Clusters",
    title="How many clusters are there?",
    question="The document took twelve, as many as its genres. What would the tracks themselves choose, does k-means "
    "find the same from every start, and do other methods find anything else?",
    needs=("clusters",),
    command="genrelab compare-clusters",
    fill=fill,
)
