"""Charts of cluster quality: separation (silhouette) and stability.

Conventions: as in `genrelab.analyses.clusters.pages.charts`. Comparisons with genres do not belong here.
"""

from genrelab.analyses.clusters.pages.charts import ordered, set_picker
from genrelab.analyses.clusters.result import CollectionClusters
from genrelab.evaluation.samples import in_words
from genrelab.report.charts import bars, intervals
from genrelab.report.figure import Cell, Chart, Grid, View, columns, single, text_cells
from genrelab.report.vocabulary import cluster_name
from genrelab.report.wording import count, decimal, inside


def silhouette_chart(collection: CollectionClusters) -> Chart:
    """Draw the silhouette of each cluster."""
    views = {}
    for one in ordered(collection):
        scored = [(cluster, cluster.silhouette) for cluster in one.clusters if cluster.silhouette is not None]
        found, values = [cluster for cluster, _ in scored], [value for _, value in scored]
        best, highest = max(scored, key=lambda pair: pair[1])
        names = [cluster_name(cluster.cluster) for cluster in found]
        view = View(
            title=f"{cluster_name(best.cluster)} is separated best (silhouette {decimal(highest, 2)}); "
            f"the mean over all tracks is {decimal(one.silhouette, 2)}",
            caption=f"Mean silhouette of each cluster on {in_words(one.sampled, collection.of)}: 1 means far from every"
            " other cluster, 0 on the border, below 0 nearer to another cluster. It does not depend on genres.",
            grid=Grid(
                columns("Cluster", "Tracks", "Silhouette"),
                tuple(
                    text_cells(
                        Cell(name, cluster.description),
                        count(cluster.size),
                        decimal(value, 2),
                    )
                    for name, (cluster, value) in zip(names, scored, strict=True)
                ),
            ),
            **bars(
                names,
                values,
                [
                    f"{decimal(value, 2)}  {cluster.description}"
                    for value, cluster in zip(values, found, strict=True)
                ],
                ["var(--accent)"] * len(found),
                short_texts=[decimal(value, 2) for value in values],
                axis="Silhouette",
            ),
        )
        low, high = min(*values, 0.0), max(*values, 0.01)
        view.layout["xaxis"] |= {"range": [low * 1.1, high * 1.9], "tickformat": ".1f"}
        view.narrow["layout"]["xaxis"] |= {"range": [low * 1.1, high * 1.3]}
        views[one.feature_set] = view
    return Chart(f"silhouettes-{collection.name}", views, (set_picker(ordered(collection)),))


def stability_chart(collection: CollectionClusters) -> Chart:
    """Draw how similar repeated clusterings are."""
    rows = [
        (one, spread, words)
        for one in collection.clusterings
        for spread, words in (
            (one.stability.seeds, "other starts"),
            (one.stability.bootstrap, "other draws"),
        )
    ]
    spreads = [spread for _, spread, _ in rows]
    means = [spread.mean for spread in spreads]
    best = max(range(len(rows)), key=lambda place: means[place])
    worst = min(range(len(rows)), key=lambda place: means[place])
    names = [f"{one.title} ({words})" for one, _, words in rows]
    drawing = intervals(
        names,
        means,
        [spread.low for spread in spreads],
        [spread.high for spread in spreads],
        [decimal(mean, 2) for mean in means],
        ["var(--accent)"] * len(rows),
        axis="Adjusted Rand index between two clusterings",
        is_share=False,
    )
    for trace in drawing["traces"]:
        trace["hovertemplate"] = "<b>%{customdata[0]}</b><br>mean %{text}, %{customdata[1]}<extra></extra>"
    view = View(
        title=f"Most stable: {inside(names[best])}, {decimal(means[best], 2)}; least: {inside(names[worst])}, "
        f"{decimal(means[worst], 2)}",
        caption="k-means is repeated from other starts, with all results compared in pairs, and on bootstrap draws of"
        " the tracks, compared with the clustering shown here. 1 means the same clusters, 0 chance; lines run from the"
        " lowest to the highest value. Tracks are drawn, not artists, since the clusters describe these tracks: other"
        " artists may give other clusters.",
        grid=Grid(
            columns("Clustered on", "Mean", "Lowest", "Highest"),
            tuple(
                text_cells(
                    Cell(one.title, words),
                    *(decimal(value, 2) for value in (spread.mean, spread.low, spread.high)),
                )
                for one, spread, words in rows
            ),
        ),
        **drawing,
    )
    return single(f"stability-{collection.name}", view)
