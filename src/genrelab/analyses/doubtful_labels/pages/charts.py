"""Charts of the audit: doubtful tracks, doubts by label, the confident joint, the effect of dropping doubts.

The text around the charts belongs in `doubtful_labels`.
"""

from collections.abc import Sequence

from genrelab.analyses.doubtful_labels.names import ALL, DROPPED, HALVED, OFF_LABEL
from genrelab.analyses.doubtful_labels.result import Chance, DoubtfulTrack, Effect, TaskDoubts
from genrelab.evaluation.results import Difference
from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    genre_cell,
    single,
    table,
    table_of,
    text_column,
)
from genrelab.report.heatmap import FEW, PALE, heat
from genrelab.report.listen import listen_link
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import DASH, count, decimal, percent, plural, points, sentence

EVERY = "all"
ACROSS_LABELS = 15
"""Tracks shown when no label is selected."""

TITLE_ROW = 42
"""Height of a row whose name may take two lines, in CSS pixels."""

NAMES = {
    ALL: "All training rows",
    DROPPED: "Doubtful rows dropped",
    HALVED: "Doubtful rows at half weight",
    OFF_LABEL: "Rows attributed to another genre dropped",
}
"""Names of the variants."""


def tracks_chart(found: TaskDoubts) -> Chart | None:
    """Draw the most doubtful tracks: of all labels, or of one."""
    tracks = found.tracks
    if not tracks:
        return None
    labels = [one.genre for one in found.genres if any(track.label == one.genre for track in tracks)]
    views = {EVERY: _tracks_view(tracks[:ACROSS_LABELS], "", found.table)}
    views |= {
        slug(label): _tracks_view([one for one in tracks if one.label == label], label, found.table)
        for label in labels
    }
    options = ((EVERY, "All labels"), *((slug(label), label) for label in labels))
    return Chart(f"doubts-{slug(found.task)}", views, (Picker("Label", options),), shows_numbers=True)


def _tracks_view(rows: Sequence[DoubtfulTrack], label: str, table_name: str) -> View:
    first = rows[0]
    drawing = pairs(
        [one.track for one in rows],
        [one.label_probability for one in rows],
        [one.suggested_probability for one in rows],
        [genre_colour(one.suggested) for one in rows],
        before_name="label",
        after_name="suggested genre",
        axis="Probability, by tracks of other artists",
        before_colours=[genre_colour(one.label) for one in rows],
    )
    drawing["height"] = 120 + TITLE_ROW * len(rows)
    return View(
        title=f"{first.track} by {first.artist} is labelled {first.label}, and sounds like {first.suggested} "
        f"({percent(first.suggested_probability, 0)})",
        caption=f"The most doubtful tracks{f' labelled {label}' if label else ' of all labels'}. Full dots: probability"
        " of the suggested genre, in its colour; hollow dots: of the label, in the colour of that. The model was fitted"
        " on other artists. The titles in the numbers lead to where the track can be heard.",
        grid=table_of(
            rows,
            (
                text_column("Track", "artist"),
                lambda one: Cell(
                    one.track, one.artist, link=listen_link(table_name, one.track_id, one.artist, one.track)
                ),
            ),
            (
                text_column("Why its label is doubtful"),
                lambda one: Cell(sentence("; ".join(one.reasons)), swatch=genre_colour(one.label)),
            ),
        ),
        **drawing,
    )


def genres_chart(found: TaskDoubts) -> Chart:
    """Draw the share of doubtful labels of each genre."""
    rows = sorted(found.genres, key=lambda one: (-one.doubtful / one.rows, one.genre))
    most = rows[0]
    share = most.doubtful / most.rows
    title = (
        f"Tracks labelled {most.genre} are doubted most often: {percent(share)} of them, "
        f"{percent(found.doubts.found / found.audited)} of all tracks"
        if most.doubtful
        else "No label is doubtful"
    )
    view = View(
        title=title,
        caption="Share of the tracks of each label that sound clearly like another genre, and hardly like their own.",
        grid=table_of(
            rows,
            ("Label", lambda one: genre_cell(one.genre)),
            ("Tracks", lambda one: count(one.rows)),
            ("Doubtful", lambda one: count(one.doubtful)),
            ("Share", lambda one: percent(one.doubtful / one.rows)),
            (
                text_column("Suggested most often", "tracks"),
                lambda one: genre_cell(one.suggested, count(one.suggested_rows)) if one.suggested else DASH,
            ),
        ),
        **bars(
            [one.genre for one in rows],
            [one.doubtful / one.rows for one in rows],
            [f"{percent(one.doubtful / one.rows)}  ·  {count(one.doubtful)}" for one in rows],
            [genre_colour(one.genre) for one in rows],
            axis="Share of the tracks of the label",
            is_share=True,
        ),
    )
    return single(f"labels-{slug(found.task)}", view)


def joint_chart(found: TaskDoubts) -> Chart:
    """Draw the share of each label that confident learning attributes to each genre."""
    names = [one.genre for one in found.genres]
    off = [
        (one.rows >= FEW, share, one.genre, other)
        for one, row in zip(found.genres, found.joint, strict=True)
        for other, share in zip(names, row, strict=True)
        if other != one.genre
    ]
    _, share, label, other = max(off)  # a label of few tracks only where there is no other
    counts = [[share * one.rows for share in row] for one, row in zip(found.genres, found.joint, strict=True)]
    view = View(
        title=f"The largest estimated confusion: {percent(share, 0)} of the tracks labelled {label} are attributed to "
        f"{other}",
        caption="Each row is a label, each column the genre that confident learning attributes its tracks to; shares "
        "of the row, estimated tracks below. Genres that sound alike look the same here as wrong"
        f" labels. {PALE}",
        grid=table(
            ["Label", *names],
            [
                [genre_cell(label), *(percent(share, 0) for share in row)]
                for label, row in zip(names, found.joint, strict=True)
            ],
        ),
        **heat(
            names,
            names,
            found.joint,
            counts,
            row_axis="Label",
            column_axis="Attributed to",
            reads="Labelled {row}, attributed to {column}",
        ),
    )
    return single(f"joint-{slug(found.task)}", view)


def effects_chart(found: TaskDoubts) -> Chart | None:
    """Draw the change of the log loss on new artists when doubts change the training rows."""
    changed = [one for one in found.trial.effects if one.variant != ALL]
    if not changed:
        return None
    first = changed[0]
    view = View(
        title=f"{NAMES[first.variant]}: the log loss on new artists {_verdict(first.log_loss_change)}",
        caption=f"Change of the log loss against a model fitted on all training rows, with its 95 % interval, artists "
        f"as clusters; above 0 is worse. {plural(found.trial.rows, 'track')} of whole artists; doubts are found inside "
        "the training rows alone.",
        grid=table_of(
            found.trial.effects,
            ("Training rows", lambda one: NAMES[one.variant]),
            ("Changed", lambda one: percent(one.changed)),
            ("Log loss", lambda one: decimal(one.log_loss)),
            (Column("Change", "95 % interval"), lambda one: _change(one, one.log_loss_change)),
            ("Accuracy", lambda one: percent(one.accuracy)),
            (Column("Change", "95 % interval"), lambda one: _change_in_points(one, one.accuracy_change)),
        ),
        **intervals(
            [NAMES[one.variant] for one in changed],
            [one.log_loss_change.value for one in changed],
            [one.log_loss_change.low for one in changed],
            [one.log_loss_change.high for one in changed],
            [decimal(one.log_loss_change.value, signed=True) for one in changed],
            ["var(--accent)"] * len(changed),
            axis="Change of the log loss, nats",
            is_share=False,
            lines=[(0.0, NAMES[ALL])],
        ),
    )
    return single(f"effect-{slug(found.task)}", view, shows_numbers=True)


def _verdict(change: Difference) -> str:
    """Say what a change of the log loss amounts to."""
    by = f"{decimal(change.low, signed=True)} to {decimal(change.high, signed=True)}"
    if change.is_positive:
        return f"gets worse ({by})"
    if change.is_negative:
        return f"gets better ({by})"
    return f"does not change beyond chance ({by})"


def _change(effect: Effect, change: Difference) -> Cell | str:
    if effect.variant == ALL:
        return DASH
    return Cell(
        decimal(change.value, signed=True),
        f"{decimal(change.low, signed=True)} to {decimal(change.high, signed=True)}",
    )


def _change_in_points(effect: Effect, change: Difference) -> Cell | str:
    if effect.variant == ALL:
        return DASH
    return Cell(points(change.value), f"{points(change.low)} to {points(change.high)}")


def chance_table(found: TaskDoubts) -> Grid:
    """Return how many labels are doubted, and how many would be without any error or with random labels."""

    def row(name: str, chance: Chance) -> list[object]:
        excess = chance.excess
        return [
            name,
            count(chance.found),
            count(chance.overlap),
            count(chance.random),
            Cell(_signed(excess.value), f"{_signed(excess.low)} to {_signed(excess.high)}"),
        ]

    return table(
        [
            "Counted",
            "Found",
            Column("Expected", "genres sound alike"),
            Column("Expected", "random labels"),
            Column("More than alike", "95 % interval"),
        ],
        [
            row("Doubtful", found.doubts),
            row("Attributed to another genre", found.off_label),
        ],
    )


def _signed(value: float | None) -> str:
    return decimal(value, 0, signed=True)
