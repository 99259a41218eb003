"""Far values: how a bar says on which side they lie, and the librosa features with the longest tails."""

from collections.abc import Mapping
from typing import Any

from genrelab.report.charts import bars
from genrelab.report.exploration import items
from genrelab.report.figure import Grid, View, columns, single, text_cells
from genrelab.report.page import Summary
from genrelab.report.wording import MINUS, count, decimal, number, percent, plural

NORMAL = 0.0027
"""Share of a normal distribution beyond three standard deviations."""


def far_text(far: float, tracks: float, given: Mapping[str, Any]) -> str:
    """How many lie beyond, their share, and on which side."""
    if not far:
        return "none"
    below, above = (number(given.get(side)) for side in ("below", "above"))
    sides = (
        "all above"
        if not below
        else "all below"
        if not above
        else f"{count(below)} below, {count(above)} above"
    )
    return f"{count(far)}  ·  {percent(far / tracks)}  ·  {sides}"


def far_librosa(found: Mapping[str, Any]) -> Summary | None:
    """The far values of the librosa features: the features with the longest tails."""
    rows = [
        (str(one["feature"]), (number(one.get("below")) or 0) + (number(one.get("above")) or 0), tracks, one)
        for one in items(found.get("most"))
        if one.get("feature") and (tracks := number(one.get("tracks")))
    ]
    if not rows:
        return None
    limit = number(found.get("limit")) or 3.0
    rows.sort(key=lambda row: -row[1] / row[2])
    name, far, tracks, _ = rows[0]
    highest = max(rows, key=lambda row: number(row[3].get("highest")) or 0)
    view = View(
        title=f"{name} has the longest tail of the librosa features: {percent(far / tracks)} of tracks lie beyond "
        f"{limit:g} standard deviations",
        caption=f"The {len(rows)} features with the largest share of tracks whose z-score is over {limit:g} or under "
        f"{MINUS}{limit:g}. Of these, {highest[0]} holds the value furthest above its mean: "
        f"{decimal(highest[3].get('highest'), 0)} standard deviations.",
        grid=Grid(
            columns("Feature", "Tracks", "Below", "Above", "Share", "Lowest z", "Highest z"),
            tuple(
                text_cells(
                    name,
                    *(count(given.get(key)) for key in ("tracks", "below", "above")),
                    percent(far / tracks, 2),
                    *(decimal(given.get(key), 1) for key in ("lowest", "highest")),
                )
                for name, far, tracks, given in rows
            ),
        ),
        **bars(
            [name for name, _, _, _ in rows],
            [far / tracks for _, far, tracks, _ in rows],
            [far_text(far, tracks, given) for _, far, tracks, given in rows],
            ["var(--accent)"] * len(rows),
            axis="Share of tracks beyond",
            is_share=True,
            short_texts=[f"{count(far)} · {percent(far / tracks)}" for _, far, tracks, _ in rows],
        ),
    )
    view.layout["xaxis"] |= {"range": [0, far / tracks * 1.4 or 1], "tickformat": ".1%"}
    touched, tracks_of, features, over = (
        count(found.get(key)) for key in ("touched", "tracks", "features", "over")
    )
    says = (
        f"{touched} of {tracks_of} tracks lie beyond {limit:g} standard deviations in at least one of {features} "
        f"features. In {over} features more do so than in a normal distribution ({percent(NORMAL, 2)})."
    )
    empty = number(found.get("empty"))
    return {
        "chart": single("far-librosa", view),
        "says": says
        + (f" {plural(round(empty), 'feature')} without a value in this source." if empty else ""),
    }
