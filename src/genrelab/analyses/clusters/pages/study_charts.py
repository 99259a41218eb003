"""Charts of the number of clusters: measures over k, chosen k, cost per iteration, other methods.

Conventions: a vertical line marks the k that a measure chooses, another one the twelve of the capstone project.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.clusters.pages.charts import labels_picker, ordered, set_picker
from genrelab.analyses.clusters.result import Alternative, ClusteringResult, CollectionClusters
from genrelab.report.charts import bars
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, text_cells
from genrelab.report.vocabulary import labelling
from genrelab.report.wording import count, decimal, inside, percent, seconds, sentence

TWELVE = 12
MEASURES = (
    (
        "inertia",
        "Inertia (scree)",
        "Sum of squared distances to the centres; it always falls, and the elbow is chosen.",
    ),
    ("silhouette", "Silhouette", "Separation of the clusters, -1 to 1; the highest is chosen."),
    (
        "calinski_harabasz",
        "Calinski-Harabasz",
        "Spread between clusters divided by spread within them; the highest is chosen.",
    ),
    (
        "davies_bouldin",
        "Davies-Bouldin",
        "Similarity of each cluster to its nearest one; the lowest is chosen.",
    ),
    (
        "gap",
        "Gap statistic",
        "How much tighter than rows without clusters; the first k whose gap is at least the next one, less its error.",
    ),
)
HOVER = "%{x}: %{y:,.4~g}"
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SCORES = (("ari", "adjusted Rand index"), ("ami", "adjusted mutual information"))


def measured(collection: CollectionClusters) -> list[tuple[str, str, str]]:
    """Return name, title and meaning of every measure, including agreement with each labelling."""
    agreement = [
        (
            f"{labels}/{score}",
            f"Agreement with {labelling(labels)}: {title}",
            "Chance is 0; the highest is chosen.",
        )
        for labels in collection.label_names
        for score, title in SCORES
    ]
    return [*MEASURES, *agreement]


def values_of(one: ClusteringResult, name: str) -> Sequence[float]:
    """Return the values of one measure, in the order of k."""
    if "/" in name:
        labels, score = name.rsplit("/", 1)
        return one.study.agreement[labels][score]
    return one.study.measures[name]


def chosen_by(one: ClusteringResult, name: str) -> int | None:
    """Return the k that a measure chooses."""
    return one.study.chosen[name]


def chosen_table(collection: CollectionClusters) -> Grid:
    """Return the k that each measure chooses, by feature set."""
    sets = collection.clusterings
    return Grid(
        columns("Measure", *(one.title for one in sets)),
        tuple(
            text_cells(
                title, *("none" if (found := chosen_by(one, name)) is None else count(found) for one in sets)
            )
            for name, title, _ in measured(collection)
        ),
        "The k that each measure chooses.",
    )


def measures_chart(collection: CollectionClusters) -> Chart:
    """Draw every measure over k."""
    views = {}
    known = measured(collection)
    for name, title, meaning in known:
        for one in ordered(collection):
            if one.study.k:
                values = values_of(one, name)
                views[f"{name}|{one.feature_set}"] = _measure_view(one, name, title, meaning, values)
    pickers = (
        Picker("Measure", tuple((name, title) for name, title, _ in known)),
        set_picker(ordered(collection)),
    )
    return Chart(f"measures-{collection.name}", views, pickers)


def _measure_view(
    one: ClusteringResult, name: str, title: str, meaning: str, values: Sequence[float]
) -> View:
    ks, chosen = one.study.k, chosen_by(one, name)
    choice = (
        f"chooses {count(chosen)} clusters" if chosen is not None else f"chooses no k up to {count(ks[-1])}"
    )
    found = f"{title} {choice}"
    if name == "inertia" and chosen is not None:
        found = f"By the elbow of the curve: {count(chosen)} clusters"
    errors = list(one.study.gap_error) if name == "gap" else []
    heights = [float(f"{value:.5g}") for value in values]
    drawing = lines(
        [Line(ks, heights, HOVER, dots=5, errors=errors)],
        across=_across("Number of clusters k", ks[-1]),
        up={"title": {"text": sentence(title.rpartition(": ")[2])}, "nticks": 6},
        marks=[
            Mark(at, text)
            for at, text in ((chosen, "chosen"), (TWELVE, "capstone project"))
            if at is not None
        ],
    )
    digits = 0 if max(map(abs, values)) > 100 else 3  # noqa: PLR2004 - sums of squares need no decimals
    return View(
        title=f"{found} ({inside(one.title)})",
        caption=meaning,
        grid=Grid(
            columns("k", title),
            tuple(
                text_cells(count(k), f"{value:,.0f}" if not digits else decimal(value, digits))
                for k, value in zip(ks, values, strict=True)
            ),
        ),
        **drawing,
    )


def history_chart(collection: CollectionClusters) -> Chart:
    """Draw the cost per iteration, for several starts."""
    views, ks = {}, []
    for one in ordered(collection):
        # The k of the capstone project is shown first.
        for history in sorted(one.histories, key=lambda found: found.k != TWELVE):
            views[f"{one.feature_set}|{history.k}"] = _history_view(one, history.k, history.starts)
            ks.append(history.k)
    options = tuple((str(k), f"{k} clusters") for k in sorted(set(ks)))
    return Chart(f"history-{collection.name}", views, (set_picker(ordered(collection)), Picker("k", options)))


def _history_view(one: ClusteringResult, k: int, starts: Sequence[Sequence[float]]) -> View:
    ends = [costs[-1] for costs in starts]
    spread = max(ends) / min(ends) - 1 if min(ends) > 0 else 0.0
    steps = [len(costs) - 1 for costs in starts]
    return View(
        title=f"k-means with {k} clusters converges in {min(steps)} to {max(steps)} iterations; the worst of "
        f"{len(starts)} starts "
        f"ends {percent(spread)} above the best ({inside(one.title)})",
        caption="Mean squared distance of a track to its centre by iteration, in the units that were clustered;"
        " each line is one start.",
        grid=Grid(
            columns("Start", "Iterations", "Cost at the start", "Cost at the end"),
            tuple(
                text_cells(
                    f"Start {place}", count(len(costs) - 1), decimal(costs[0], 4), decimal(costs[-1], 4)
                )
                for place, costs in enumerate(starts, start=1)
            ),
        ),
        **lines(
            [
                Line(
                    range(len(costs)),
                    [float(f"{cost:.5g}") for cost in costs],
                    f"start {place}, {HOVER}",
                    dash=DASHES[(place - 1) % len(DASHES)],
                    dots=5,
                )
                for place, costs in enumerate(starts, start=1)
            ],
            across=_across("Iteration", max(steps)),
            up={"title": {"text": "Cost per track"}, "nticks": 6},
        ),
    )


def _across(title: str, last: int) -> dict[str, object]:
    return {"title": {"text": title}, "range": [0, last * 1.03], "nticks": 10}


def alternatives_chart(collection: CollectionClusters) -> Chart:
    """Draw other clustering methods beside k-means."""
    views = {}
    for one in ordered(collection):
        for labels in reversed(collection.label_names):
            usable = [
                (method, method.agreement[labels])
                for method in one.alternatives
                if labels in method.agreement
            ]
            if usable:
                views[f"{one.feature_set}|{labels}"] = _alternatives_view(one, labels, usable)
    pickers = (set_picker(ordered(collection)), labels_picker(reversed(collection.label_names)))
    return Chart(f"alternatives-{collection.name}", views, pickers, shows_numbers=True)


def _alternatives_view(
    one: ClusteringResult, labels: str, usable: Sequence[tuple[Alternative, Mapping[str, float]]]
) -> View:
    best, scores = max(usable, key=lambda pair: pair[1]["ari"])
    return View(
        title=f"{best.method} comes closest to {labelling(labels)}: adjusted Rand index {decimal(scores['ari'])} "
        f"({inside(one.title)})",
        caption="All are scored on the same fixed sample and fitted on one thread. HDBSCAN chooses the number of "
        "clusters"
        " and leaves tracks out as noise; the scores count noise as one cluster.",
        grid=Grid(
            columns(
                "Method",
                "Clusters",
                "Noise",
                "Largest cluster",
                "Adjusted Rand",
                "Adjusted mutual information",
                Column("With k-means", "adjusted Rand"),
                "Silhouette",
                Column("Time", "fitted on"),
            ),
            tuple(
                text_cells(
                    method.method,
                    count(method.clusters),
                    percent(method.noise, 0),
                    percent(method.largest, 0),
                    decimal(found["ari"]),
                    decimal(found["ami"]),
                    decimal(method.with_kmeans, 2),
                    decimal(method.silhouette, 2),
                    Cell(seconds(method.seconds), f"{count(method.fitted_on)} tracks"),
                )
                for method, found in usable
            ),
        ),
        **bars(
            [method.method for method, _ in usable],
            [max(found["ari"], 0.0) for _, found in usable],
            [f"{decimal(found['ari'])}, {count(method.clusters)} clusters" for method, found in usable],
            ["var(--accent)"] * len(usable),
            axis="Adjusted Rand index with the genres",
        ),
    )
