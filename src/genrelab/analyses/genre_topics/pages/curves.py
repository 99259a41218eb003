"""Curves of the topics: LSI's variance, numbers of topics, topics predicted from sound."""

from collections.abc import Sequence

from genrelab.analyses.genre_topics.document import KNN_TOPICS
from genrelab.analyses.genre_topics.names import (
    ALL_ROWS,
    ARTISTS,
    ECHONEST,
    LIBROSA,
    RANDOM,
    TOPICS,
    TRAINING_ROWS,
)
from genrelab.analyses.genre_topics.pages.charts import NEW, OLD
from genrelab.analyses.genre_topics.result import Curve, GenreTopics, Sound
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Column, View, single, table, table_of
from genrelab.report.wording import DASH, count, decimal, percent, plural

SOURCES = {LIBROSA: "librosa features", ECHONEST: "Echo Nest features"}
CURVES = {
    (RANDOM, ALL_ROWS): "Rows drawn at random, as in the student project",
    (ARTISTS, ALL_ROWS): "New artists, topics of all tracks",
    (ARTISTS, TRAINING_ROWS): "New artists, topics of the training tracks",
}
COLOURS = {(RANDOM, ALL_ROWS): OLD, (ARTISTS, ALL_ROWS): "var(--genre-pop)", (ARTISTS, TRAINING_ROWS): NEW}


def variance_chart(found: GenreTopics) -> Chart:
    """Draw the cumulative sum of singular values beside the cumulative variance."""
    values, variance = found.lsi.shares
    at = min(TOPICS, len(values))
    places = list(range(1, len(values) + 1))
    says = "%{x} topics: %{y:.1%}"
    steps = sorted({1, 4, 10, 30, at, min(133, len(values)), len(values)})
    view = View(
        title=f"{plural(at, 'topic')} hold {percent(variance[at - 1], 0)} of the variance of the genres, or "
        f"{percent(values[at - 1], 0)} of the sum of singular values",
        caption="LSI of the matrix of tracks and genres. The student project added up singular values; variance is"
        " the sum of "
        "their squares.",
        grid=table(
            ["Topics", "Sum of singular values", "Variance"],
            [
                [count(step), decimal(values[step - 1]), decimal(variance[step - 1])]
                for step in steps
                if step <= len(values)
            ],
        ),
        **lines(
            [
                Line(places, variance, says, name="Variance"),
                Line(places, values, says, name="Sum of singular values", colour=OLD, dash="dash"),
            ],
            across={"title": {"text": "Topics of LSI"}, "range": [0, len(values) + 1]},
            up={"title": {"text": "Cumulative share"}, "tickformat": ".0%", "range": [0, 1.03]},
            marks=[Mark(at, f"{at} topics", is_at_foot=True)],
        ),
    )
    return single("variance", view)


def completion_chart(found: GenreTopics) -> Chart | None:
    """Draw how hard a hidden genre is to guess, by the number of topics."""
    done = found.completion
    if done is None:
        return None
    numbers = done.numbers
    best = min(numbers, key=lambda one: one.perplexity.value)
    view = View(
        title=f"{plural(best.topics, 'topic')} guess a hidden genre best: as hard as choosing among "
        f"{decimal(best.perplexity.value, 0)} equally likely genres",
        caption=f"Perplexity of a hidden genre of {plural(done.tracks, 'track')} by {plural(done.artists, 'artist')} "
        "that were held out, given the track's other genres; less is better. Dashed: guessed by frequency.",
        grid=table_of(
            numbers,
            ("Topics", lambda one: count(one.topics)),
            (Column("Perplexity", "95 % interval"), lambda one: score_cell(one.perplexity, 1)),
            (
                Column("Log loss against the best", "95 % interval"),
                lambda one: Cell(
                    decimal(one.worse.value, 3, signed=True),
                    f"{decimal(one.worse.low, 3)} to {decimal(one.worse.high, 3)}",
                ),
            ),
        ),
        **lines(
            [
                Line(
                    [one.topics for one in numbers],
                    [one.perplexity.value for one in numbers],
                    "%{x} topics: %{y:.1f}",
                    name="Topics",
                    dots=8,
                ),
                Line(
                    [one.topics for one in numbers],
                    [done.baseline.value] * len(numbers),
                    "by frequency: %{y:.1f}",
                    name="By frequency",
                    colour=OLD,
                    dash="dash",
                ),
            ],
            across={"title": {"text": "Topics"}, "tickvals": [one.topics for one in numbers]},
            up={"title": {"text": "Perplexity"}, "rangemode": "tozero"},
        ),
    )
    return single("completion", view)


def score_cell(score: object, digits: int = 3) -> Cell:
    """Return a score with its interval below."""
    value, low, high = (getattr(score, name) for name in ("value", "low", "high"))
    if low is None:
        return Cell(decimal(value, digits))
    return Cell(decimal(value, digits), f"{decimal(low, digits)} to {decimal(high, digits)}")


def heard_chart(found: Sound) -> Chart:
    """Draw the Jaccard index of predicted topics by the number of neighbours."""
    by_key = {(one.split, one.fitted): one for one in found.curves}
    random, apart = by_key[RANDOM, ALL_ROWS], _apart(found.curves)
    title = f"Nearest neighbour, rows at random: {decimal(random.points[0].jaccard.value, 3)}"
    if apart is not None:
        title += f"; new artists: {decimal(apart.points[0].jaccard.value, 3)}"
    ks = [one.k for one in random.points]
    series = [
        Line(
            ks,
            [one.jaccard.value for one in curve.points],
            "k = %{x}: %{y:.3f}",
            name=CURVES[key],
            colour=COLOURS[key],
            dots=6,
            errors=[one.deviation for one in curve.points],
        )
        for key, curve in by_key.items()
    ]
    lowest = min(found.curves, key=lambda one: one.baseline.value) if apart is None else apart
    document = Line(
        ks,
        list(KNN_TOPICS[: len(ks)]),
        "the student project, k = %{x}: %{y:.3f}",
        name="The student project's figure",
        colour="var(--soft)",
        dash="dot",
    )
    baseline = Line(
        ks,
        [lowest.baseline.value] * len(ks),
        "most frequent topics: %{y:.3f}",
        name="Most frequent topics",
        colour=OLD,
        dash="dash",
    )
    view = View(
        title=title,
        caption="Mean Jaccard index of the topics of a track; bars are standard deviations over repeats. Half the "
        "votes "
        "are enough, so that even numbers of neighbours name more topics: the zigzag. Topics that were fitted to other "
        "tracks are other topics: compare each line with its own baseline. Dashed: the most frequent topics, for "
        "new artists."
        + (" The student project had 155 components of 518 features." if found.features == LIBROSA else ""),
        grid=table(
            ["Neighbours", "The student project", *(Column(CURVES[key], "95 % interval") for key in by_key)],
            [
                [
                    count(k),
                    decimal(KNN_TOPICS[place]) if place < len(KNN_TOPICS) else DASH,
                    *(score_cell(curve.points[place].jaccard) for curve in by_key.values()),
                ]
                for place, k in enumerate(ks)
            ]
            + [["Most frequent topics", DASH, *(score_cell(curve.baseline) for curve in by_key.values())]],
        ),
        **lines(
            [*series, *([document] if found.features == LIBROSA else []), baseline],
            across={"title": {"text": "Neighbours"}, "dtick": 1},
            up={"title": {"text": "Jaccard index"}, "rangemode": "tozero"},
        ),
    )
    return single(f"heard-{found.features}", view)


def _apart(curves: Sequence[Curve]) -> Curve | None:
    return next((one for one in curves if (one.split, one.fitted) == (ARTISTS, TRAINING_ROWS)), None)
