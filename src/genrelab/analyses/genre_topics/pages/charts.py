"""Charts of the topics: pairs of genres, heat maps, shares of topics."""

from genrelab.analyses.genre_topics.names import (
    ACROSS,
)
from genrelab.analyses.genre_topics.result import GenreTopics, Pair, Together, Topic
from genrelab.report.charts import bars
from genrelab.report.figure import Cell, Chart, Column, Picker, View, single, table, table_of, text_column
from genrelab.report.heatmap import values_heat
from genrelab.report.wording import DASH, MINUS, count, decimal, percent, plural, times

MOST_TOPICS = 20
"""Topics that are drawn; the table has all of them."""
SHOWN_PAIRS = 15
HEAD, NAME_ROW = 80, 38
"""Height of a chart without its rows, and of a row whose name may take two lines, in CSS pixels."""
CLEAR = 0.3
"""Association from which a cell shows its value on a phone."""
NEW, OLD = "var(--accent)", "var(--quiet)"


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
