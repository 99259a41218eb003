"""Charts of the topics: pairs of genres, heat maps, LSI's variance, numbers of topics, topics predicted from sound."""

from collections.abc import Sequence

from genrelab.analyses.genre_topics.document import KNN_TOPICS
from genrelab.analyses.genre_topics.names import (
    ACROSS,
    ALL_ROWS,
    ARTISTS,
    ECHONEST,
    LIBROSA,
    RANDOM,
    TOPICS,
    TRAINING_ROWS,
)
from genrelab.analyses.genre_topics.result import Curve, GenreTopics, Pair, Sound, Together, Topic
from genrelab.report.charts import bars
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Column, Picker, View, single, table, table_of, text_column
from genrelab.report.heatmap import values_heat
from genrelab.report.wording import DASH, MINUS, count, decimal, percent, plural

MOST_TOPICS = 20
"""Topics that are drawn; the table has all of them."""
SHOWN_PAIRS = 15
HEAD, NAME_ROW = 80, 38
"""Height of a chart without its rows, and of a row whose name may take two lines, in CSS pixels."""
CLEAR = 0.3
"""Association from which a cell shows its value on a phone."""
NEW, OLD = "var(--accent)", "var(--quiet)"
SOURCES = {LIBROSA: "librosa features", ECHONEST: "Echo Nest features"}
CURVES = {
    (RANDOM, ALL_ROWS): "Rows drawn at random, as in the document",
    (ARTISTS, ALL_ROWS): "New artists, topics of all tracks",
    (ARTISTS, TRAINING_ROWS): "New artists, topics of the training tracks",
}
COLOURS = {(RANDOM, ALL_ROWS): OLD, (ARTISTS, ALL_ROWS): "var(--genre-pop)", (ARTISTS, TRAINING_ROWS): NEW}


def pairs_chart(found: GenreTopics) -> Chart | None:
    """Draw the pairs of genres that go together most beyond chance and the tree."""
    pairs = found.pairs[:SHOWN_PAIRS]
    if not pairs:
        return None
    most = pairs[0]
    drawing = bars(
        [f"{one.first} + {one.second}" for one in pairs],
        [one.npmi for one in pairs],
        [f"{decimal(one.npmi, 2)}  ·  {times(one.lift.value)} chance" for one in pairs],
        [NEW if one.relation == ACROSS else OLD for one in pairs],
        axis="Association (normalised pointwise mutual information)",
        short_texts=[decimal(one.npmi, 2) for one in pairs],
    )
    drawing["height"] = HEAD + NAME_ROW * len(pairs)
    view = View(
        title=f"{most.first} and {most.second} go together {times(most.lift.value)} as often as by chance",
        caption="Normalised pointwise mutual information: 0 as by chance, 1 never without each other; every artist "
        "counts once. Coloured: genres of different families; grey: below the same root of the tree.",
        grid=table_of(
            found.pairs,
            (text_column("Genres"), lambda one: Cell(f"{one.first} + {one.second}", one.relation)),
            ("Artists", lambda one: count(one.artists)),
            (Column("Times chance", "95 % interval"), _lift_cell),
            ("Association", lambda one: decimal(one.npmi, 2)),
        ),
        **drawing,
    )
    return single("pairs", view)


def times(lift: float) -> str:
    """Return a lift in words.

    >>> times(14.16), times(1.24)
    ('14 times', '1.2 times')
    """
    return f"{decimal(lift, 0 if lift >= 10 else 1)} times"  # noqa: PLR2004 - from ten on, tenths say nothing


def _lift_cell(pair: Pair) -> Cell:
    lift = pair.lift
    if lift.low is None or lift.high is None:
        return Cell(decimal(lift.value, 1))
    return Cell(decimal(lift.value, 1), f"{decimal(lift.low, 1)} to {decimal(lift.high, 1)}")


def together_chart(found: GenreTopics) -> Chart | None:
    """Draw which families, and which genres of the strongest pairs, go together."""
    drawn = {"families": found.families, "genres": found.together}
    views = {key: _together_view(one) for key, one in drawn.items() if len(one.genres) > 1}
    if not views:
        return None
    texts = {"families": "Families: roots of the tree", "genres": "Genres of the strongest pairs"}
    return Chart("together", views, (Picker("Genres", tuple((key, texts[key]) for key in views)),))


def _together_view(found: Together) -> View:
    names, places = found.genres, range(len(found.genres))
    pairs = [
        (value, row, column)
        for row in places
        for column in range(row)
        if (value := found.npmi[row][column]) is not None
    ]
    drawing = values_heat(
        names,
        [[name] for name in names],
        found.npmi,
        [["" if value is None else _hundredths(value) for value in row] for row in found.npmi],
        [
            [
                f"{names[row]} + {names[column]}: {decimal(found.npmi[row][column], 2)}, "
                f"{plural(found.artists[row][column], 'artist')}"
                for column in places
            ]
            for row in places
        ],
        short_texts=[
            [_hundredths(value) if value is not None and abs(value) >= CLEAR else "" for value in row]
            for row in found.npmi
        ],
        is_signed=True,
    )
    drawing["layout"]["xaxis"]["tickangle"] = -40
    title = "No two of these genres can be compared"
    if pairs:
        _, row, column = max(pairs)
        _, low, other = min(pairs)
        title = f"{names[row]} and {names[column]} go together most, {names[low]} and {names[other]} least"
    return View(
        title=title,
        caption="Association in hundredths: 0 as by chance, 100 never without each other, below 0 they avoid each "
        "other; every artist counts once. Neighbours in the map go with the same genres. Empty: one lies above the "
        "other.",
        grid=table(
            ["Genre", *names],
            [
                [name, *(DASH if value is None else decimal(value, 2) for value in row)]
                for name, row in zip(names, found.npmi, strict=True)
            ],
        ),
        **drawing,
    )


def _hundredths(value: float) -> str:
    return f"{value * 100:.0f}".replace("-0", "0").replace("-", MINUS)


def topics_chart(found: GenreTopics) -> Chart:
    """Draw the share of the largest topics."""
    topics = [one for one in found.topics if one.main][:MOST_TOPICS]
    first = topics[0]
    drawing = bars(
        [f"{one.number}. {one.name}" for one in topics],
        [one.share for one in topics],
        [f"{percent(one.share)}  ·  {plural(one.tracks, 'track')}" for one in topics],
        [NEW] * len(topics),
        axis="Share of the archive",
        is_share=True,
        short_texts=[percent(one.share) for one in topics],
    )
    drawing["height"] = HEAD + NAME_ROW * len(topics)
    view = View(
        title=f"The largest topic is {first.name}: {percent(first.share)} of the archive",
        caption="Mean probability of each topic over all tracks with genres; the names are the genres of the largest "
        "weights. The table has all topics.",
        grid=table_of(
            found.topics,
            (text_column("Topic", "its genres and their weights"), _topic_cell),
            (Column("Share", "tracks"), lambda one: Cell(percent(one.share), count(one.tracks))),
            (
                text_column("Families"),
                lambda one: ", ".join(f"{root.genre} {percent(root.weight, 0)}" for root in one.roots),
            ),
        ),
        **drawing,
    )
    return single("topics", view)


def _topic_cell(one: Topic) -> Cell:
    return Cell(
        f"{one.number}. {one.name}",
        ", ".join(f"{weight.genre} {decimal(weight.weight, 2)}" for weight in one.weights),
    )


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
        caption="LSI of the matrix of tracks and genres. The document added up singular values; variance is the sum of "
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
        "document, k = %{x}: %{y:.3f}",
        name="The document's figure",
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
        + (" The document had 155 components of 518 features." if found.features == LIBROSA else ""),
        grid=table(
            ["Neighbours", "The document", *(Column(CURVES[key], "95 % interval") for key in by_key)],
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
