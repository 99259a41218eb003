"""Figures of a run for the MLflow UI, which shows PNG and not our report."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

INCHES_PER_CELL = 0.62
LEAST_SHARE = 0.005
"""A cell with less would say 0 %; it stays empty."""


def confusion_figure(counts: Sequence[Sequence[int]], labels: Sequence[str], title: str) -> Figure:
    """Confusion matrix: rows are true genres and sum to 100 %."""
    size = 2.6 + INCHES_PER_CELL * len(labels)
    figure = Figure(figsize=(size + 0.6, size))
    axes = figure.add_subplot()
    # A layout engine would draw everything twice; names of genres are about this long.
    figure.subplots_adjust(left=1.6 / (size + 0.6), right=0.98, bottom=1.5 / size, top=1 - 0.45 / size)
    shares = [[count / max(sum(row), 1) for count in row] for row in counts]
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            if share < LEAST_SHARE:
                continue
            colour = "white" if share > 0.5 else "black"  # noqa: PLR2004 - readable on either side
            axes.text(j, i, f"{share:.0%}", ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("predicted genre")
    axes.set_ylabel("true genre")
    axes.set_title(title, fontsize=10)
    figure.colorbar(image, label="share of the true genre", shrink=0.8)
    return figure


def calibration_figure(bins: Sequence[Mapping[str, Any]], title: str) -> Figure:
    """How often the model is right against how sure it was."""
    figure = Figure(figsize=(5.5, 5))
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.13, right=0.97, bottom=0.11, top=0.92)
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="as sure as right")
    filled = [each for each in bins if each["count"]]
    axes.plot(
        [each["confidence"] for each in filled],
        [each["accuracy"] for each in filled],
        marker="o",
        label="model",
    )
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.set_title(title, fontsize=10)
    axes.legend()
    return figure


MOST_BARS = 20


def importance_figure(importances: Sequence[Mapping[str, Any]], what: str) -> Figure:
    """Features by importance, largest on top; of many the first `MOST_BARS`."""
    importances = importances[:MOST_BARS]
    height = 1.2 + 0.32 * len(importances)
    figure = Figure(figsize=(6, height))
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.3, right=0.97, bottom=0.6 / height, top=1 - 0.4 / height)
    names = [str(each["feature"]) for each in importances][::-1]
    axes.barh(names, [float(each["value"]) for each in importances][::-1])
    axes.set_xlabel(what)
    axes.set_title(f"{names[-1]} matters most" if names else "No importances")
    return figure
