"""What the page of the predictions draws: shares said and heard, surprises, what the unlabelled sound like.

Conventions: facts are those of one model by `genrelab.surprises`; what is not there is left out. Said is what
people say (a rule set, or FMA's top genre), heard is what the champion predicts.

What the page says around these belongs to `genrelab.report.pages.predictions`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.charts import bars, pairs
from genrelab.report.exploration import items
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, single, text_cells
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import DASH, count, listing, number, percent, plural, points, said, sentence

ALL = "all"
ACROSS_GENRES = 15
"""Surprises shown where no genre was picked."""

TITLE_ROW = 42
"""Height of a row whose name may take two lines, in CSS pixels."""

SHOWN_WORDS = 6
"""Micro-genres shown of one track."""

Model = Mapping[str, Any]


def who_says(model: Model) -> str:
    """Who gave the labels, as the subject of a sentence in the plural."""
    return f"the {model['rule_set']} rules" if model.get("rule_set") else "FMA's top genres"


def words_name(model: Model) -> str:
    """What the labels of a track's artist are called."""
    return "Micro-genres" if model.get("rule_set") else "Genres given"


def shares_chart(model: Model) -> Chart | None:
    """Share of each genre as people say and as the champion hears, on tracks it was not fitted on."""
    rows = [
        (str(one["genre"]), number(one.get("labelled")) or 0.0, number(one.get("predicted")) or 0.0)
        for one in items(model.get("genres"))
        if one.get("genre")
    ]
    tracks = sum(labelled for _, labelled, _ in rows)
    if not tracks:
        return None
    names = [name for name, labelled, predicted in rows if labelled or predicted]
    before = {name: labelled / tracks for name, labelled, _ in rows}
    after = {name: predicted / tracks for name, _, predicted in rows}
    most = max(names, key=lambda name: abs(after[name] - before[name]))
    verb = "more" if after[most] > before[most] else "less"
    title = (
        f"The champion hears {most} {verb} often than people say it: {percent(after[most])} of tracks, "
        f"not {percent(before[most])}"
        if after[most] != before[most]
        else "The champion hears every genre as often as people say it"
    )
    view = View(
        title=title,
        caption=f"{plural(round(tracks), 'labelled track')} that the champion was not fitted on. Hollow: the share by "
        f"{who_says(model)}; full: the share that the champion hears.",
        grid=Grid(
            columns(
                "Genre", Column("Said", "share of tracks"), Column("Heard", "share of tracks"), "Difference"
            ),
            tuple(
                text_cells(
                    Cell(name, swatch=genre_colour(name)),
                    percent(before[name]),
                    percent(after[name]),
                    points(after[name] - before[name]),
                )
                for name in names
            ),
        ),
        **pairs(
            names,
            [before[name] for name in names],
            [after[name] for name in names],
            [genre_colour(name) for name in names],
            before_name="said",
            after_name="heard",
            axis="Share of these tracks",
        ),
    )
    return single(f"shares-{slug(str(model.get('model')))}", view)


def surprises_chart(model: Model) -> Chart | None:
    """Tracks whose label the champion denies, the surest first: all genres, or one that it hears."""
    found = [one for one in items(model.get("surprises")) if number(one.get("probability")) is not None]
    found.sort(key=lambda one: -float(one["probability"]))
    if not found:
        return None
    genres = list(dict.fromkeys(str(one.get("genre")) for one in found))
    order = [str(one.get("genre")) for one in items(model.get("genres"))]
    genres.sort(key=lambda genre: order.index(genre) if genre in order else len(order))
    views = {ALL: _surprises_view(model, found[:ACROSS_GENRES], "")}
    views |= {
        slug(genre): _surprises_view(model, [one for one in found if one.get("genre") == genre], genre)
        for genre in genres
    }
    options = ((ALL, "All genres"), *((slug(genre), genre) for genre in genres))
    name = f"surprises-{slug(str(model.get('model')))}"
    return Chart(name, views, (Picker("Sounds like", options),), shows_numbers=True)


def _surprises_view(model: Model, rows: Sequence[Mapping[str, Any]], genre: str) -> View:
    first = rows[0]
    heard, label = said(first.get("genre")), said(first.get("label"))
    title = (
        f"{said(first.get('track'))} by {said(first.get('artist'))}: {percent(first['probability'], 0)} {heard}, "
        f"says the champion; {who_says(model)} say {label}"
    )
    of = (
        f"{genre} that {who_says(model)} call something else"
        if genre
        else f"genres that {who_says(model)} deny"
    )
    drawing = pairs(
        [said(one.get("track")) for one in rows],
        [number(one.get("label_probability")) or 0.0 for one in rows],
        [float(one["probability"]) for one in rows],
        [genre_colour(one.get("genre")) for one in rows],
        before_name="the genre that people say",
        after_name="the genre that it hears",
        axis="Probability by the champion",
    )
    drawing["height"] = 120 + TITLE_ROW * len(rows)
    return View(
        title=title,
        caption=f"Tracks that sound like {of}, the surest first; the champion was not fitted on any of them. "
        "Full: the probability of the genre that it hears; hollow: of the genre that people say.",
        grid=Grid(
            columns(
                Column("Track", "artist", is_number=False),
                Column("Heard", "probability", is_number=False),
                Column("Said", "probability", is_number=False),
                Column(words_name(model), _decided_by(model), is_number=False),
            ),
            tuple(_surprise_row(one) for one in rows),
        ),
        **drawing,
    )


def _decided_by(model: Model) -> str:
    return "and the rule that decided" if model.get("rule_set") else "by the artist"


def _surprise_row(one: Mapping[str, Any]) -> tuple[Cell, ...]:
    rule, micro_genre = one.get("rule"), one.get("micro_genre")
    decided = f"rule {rule}, by {micro_genre}" if rule and micro_genre else ""
    label_probability = number(one.get("label_probability"))
    return (
        Cell(said(one.get("track")), below=said(one.get("artist"), "")),
        Cell(
            said(one.get("genre")),
            below=percent(one.get("probability")),
            swatch=genre_colour(one.get("genre")),
        ),
        Cell(
            said(one.get("label")),
            below=percent(label_probability) if label_probability is not None else "not a genre it knows",
            swatch=genre_colour(one.get("label")),
        ),
        Cell(words_of(one), below=decided),
    )


def words_of(one: Mapping[str, Any]) -> str:
    """The micro-genres of a track in a line."""
    words = [str(word) for word in one.get("micro_genres") or []]
    more = len(words) - SHOWN_WORDS
    return ", ".join(words[:SHOWN_WORDS]) + (f" and {more} more" if more > 0 else "") or DASH


def unlabelled_chart(model: Model) -> Chart | None:
    """What the tracks without a label sound like."""
    rows = [
        (str(one["genre"]), tracks)
        for one in items(model.get("genres"))
        if one.get("genre") and (tracks := number(one.get("unlabelled")))
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: -row[1])
    total = sum(tracks for _, tracks in rows)
    first = [name for name, _ in rows[:2]]
    share = percent(sum(tracks for _, tracks in rows[:2]) / total, 0)
    view = View(
        title=f"{sentence(listing(first))}: what {share} of the tracks without a label sound like",
        caption=f"{plural(round(total), 'track')} without a label, by the genre that the champion hears.",
        grid=Grid(
            columns("Sounds like", "Tracks", "Share"),
            tuple(
                text_cells(Cell(name, swatch=genre_colour(name)), count(tracks), percent(tracks / total))
                for name, tracks in rows
            ),
        ),
        **bars(
            [name for name, _ in rows],
            [tracks for _, tracks in rows],
            [f"{count(tracks)}  ·  {percent(tracks / total)}" for _, tracks in rows],
            [genre_colour(name) for name, _ in rows],
            axis="Tracks without a label",
        ),
    )
    return single(f"unlabelled-{slug(str(model.get('model')))}", view)


def micro_genre_table(model: Model) -> Grid | None:
    """The micro-genres of the tracks without a label, with the genre that most of these tracks sound like."""
    rows = [one for one in items(model.get("unlabelled_micro_genres")) if one.get("micro_genre")]
    if not rows:
        return None
    return Grid(
        columns(
            words_name(model),
            "Tracks",
            Column("Most sound like", is_number=False),
            Column("Of its tracks"),
        ),
        tuple(
            text_cells(
                str(one["micro_genre"]),
                count(one.get("tracks")),
                Cell(said(one.get("genre")), swatch=genre_colour(one.get("genre"))),
                percent(one.get("share"), 0),
            )
            for one in rows
        ),
        caption="Those of most tracks without a label; a track with several counts for each.",
    )


def examples_table(model: Model) -> Grid | None:
    """Tracks without a label that the champion is surest of."""
    rows = [one for one in items(model.get("unlabelled_examples")) if one.get("track")]
    if not rows:
        return None
    rows.sort(key=lambda one: -(number(one.get("probability")) or 0.0))
    return Grid(
        columns(
            Column("Track", "artist", is_number=False),
            Column("Sounds like", "probability", is_number=False),
            Column(words_name(model), is_number=False),
        ),
        tuple(
            (
                Cell(said(one.get("track")), below=said(one.get("artist"), "")),
                Cell(
                    said(one.get("genre")),
                    below=percent(one.get("probability")),
                    swatch=genre_colour(one.get("genre")),
                ),
                Cell(words_of(one)),
            )
            for one in rows
        ),
        caption="The surest of each genre, the surest of all first.",
    )
