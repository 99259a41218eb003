"""Figures of the study of origins for the MLflow UI, which shows PNG and not our report."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from genrelab.origins.land import load_land
from genrelab.origins.spread import spread_around

MARKS = "os^Dv*PX<p"
"""One symbol per cluster, so that colour does not speak alone."""


def map_figure(facts: Mapping[str, Any]) -> Figure:
    """Every track at its origin, by cluster, spread around the capital."""
    grouping = facts["grouping"]
    figure = Figure(figsize=(12, 6), layout="constrained")
    axes = figure.add_subplot()
    for outline in load_land():
        axes.plot([at[0] for at in outline], [at[1] for at in outline], color="lightgrey", linewidth=0.6)
    place = np.repeat(np.arange(len(facts["places"])), [each["tracks"] for each in facts["places"]])
    assigned = np.concatenate(
        [
            np.repeat(np.arange(grouping["k"]), [row[at] for row in grouping["counts"]])
            for at in range(len(facts["places"]))
        ]
    )
    coordinates = np.array([(each["latitude"], each["longitude"]) for each in facts["places"]])
    spots = spread_around(coordinates, place, assigned)
    for cluster in range(grouping["k"]):
        shown = assigned == cluster
        axes.scatter(
            spots[shown, 1],
            spots[shown, 0],
            s=9,
            marker=MARKS[cluster % len(MARKS)],
            label=f"cluster {cluster + 1}",
        )
    axes.axhline(facts["north_of"], color="grey", linewidth=0.6, linestyle=":")
    axes.set(xlabel="longitude in degrees", ylabel="latitude in degrees", aspect="equal", ylim=(-60, 85))
    axes.set_title(f"Tracks by origin and cluster, k = {grouping['k']}")
    axes.legend(ncols=5, loc="lower left", fontsize=7)
    return figure


def cost_figure(facts: Mapping[str, Any]) -> Figure:
    """Cost by iteration, and by the number of clusters."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for position, history in enumerate(facts["costs"]):
        for start, costs in enumerate(history["costs"]):
            left.plot(costs, color=f"C{position}", label=f"k = {history['k']}" if not start else None)
    left.set(xlabel="iteration", ylabel="mean squared distance to the centre", title="Cost by iteration")
    left.legend()
    for costs in facts["scree"]["costs"]:
        right.plot(facts["scree"]["k"], costs, marker=".", color="C0")
    right.set(xlabel="clusters", ylabel="mean squared distance to the centre", title="Cost by k")
    return figure


def epoch_figure(network: Mapping[str, Any]) -> Figure:
    """Accuracy by epoch on the rows fitted, held out for stopping, and never seen."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    epochs = range(1, len(network["train"]) + 1)
    for name, label in (("train", "fitted"), ("stopping", "held out for stopping"), ("test", "never seen")):
        axes.plot(epochs, network[name], label=label)
    for stopped in network["stopped_at"]:
        axes.axvline(stopped, color="grey", linewidth=0.6, linestyle=":")
    axes.set(xlabel="epoch", ylabel="accuracy", title=f"{network['label']}: dotted where it stops")
    axes.legend()
    return figure


def country_figure(countries: Sequence[Mapping[str, Any]]) -> Figure:
    """How often each country is named right."""
    return _bars(countries, "right", "share of its tracks named right")


def place_figure(countries: Sequence[Mapping[str, Any]]) -> Figure:
    """How far off the tracks of each country are placed."""
    return _bars(countries, "mean_km", "mean great-circle error in km")


def _bars(countries: Sequence[Mapping[str, Any]], value: str, axis: str) -> Figure:
    ranked = sorted(countries, key=lambda each: float(each[value]))
    figure = Figure(figsize=(7, 1 + 0.22 * len(ranked)), layout="constrained")
    axes = figure.add_subplot()
    axes.barh([str(each["country"]) for each in ranked], [float(each[value]) for each in ranked])
    axes.set_xlabel(axis)
    axes.tick_params(axis="y", labelsize=8)
    return figure
