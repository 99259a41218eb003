"""The map of the tracks: similar tracks are near each other; coloured by genre or by cluster.

Conventions: every group is named at its middle, so that no meaning depends on colour alone; a track shows its name on
hover. Clusters use the twelve hues of the genres, and on a map of clusters no genre is drawn.
"""

from collections.abc import Sequence
from math import dist

from genrelab.analyses.clusters.result import Axis, ClusteringResult, CollectionClusters, Projection
from genrelab.evaluation.samples import in_words
from genrelab.report.feature_words import words_for
from genrelab.report.figure import Cell, Chart, Grid, Picker, View, columns, label, text_cells
from genrelab.report.palette import genre_colour
from genrelab.report.vocabulary import cluster_name, labelling
from genrelab.report.wording import count, decimal, listing, percent, sentence
from genrelab.tables.spotify import BINS

PROJECTIONS = {"pca": "Principal components", "umap": "UMAP"}
LONGEST_NAME = 60
PLOT, NARROW_PLOT = (860, 500, 12), (280, 340, 10)
"""Approximate width and height of the drawing, and the size of its names, in CSS pixels."""


def map_chart(collection: CollectionClusters) -> Chart:
    """Draw the map with every colouring."""
    drawn = collection.map
    colourings = _in_order(list(drawn.groups))
    views = {
        f"{colouring}|{projection.name}": _view(collection, colouring, projection)
        for projection in drawn.projections
        for colouring in colourings
    }
    pickers = (
        Picker("Coloured by", tuple((name, colouring_name(collection, name)) for name in colourings)),
        Picker("Drawn by", tuple((one.name, PROJECTIONS[one.name]) for one in drawn.projections)),
    )
    return Chart(f"map-{collection.name}", views, pickers)


def _in_order(names: Sequence[str]) -> list[str]:
    """Return genres before clusters; the labelling in use (the last one) comes first."""
    genres = [name for name in names if name.startswith("genre:")]
    return [*reversed(genres), *(name for name in names if not name.startswith("genre:"))]


def colouring_name(collection: CollectionClusters, colouring: str) -> str:
    """Return the display name of a colouring."""
    kind, _, name = colouring.partition(":")
    if kind == "genre":
        return f"Genre by {labelling(name)}"
    return f"Cluster: {_clustering(collection, name).title}"


def _clustering(collection: CollectionClusters, name: str) -> ClusteringResult:
    return next(one for one in collection.clusterings if one.feature_set == name)


def _view(collection: CollectionClusters, colouring: str, projection: Projection) -> View:
    names, group = collection.map.names, collection.map.groups[colouring]
    kinds, of_point = group.kinds, group.of_point
    is_genre = colouring.startswith("genre:")
    called = [str(kind) if is_genre else cluster_name(int(kind)) for kind in kinds]
    described = _described(collection, colouring)
    x, y = projection.x, projection.y
    traces: list[dict[str, object]] = []
    for place, name in enumerate(called):
        own = [point for point, code in enumerate(of_point) if code == place]
        if not own:
            continue
        colour = genre_colour(kinds[place]) if is_genre else genre_colour(BINS[place % len(BINS)])
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": label(name),
                "x": [x[point] for point in own],
                "y": [y[point] for point in own],
                "text": [label(names[point][:LONGEST_NAME]) for point in own],
                "marker": {"color": colour, "size": 5, "opacity": 0.6, "line": {"width": 0}},
                "hovertemplate": f"%{{text}}<br>{label(name)}<extra></extra>",
            }
        )
    named = [(name, spot) for name, spot in zip(called, projection.middles[colouring], strict=True) if spot]
    axes = projection.axes
    return View(
        title=_title(named, projection),
        caption=f"{_caption(axes)} Drawn: {in_words(len(names), collection.of)}.",
        grid=Grid(
            columns("Group", "Tracks drawn", "Across", "Upwards"),
            tuple(
                text_cells(
                    Cell(name, described.get(name, ""), swatch=genre_colour(name) if is_genre else ""),
                    count(of_point.count(place)),
                    *(decimal(value, 2) for value in dict(named).get(name, (None, None))),
                )
                for place, name in enumerate(called)
            ),
            "Middle of each group on the map.",
        ),
        traces=traces,
        layout={
            "xaxis": {"title": {"text": _axis(axes, 0)}, "showgrid": False, "nticks": 6, "fixedrange": False},
            "yaxis": {"title": {"text": _axis(axes, 1)}, "showgrid": False, "nticks": 6, "fixedrange": False},
            "annotations": _labels(named, projection, is_genre=is_genre),
            "showlegend": True,
            "legend": {"itemsizing": "constant", "font": {"size": 12}},
            "dragmode": "zoom",
        },
        narrow={
            "layout": {
                "annotations": _labels(named, projection, is_genre=is_genre, is_narrow=True),
                "showlegend": False,
                "xaxis": {"title": {"text": _axis(axes, 0, most=2)}},
                "yaxis": {"title": {"text": _axis(axes, 1, most=2)}},
            },
            "height": 460,
        },
        height=620,
    )


def _labels(
    named: Sequence[tuple[str, Sequence[float]]],
    points: Projection,
    *,
    is_genre: bool,
    is_narrow: bool = False,
) -> list[dict[str, object]]:
    """Return names at the middles; an overlapping one moves up or down with a line to its place."""
    width, height, size = NARROW_PLOT if is_narrow else PLOT
    x, y = points.x, points.y
    across, up = (max(x) - min(x)) or 1.0, (max(y) - min(y)) or 1.0
    taken: list[tuple[float, float, float]] = []
    made = []
    for name, spot in sorted(named, key=lambda pair: pair[1][1]):
        text = name if is_genre else name.removeprefix("Cluster ")
        left, foot, half = spot[0] / across * width, spot[1] / up * height, len(text) * size * 0.31 + 3
        line = size + 6
        tries = [0, *(step * line * sign for step in range(1, 2 * len(named)) for sign in (1, -1))]
        lift = next(
            rise
            for rise in tries
            if all(
                abs(left - at) >= half + other or abs(foot + rise - high) >= line for at, high, other in taken
            )
        )
        taken.append((left, foot + lift, half))
        made.append(
            {
                "x": spot[0],
                "y": spot[1],
                "ax": 0,
                "ay": -lift,
                "text": f"<b>{label(text)}</b>",
                "showarrow": bool(lift),
                "arrowhead": 0,
                "arrowwidth": 1,
                "arrowcolor": "var(--ink)",
                "bgcolor": "var(--page)",
                "borderpad": 1,
                "opacity": 0.9,
                "font": {"size": size, "color": "var(--ink)"},
            }
        )
    return made


def _described(collection: CollectionClusters, colouring: str) -> dict[str, str]:
    kind, _, name = colouring.partition(":")
    if kind == "genre":
        return {}
    clusters = _clustering(collection, name).clusters
    return {cluster_name(found.cluster): found.description for found in clusters}


def _title(named: Sequence[tuple[str, Sequence[float]]], projection: Projection) -> str:
    """Say which two groups lie farthest apart, and along what; it is computed from the middles that are drawn."""
    if len(named) < 2:  # noqa: PLR2004 - one group lies apart from none
        return f"{named[0][0]} alone is on the map" if named else "No group is on the map"
    first, second = max(
        ((one, other) for place, one in enumerate(named) for other in named[place + 1 :]),
        key=lambda pair: dist(pair[0][1], pair[1][1]),
    )
    left, right = sorted((first, second), key=lambda each: each[1][0])
    title = f"{sentence(left[0])} and {inside_name(right[0])} lie farthest apart"
    if not projection.axes:
        return title
    if abs(left[1][0] - right[1][0]) >= abs(left[1][1] - right[1][1]):
        return f"{title}: {listing(_directions(projection.axes[0]))} on the right, where {inside_name(right[0])} is"
    high = max(first, second, key=lambda each: each[1][1])
    return f"{title}: {listing(_directions(projection.axes[1]))} at the top, where {inside_name(high[0])} is"


def inside_name(name: str) -> str:
    """Return the name of a group inside a sentence."""
    return name.replace("Cluster ", "cluster ")


def _caption(axes: Sequence[Axis]) -> str:
    text = (
        "Each dot is a track; tracks that are similar in all features are near each other. The name of a group is "
        "at the"
        " middle of all its tracks. Point at a dot to see the track; drag over the map to enlarge a part of it, click"
        " twice to see all again; a click on a group in the legend hides it."
    )
    if not axes:
        return text
    kept = percent(sum(axis.explained for axis in axes), 0)
    return f"{text} The two components keep {kept} of the variance of all features."


def _directions(axis: Axis, most: int = 3) -> list[str]:
    """Return what increases along an axis: `more energy`, `less acousticness`."""
    return [
        ("less " if one.value < 0 else "more ") + words_for(one.feature).name.replace("_", " ")
        for one in axis.loadings[:most]
    ]


def _axis(axes: Sequence[Axis], place: int, most: int = 3) -> str:
    if place >= len(axes):
        return ""
    axis = axes[place]
    loadings = _directions(axis, most)
    share = percent(axis.explained, 0)
    of_what = " of the variance" if most > 2 else ""  # noqa: PLR2004 - a phone has room for two features and the share
    return sentence(f"{', '.join(loadings)} ({share}{of_what})") if loadings else share
