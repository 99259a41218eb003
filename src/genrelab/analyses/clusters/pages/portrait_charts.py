"""Charts of cluster profiles: all clusters by size, and every feature of one cluster as a histogram.

Conventions: the most important features of the clustering come first and are marked; an outline shows all tracks of the
collection; each panel has its own scale upwards, because a narrow cluster fills few bars.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.clusters.pages.charts import ordered, set_picker
from genrelab.analyses.clusters.result import (
    ClusteringResult,
    ClusterProfile,
    CollectionClusters,
    FeatureBars,
    FeatureRange,
    Lift,
)
from genrelab.report.charts import Drawing, bars, panel_title
from genrelab.report.feature_words import UNITS, axis_of, shown, words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, label, text_cells
from genrelab.report.palette import genre_colour
from genrelab.report.vocabulary import cluster_name, labelling
from genrelab.report.wording import count, decimal, listing, percent, plural, sentence
from genrelab.tables.spotify import SPOTIFY_BINNED

WIDE, NARROW = 4, 2
PANEL, NARROW_PANEL = 150, 130
FOOT = 46
FITS = 24
"""Characters of a description that fit beside a bar on a phone."""


def sizes_chart(collection: CollectionClusters) -> Chart:
    """Draw all clusters of a feature set with their size and description."""
    views = {one.feature_set: _sizes_view(collection, one) for one in ordered(collection)}
    return Chart(f"sizes-{collection.name}", views, (set_picker(ordered(collection)),))


def _sizes_view(collection: CollectionClusters, one: ClusteringResult) -> View:
    clusters = one.clusters
    names = [cluster_name(cluster.cluster) for cluster in clusters]
    largest = clusters[0]
    labels = collection.label_names[-1]
    return View(
        title=f"The largest cluster is {largest.description}: {percent(largest.share, 0)} of "
        f"the tracks; the smallest has {count(clusters[-1].size)}",
        caption="Words say how a cluster differs from the average track (by at least 0.6 standard deviations); "
        "'very' means"
        " strongly (at least 1.5).",
        grid=Grid(
            (
                Column("Cluster", is_number=False),
                Column("Tracks"),
                Column("Share"),
                Column("Sound", is_number=False),
                *(
                    Column(kind, "times its share", is_number=False)
                    for kind in ("Most typical", "Most surprising")
                ),
                Column("Nearest to the centre", is_number=False),
            ),
            tuple(
                text_cells(
                    name,
                    count(cluster.size),
                    percent(cluster.share),
                    cluster.description,
                    _lift_cell(cluster.genres[labels].typical),
                    _lift_cell(cluster.genres[labels].surprising),
                    (cluster.nearest or ("",))[0],
                )
                for name, cluster in zip(names, clusters, strict=True)
            ),
        ),
        **bars(
            names,
            [cluster.size for cluster in clusters],
            [f"{count(cluster.size)}  {cluster.description}" for cluster in clusters],
            ["var(--accent)"] * len(clusters),
            short_texts=[_brief(cluster.description) for cluster in clusters],
            axis="Tracks",
        ),
    )


def _brief(description: str) -> str:
    """Return the part of a description that fits on a phone; the table has all of it."""
    words = description.split(", ")
    kept = words[:1]
    for word in words[1:]:
        if len(", ".join([*kept, word])) > FITS:
            break
        kept.append(word)
    return ", ".join(kept)


def _lift_cell(found: Lift | None) -> Cell:
    if found is None:
        return Cell("")
    return Cell(found.genre, f"{decimal(found.lift, 1)} times", swatch=genre_colour(found.genre))


def portrait_chart(collection: CollectionClusters) -> Chart:
    """Draw every feature of one cluster, the most important ones first."""
    histograms = {one.feature: one for one in collection.histograms}
    views = {
        f"{one.feature_set}|{cluster.cluster}": _portrait_view(
            one, cluster, [(feature, histograms[feature.feature]) for feature in cluster.features]
        )
        for one in ordered(collection)
        for cluster in one.clusters
    }
    numbers = tuple((str(number), cluster_name(number)) for number in range(collection.k))
    return Chart(
        f"portrait-{collection.name}", views, (set_picker(ordered(collection)), Picker("Cluster", numbers))
    )


def _portrait_view(
    one: ClusteringResult, cluster: ClusterProfile, drawn: Sequence[tuple[FeatureRange, FeatureBars]]
) -> View:
    return View(
        title=f"{cluster_name(cluster.cluster)}: {cluster.description} ({plural(cluster.size, 'track')})",
        caption=_caption(cluster),
        grid=Grid(
            columns("Feature", "Lowest", "5 %", "Median", "95 %", "Highest"),
            tuple(
                text_cells(
                    Cell(words_for(feature.feature).label, "most important" if feature.is_leading else ""),
                    *(
                        shown(feature.feature, value)
                        for value in (feature.low, feature.q05, feature.median, feature.q95, feature.high)
                    ),
                )
                for feature, _ in drawn
            ),
            f"Ranges of the features, {one.title.lower()}.",
        ),
        **_panels(drawn),
    )


def _caption(cluster: ClusterProfile) -> str:
    """Describe the tracks nearest to the centre, and the typical and surprising genres."""
    sentences = []
    if cluster.nearest:
        sentences.append(f"Nearest to its centre: {'; '.join(cluster.nearest)}.")
    for labels, found in reversed(cluster.genres.items()):
        parts = []
        for kind, one in (("typical", found.typical), ("surprising", found.surprising)):
            if one:
                example = f", e.g. {one.example}" if kind == "surprising" and one.example else ""
                parts.append(
                    f"most {kind} {one.genre} ({decimal(one.lift, 1)} times its share, "
                    f"{plural(one.tracks, 'track')}{example})"
                )
        if parts:
            sentences.append(f"By {labelling(labels)}: {listing(parts)}.")
    sentences.append(
        "Bars are shares of the cluster, the outline is all tracks; the four most important features come first."
    )
    return " ".join(sentences)


def _panels(drawn: Sequence[tuple[FeatureRange, FeatureBars]]) -> Drawing:
    """Draw one panel for each feature."""
    traces: list[dict[str, object]] = []
    for place, (feature, histogram) in enumerate(drawn):
        own, everyone = feature.counts, histogram.all
        edges, values = histogram.edges, histogram.values
        step = edges[1] - edges[0] if edges else 1.0
        first = edges[0] + step / 2 if edges else values[0]
        axes = {"xaxis": f"x{place + 1}", "yaxis": f"y{place + 1}"}
        across = {"x0": round(first, 4), "dx": round(step, 4)} if edges else {"x": list(values)}
        traces += [
            {
                "type": "bar",
                **across,
                "y": _shares(own),
                "width": step * 0.92,
                "marker": {"color": "var(--accent)" if feature.is_leading else "var(--quiet)"},
                "hovertemplate": f"<b>{label(words_for(feature.feature).label)}</b> about %{{x}}: %{{y:.1%}}"
                "<extra></extra>",
                **axes,
            },
            {
                "type": "scatter",
                "mode": "lines",
                **across,
                "y": _shares(everyone),
                "line": {"shape": "hvh", "color": "var(--ink)", "width": 1.2},
                "hoverinfo": "skip",
                **axes,
            },
        ]
    features = [feature for feature, _ in drawn]
    return {
        "traces": traces,
        "layout": {
            **_axes(len(drawn), WIDE, 0.03, PANEL),
            "annotations": _names(features),
            "bargap": 0,
            "margin": {"t": 22, "b": FOOT, "l": 40, "r": 6, "pad": 0},
        },
        "narrow": {
            "layout": {
                **_domains(_axes(len(drawn), NARROW, 0.1, NARROW_PANEL)),
                "margin": {"l": 34},
            },
            "height": 22 + FOOT + NARROW_PANEL * -(-len(drawn) // NARROW),
        },
        "height": 22 + FOOT + PANEL * -(-len(drawn) // WIDE),
    }


def _shares(counts: Sequence[float]) -> list[float]:
    total = sum(counts) or 1
    return [round(value / total, 3) for value in counts]


def _axes(panels: int, wide: int, gap: float, size: int) -> dict[str, dict[str, object]]:
    rows = -(-panels // wide)
    width, height = (1 - gap * (wide - 1)) / wide, 1 / rows
    room = 44 / (size * rows)
    axes: dict[str, dict[str, object]] = {}
    for place in range(panels):
        row, column = divmod(place, wide)
        left, foot, key = column * (width + gap), 1 - (row + 1) * height, "" if place == 0 else str(place + 1)
        axes[f"xaxis{key}"] = {
            "domain": [round(left, 4), round(left + width, 4)],
            "anchor": f"y{place + 1}",
            "nticks": 4,
            "showgrid": False,
            "automargin": False,
            "tickfont": {"size": 10},
        }
        axes[f"yaxis{key}"] = {
            "domain": [round(foot, 4), round(foot + height - room, 4)],
            "anchor": f"x{place + 1}",
            "rangemode": "tozero",
            "nticks": 3,
            "tickformat": ".0%",
            "automargin": False,
            "tickfont": {"size": 10},
        }
    return axes


def _domains(axes: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    """Return the positions of the axes; only these differ on a phone."""
    return {name: {"domain": axis["domain"]} for name, axis in axes.items()}


def _names(features: Sequence[FeatureRange]) -> list[dict[str, object]]:
    """Return the name of each panel with its unit; the most important features are bold."""
    named = []
    for place, feature in enumerate(features):
        name = feature.feature
        unit = SPOTIFY_BINNED[name].unit if name in SPOTIFY_BINNED else ""
        text = label(axis_of(name, UNITS.get(unit, unit)) if unit else words_for(name).label)
        named.append(panel_title(place, f"<b>{text}</b>" if feature.is_leading else text))
    return named


def largest_clusters(collection: CollectionClusters) -> str:
    """Describe the three largest clusters of the headline set in one sentence."""
    described = [cluster.description for cluster in collection.headline.clusters]
    return sentence(
        f"{collection.headline.title}: the three largest clusters are {'; '.join(described[:3])}."
    )
