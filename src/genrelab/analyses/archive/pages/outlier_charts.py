"""Charts of outliers: features by both rules, what treatments do, and the tracks that are outliers most often."""

from genrelab.analyses.archive.outliers import DOCUMENT, DOCUMENT_TRACKS
from genrelab.analyses.archive.result import FeatureOutliers, Outliers, Treated, Trial
from genrelab.analyses.archive.treatments import CLIP, DROP, LEAVE, MEAN, MEDIAN, MISSING, ROBUST, Z
from genrelab.report.charts import intervals, pairs
from genrelab.report.figure import Cell, Chart, Column, Grid, View, genre_cell, single, table_of, text_column
from genrelab.report.wording import DASH, count, decimal, listing, percent, plural, points, sentence

TREATMENTS = {
    LEAVE: "left as they are",
    MISSING: "missing value",
    MEDIAN: "median",
    MEAN: "mean",
    CLIP: "clipped to the limit",
    DROP: "tracks dropped",
}
RULES = {Z: "z", ROBUST: "robust z", "": ""}
SHOWN = 20
TREATMENT_ROW = 46


def features_chart(found: Outliers) -> Chart | None:
    """Draw the share of outliers of each feature by both rules."""
    if not found.features:
        return None
    rows = sorted(found.features, key=lambda one: (-one.by_z.share, one.by_z.feature))[:SHOWN]
    more = sum((one.robust or 0) > one.by_z.far for one in found.features)
    view = View(
        title=f"The robust rule finds more outliers than the z-score in {more} of "
        f"{plural(len(found.features), 'feature')}",
        caption=f"Share of tracks beyond {found.limit:g}: hollow, standard deviations from the mean; full, "
        "the same from the median, in scaled median absolute deviations. The features with most by "
        "z-score. Outliers widen the standard deviation that they are measured by, and hide one "
        "another.",
        grid=table_of(
            rows,
            ("Feature", lambda one: one.by_z.feature),
            ("Tracks", lambda one: count(one.by_z.tracks)),
            ("By z", lambda one: count(one.by_z.far)),
            ("By robust z", lambda one: DASH if one.robust is None else count(one.robust)),
            (Column("Mean", "± standard deviation"), _mean),
            (
                Column("Median", "± scaled MAD"),
                lambda one: Cell(decimal(one.median, 2), f"± {decimal(one.spread, 2)}"),
            ),
            (
                Column("Smallest", "largest"),
                lambda one: Cell(decimal(one.minimum, 2), decimal(one.maximum, 2)),
            ),
            (text_column("Most often in", "of its tracks"), _home),
        ),
        **pairs(
            [one.by_z.feature for one in rows],
            [one.by_z.share for one in rows],
            [(one.robust or 0) / one.by_z.tracks for one in rows],
            ["var(--accent)"] * len(rows),
            before_name="z-score",
            after_name="robust z",
            axis="Share of tracks beyond the limit",
        ),
    )
    top = max(max(one.by_z.share, (one.robust or 0) / one.by_z.tracks) for one in rows) or 1
    view.layout["xaxis"]["range"] = [-0.02 * top, top * 1.08]
    view.layout["xaxis"]["tickformat"] = ".1%"
    return single("outlier-features", view)


def _mean(one: FeatureOutliers) -> Cell:
    return Cell(decimal(one.by_z.mean, 2), f"± {decimal(one.by_z.deviation, 2)}")


def _home(one: FeatureOutliers) -> Cell | str:
    home = one.by_z.home
    if home is None:
        return DASH
    return genre_cell(home.genre or "no single root", f"{count(home.tracks)} of {count(home.of)}")


def document_text(found: Outliers) -> str:
    """Say which feature the student project means, and what it has here."""
    low, middle, high = DOCUMENT
    given = found.document
    text = (
        "The student project takes the second column of features.csv, a kurtosis with values from "
        f"{decimal(low, 2)} to {count(high)} around a median of {decimal(middle, 2)}, and finds "
        f"{DOCUMENT_TRACKS} of 106,574 tracks beyond three standard deviations. By its place that is "
        f"{given.named}"
    )
    if given.found:
        text += f"; by these values it is {listing(list(given.found))}"
        one = next(one for one in found.features if one.by_z.feature == given.found[0])
        return f"{text}, with {plural(one.by_z.far, 'track')} beyond here."
    if not given.is_there:
        return f"{text}, which has no value in this copy of features.csv: the count cannot be repeated."
    one = next(one for one in found.features if one.by_z.feature == given.named)
    return (
        f"{text}. Here its values go from {decimal(one.minimum, 2)} to {decimal(one.maximum, 2)} around "
        f"{decimal(one.median, 2)}, so the file is another one; {plural(one.by_z.far, 'track')} lie beyond."
    )


def treatments_chart(found: Trial) -> Chart | None:
    """Draw the change of the log loss that each treatment makes on the validation part."""
    rows = [one for one in found.treatments if one.rule]
    if not rows:
        return None
    rows.sort(key=lambda one: one.log_loss_change.value)
    best = rows[0]
    if best.log_loss_change.is_negative:
        fall = decimal(-best.log_loss_change.value)
        title = f"{sentence(_name(best))}: the log loss falls by {fall}, with an interval below 0"
    elif all(not one.log_loss_change.is_positive for one in rows):
        title = "No treatment changes the log loss beyond chance: leave outliers as they are"
    else:
        title = "No treatment lowers the log loss beyond chance, some raise it"
    view = View(
        title=title,
        caption="Change of the log loss on the validation part against leaving outliers as they are, with "
        f"its 95 % interval over artists; below 0 is better. Logistic regression of the top genre. {len(rows)} "
        "treatments are compared, and one interval in twenty misses 0 by chance.",
        grid=table_of(
            sorted(found.treatments, key=lambda one: one.log_loss.value),
            (text_column("Outliers"), _name),
            (
                Column("Changed", "cells; dropped: tracks"),
                lambda one: percent(one.changed) if one.rule else DASH,
            ),
            ("Training tracks", lambda one: count(one.rows)),
            (
                Column("Accuracy", "95 % interval"),
                lambda one: _score(one.accuracy.value, one.accuracy.low, one.accuracy.high),
            ),
            (Column("Change", "95 % interval"), _accuracy_change),
            ("Log loss", lambda one: decimal(one.log_loss.value)),
            (Column("Change", "95 % interval"), _loss_change),
        ),
        **intervals(
            [_name(one) for one in rows],
            [one.log_loss_change.value for one in rows],
            [one.log_loss_change.low for one in rows],
            [one.log_loss_change.high for one in rows],
            [decimal(one.log_loss_change.value, signed=True) for one in rows],
            ["var(--accent)"] * len(rows),
            axis="Change of the log loss, nats",
            is_share=False,
            lines=[(0.0, "left as they are")],
        ),
    )
    return single(
        "treatments", View(**{**vars(view), "height": 110 + TREATMENT_ROW * len(rows)}), shows_numbers=True
    )


def _name(one: Treated) -> str:
    name = TREATMENTS[one.treatment]
    return f"{name}, {RULES[one.rule]}" if one.rule else name


def _score(value: float, low: float | None, high: float | None) -> Cell:
    ends = "" if low is None or high is None else f"{decimal(low * 100, 1)} to {decimal(high * 100, 1)}"
    return Cell(percent(value), ends)


def _accuracy_change(one: Treated) -> Cell | str:
    change = one.accuracy_change
    return Cell(points(change.value), f"{points(change.low)} to {points(change.high)}") if one.rule else DASH


def _loss_change(one: Treated) -> Cell | str:
    change = one.log_loss_change
    if not one.rule:
        return DASH
    ends = f"{decimal(change.low, signed=True)} to {decimal(change.high, signed=True)}"
    return Cell(decimal(change.value, signed=True), ends)


def outlier_table(found: Outliers) -> Grid | None:
    """Return the tracks that are outliers in most features."""
    if not found.far:
        return None
    return table_of(
        found.far,
        ("Track", lambda one: Cell(one.track or f"track {one.track_id}", one.artist)),
        (text_column("Genre"), lambda one: genre_cell(one.genre or "no single root")),
        ("Features", lambda one: count(one.features)),
        (text_column("Farthest in"), lambda one: one.most),
        ("z there", lambda one: decimal(one.score, 1, signed=True)),
    )
