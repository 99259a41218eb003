"""Figures of the clusters for the MLflow UI, which shows PNG and not our report.

Every line and group carries its name; colour never speaks alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from genrelab.analyses.clusters import HEADLINE

HALF = 0.5
"""From this share on, text on a cell is white."""

TITLES = {
    "inertia": "Inertia",
    "silhouette": "Silhouette",
    "calinski_harabasz": "Calinski-Harabasz",
    "davies_bouldin": "Davies-Bouldin (lower is better)",
    "gap": "Gap statistic",
}


def drawn_sets(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The feature sets that get figures of their own: all of them, within the budget quick the headline alone."""
    sets: list[Mapping[str, Any]] = list(facts["clusterings"])
    if facts["budget"] != "quick":
        return sets
    return [one for one in sets if one["feature_set"] == HEADLINE] or sets[:1]


def contingency_figure(shares: Sequence[Sequence[float]], genres: Sequence[str], title: str) -> Figure:
    """What each cluster is made of: rows are clusters and sum to 100 %."""
    names = [f"cluster {number}" for number in range(len(shares))]
    return _heat(shares, names, genres, title, "share of the cluster")


def importance_map_figure(facts: Mapping[str, Any]) -> Figure:
    """Which feature decides each clustering: rows are feature sets and sum to 100 %."""
    features = facts["features"]
    rows = [
        {found["feature"]: found["value"] for found in one["deciding"]["importances"]}
        for one in facts["clusterings"]
    ]
    names = [one["title"] for one in facts["clusterings"]]
    shares = [[row.get(feature, 0.0) for feature in features] for row in rows]
    return _heat(shares, names, features, "Which feature decides each clustering", "importance in the forest")


def study_figure(facts: Mapping[str, Any]) -> Figure:
    """Every measure over k, one panel each; rows are feature sets."""
    sets = drawn_sets(facts)
    figure = Figure(figsize=(3 * len(TITLES), 1.8 * len(sets)))
    panels = figure.subplots(len(sets), len(TITLES), squeeze=False)
    for row, one in zip(panels, sets, strict=True):
        study = one["study"]
        for axes, (name, title) in zip(row, TITLES.items(), strict=True):
            chosen = study["chosen"][name]
            axes.plot(study["k"], study[name], marker=".", markersize=3, linewidth=1)
            if chosen is not None:
                axes.axvline(chosen, linewidth=0.8, linestyle=":", color="grey")
            axes.set_title(f"{title}: k = {chosen}" if chosen else f"{title}: none", fontsize=8)
            axes.tick_params(labelsize=7)
        row[0].set_ylabel(one["title"].replace(", ", ",\n"), fontsize=7)
    _leave_margins(figure)
    return figure


def history_figure(facts: Mapping[str, Any]) -> Figure:
    """Cost per iteration, one panel per k and one line per start; rows are feature sets."""
    sets = drawn_sets(facts)
    wide = max(len(one["study"]["histories"]) for one in sets)
    figure = Figure(figsize=(3 * wide, 1.8 * len(sets)))
    panels = figure.subplots(len(sets), wide, squeeze=False)
    for row, one in zip(panels, sets, strict=True):
        for axes, history in zip(row, one["study"]["histories"], strict=False):
            for costs in history["starts"]:
                axes.plot(costs, linewidth=1)
            axes.set_title(f"k = {history['k']}, {len(history['starts'])} starts", fontsize=8)
            axes.tick_params(labelsize=7)
        row[0].set_ylabel(one["title"].replace(", ", ",\n"), fontsize=7)
    _leave_margins(figure)
    return figure


def map_figure(facts: Mapping[str, Any]) -> Figure:
    """The map of the tracks by principal components, each genre named at its middle."""
    drawn = facts["map"]
    projection = drawn["projections"][0]
    colouring = next(iter(drawn["groups"]))
    group = drawn["groups"][colouring]
    figure = Figure(figsize=(8, 6), layout="constrained")
    axes = figure.add_subplot()
    axes.scatter(projection["x"], projection["y"], c=group["of_point"], cmap="tab20", s=6, alpha=0.6)
    for kind, middle in zip(group["kinds"], projection["middles"][colouring], strict=True):
        if middle:
            axes.annotate(
                kind, middle, fontsize=9, ha="center", bbox={"boxstyle": "round,pad=0.15", "fc": "white"}
            )
    across, up = projection["axes"]
    axes.set_xlabel(f"{across['explained']:.0%} of the variance")
    axes.set_ylabel(f"{up['explained']:.0%} of the variance")
    axes.set_title(f"{len(projection['x']):,} of {drawn['rows']:,} tracks by principal components")
    return figure


def _leave_margins(figure: Figure) -> None:
    """Room for titles, ticks and the names of rows, the same in inches whatever the number of panels."""
    width, height = figure.get_figwidth(), figure.get_figheight()
    edges = {"left": 0.9 / width, "right": 0.99, "top": 1 - 0.3 / height, "bottom": 0.3 / height}
    figure.subplots_adjust(**edges, hspace=0.5, wspace=0.32)


def _heat(
    shares: Sequence[Sequence[float]], rows: Sequence[str], columns: Sequence[str], title: str, what: str
) -> Figure:
    figure = Figure(figsize=(3.6 + 0.6 * len(columns), 1.6 + 0.36 * len(rows)))
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            if round(share * 100):
                colour = "white" if share > HALF else "black"
                axes.text(j, i, f"{share:.0%}", ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right", fontsize=8)
    axes.set_yticks(range(len(rows)), rows, fontsize=8)
    axes.set_title(title, fontsize=10)
    figure.colorbar(image, label=what, shrink=0.9)
    figure.subplots_adjust(
        left=1.9 / figure.get_figwidth(), right=0.99, bottom=1.0 / figure.get_figheight(), top=0.92
    )
    return figure
