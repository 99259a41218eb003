"""Charts of outlier values: their labels, and the librosa features with the longest tails."""

from genrelab.analyses.features.result import OutlierValues, WideFeatures
from genrelab.report.charts import bars
from genrelab.report.figure import Grid, View, columns, single, text_cells
from genrelab.report.page import Summary
from genrelab.report.wording import MINUS, count, decimal, percent, plural

NORMAL = 0.0027
"""Share of a normal distribution beyond three standard deviations."""


def outlier_text(found: OutlierValues) -> str:
    """Return the number and share of outliers, and whether they are above or below."""
    if not found.far:
        return "none"
    sides = (
        "all above"
        if not found.below
        else "all below"
        if not found.above
        else f"{count(found.below)} below, {count(found.above)} above"
    )
    return f"{count(found.far)}  ·  {percent(found.share)}  ·  {sides}"


def outlier_librosa(found: WideFeatures) -> Summary | None:
    """Return the text and the chart of the librosa features with the longest tails."""
    rows, limit = found.most, found.limit
    if not rows:
        return None
    first, highest = rows[0], max(rows, key=lambda one: one.highest or 0)
    view = View(
        title=f"{first.feature} has the longest tail of the librosa features: {percent(first.share)} of tracks lie "
        f"beyond {limit:g} standard deviations",
        caption=f"The {len(rows)} features with the largest share of tracks whose z-score is over {limit:g} or under "
        f"{MINUS}{limit:g}. {highest.feature} has the largest value above its mean: "
        f"{decimal(highest.highest, 0)} standard deviations.",
        grid=Grid(
            columns("Feature", "Tracks", "Below", "Above", "Share", "Lowest z", "Highest z"),
            tuple(
                text_cells(
                    one.feature,
                    *(count(value) for value in (one.tracks, one.below, one.above)),
                    percent(one.share, 2),
                    *(decimal(value, 1) for value in (one.lowest, one.highest)),
                )
                for one in rows
            ),
        ),
        **bars(
            [one.feature for one in rows],
            [one.share for one in rows],
            [outlier_text(one) for one in rows],
            ["var(--accent)"] * len(rows),
            axis="Share of tracks beyond the limit",
            is_share=True,
            short_texts=[f"{count(one.far)} · {percent(one.share)}" for one in rows],
        ),
    )
    view.layout["xaxis"] |= {"range": [0, first.share * 1.4 or 1], "tickformat": ".1%"}
    says = (
        f"{count(found.touched)} of {count(found.tracks)} tracks lie beyond {limit:g} standard deviations in at least "
        f"one of {count(found.features)} features. In {count(found.over)} features, this share is larger than "
        f"in a normal distribution ({percent(NORMAL, 2)})."
    )
    empty = found.empty
    return {
        "chart": single("far-librosa", view),
        "says": says + (f" {plural(empty, 'feature')} without any value in this source." if empty else ""),
    }
