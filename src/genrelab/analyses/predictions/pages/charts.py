"""What the page of the predictions draws: shares said and heard, surprises, what the unlabelled sound like.

What the page says around these belongs to `predictions`.
"""

from collections.abc import Callable, Sequence

from genrelab.analyses.predictions.result import PredictedTrack, TaskPredictions
from genrelab.report.charts import bars, pairs
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    genre_cell,
    single,
    table_of,
    text_column,
)
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import DASH, count, listing, percent, plural, points, sentence, text_or_dash

ALL = "all"
ACROSS_GENRES = 15
"""Surprises shown where no genre was picked."""

TITLE_ROW = 42
"""Height of a row whose name may take two lines, in CSS pixels."""

SHOWN_WORDS = 6
"""Micro-genres shown of one track."""


def who_says(found: TaskPredictions) -> str:
    """Who gave the labels, as the subject of a sentence in the plural."""
    return f"the {found.rule_set} rules" if found.rule_set else "FMA's top genres"


def words_name(found: TaskPredictions) -> str:
    """What the labels of a track's artist are called."""
    return "Micro-genres" if found.rule_set else "Genres given"


def shares_chart(found: TaskPredictions) -> Chart | None:
    """Share of each genre as people say and as the champion hears, on tracks it was not fitted on."""
    if not found.judged:
        return None
    names = [one.genre for one in found.genres if one.labelled or one.predicted]
    before = {one.genre: one.labelled / found.judged for one in found.genres}
    after = {one.genre: one.predicted / found.judged for one in found.genres}
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
        caption=f"{plural(found.judged, 'labelled track')} that the champion was not fitted on. Hollow: the share by "
        f"{who_says(found)}; full: the share that the champion hears.",
        grid=table_of(
            names,
            ("Genre", genre_cell),
            (Column("Said", "share of tracks"), lambda name: percent(before[name])),
            (Column("Heard", "share of tracks"), lambda name: percent(after[name])),
            ("Difference", lambda name: points(after[name] - before[name])),
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
    return single(f"shares-{slug(found.model)}", view)


def surprises_chart(found: TaskPredictions) -> Chart | None:
    """Tracks whose label the champion denies, the surest first: all genres, or one that it hears."""
    surprises = surest(found.surprises)
    if not surprises:
        return None
    heard = {one.genre for one in surprises}
    genres = [one.genre for one in found.genres if one.genre in heard]
    views = {ALL: _surprises_view(found, surprises[:ACROSS_GENRES], "")}
    views |= {
        slug(genre): _surprises_view(found, [one for one in surprises if one.genre == genre], genre)
        for genre in genres
    }
    options = ((ALL, "All genres"), *((slug(genre), genre) for genre in genres))
    return Chart(
        f"surprises-{slug(found.model)}", views, (Picker("Sounds like", options),), shows_numbers=True
    )


def surest(tracks: Sequence[PredictedTrack]) -> list[PredictedTrack]:
    """The tracks, those of the highest probability first."""
    return sorted(tracks, key=lambda one: -one.probability)


def _surprises_view(found: TaskPredictions, rows: Sequence[PredictedTrack], genre: str) -> View:
    first, who = rows[0], who_says(found)
    of = f"{genre} that {who} call something else" if genre else f"genres that {who} deny"
    drawing = pairs(
        [text_or_dash(one.track) for one in rows],
        [one.label_probability or 0.0 for one in rows],
        [one.probability for one in rows],
        [genre_colour(one.genre) for one in rows],
        before_name="the genre that people say",
        after_name="the genre that it hears",
        axis="Probability by the champion",
    )
    drawing["height"] = 120 + TITLE_ROW * len(rows)
    return View(
        title=f"{text_or_dash(first.track)} by {text_or_dash(first.artist)}: "
        f"{percent(first.probability, 0)} {first.genre}, says the champion; {who} say {text_or_dash(first.label)}",
        caption=f"Tracks that sound like {of}, the surest first; the champion was not fitted on any of them. "
        "Full: the probability of the genre that it hears; hollow: of the genre that people say.",
        grid=table_of(
            rows,
            *heard_columns("Heard"),
            (text_column("Said", "probability"), _said_cell),
            (
                text_column(
                    words_name(found), "and the rule that decided" if found.rule_set else "by the artist"
                ),
                lambda one: Cell(
                    words_of(one), f"rule {one.rule}, by {one.micro_genre}" if one.micro_genre else ""
                ),
            ),
        ),
        **drawing,
    )


def heard_columns(heard: str) -> tuple[tuple[Column, Callable[[PredictedTrack], Cell]], ...]:
    """A track with its artist, and the genre that it sounds like with its probability."""
    return (
        (text_column("Track", "artist"), lambda one: Cell(text_or_dash(one.track), one.artist)),
        (text_column(heard, "probability"), lambda one: genre_cell(one.genre, percent(one.probability))),
    )


def _said_cell(one: PredictedTrack) -> Cell:
    known = one.label_probability
    return genre_cell(text_or_dash(one.label), "not a genre it knows" if known is None else percent(known))


def words_of(one: PredictedTrack) -> str:
    """The micro-genres of a track in a line."""
    more = len(one.micro_genres) - SHOWN_WORDS
    return ", ".join(one.micro_genres[:SHOWN_WORDS]) + (f" and {more} more" if more > 0 else "") or DASH


def unlabelled_chart(found: TaskPredictions) -> Chart | None:
    """What the tracks without a label sound like."""
    rows = sorted((one for one in found.genres if one.unlabelled), key=lambda one: -one.unlabelled)
    if not rows:
        return None
    total = sum(one.unlabelled for one in rows)
    share = percent(sum(one.unlabelled for one in rows[:2]) / total, 0)
    first = listing([one.genre for one in rows[:2]])
    view = View(
        title=f"{sentence(first)}: what {share} of the tracks without a label sound like",
        caption=f"{plural(total, 'track')} without a label, by the genre that the champion hears.",
        grid=table_of(
            rows,
            ("Sounds like", lambda one: genre_cell(one.genre)),
            ("Tracks", lambda one: count(one.unlabelled)),
            ("Share", lambda one: percent(one.unlabelled / total)),
        ),
        **bars(
            [one.genre for one in rows],
            [one.unlabelled for one in rows],
            [f"{count(one.unlabelled)}  ·  {percent(one.unlabelled / total)}" for one in rows],
            [genre_colour(one.genre) for one in rows],
            axis="Tracks without a label",
        ),
    )
    return single(f"unlabelled-{slug(found.model)}", view)


def micro_genre_table(found: TaskPredictions) -> Grid | None:
    """The micro-genres of the tracks without a label, with the genre that most of these tracks sound like."""
    if not found.unlabelled_micro_genres:
        return None
    return table_of(
        found.unlabelled_micro_genres,
        (words_name(found), lambda one: one.micro_genre),
        ("Tracks", lambda one: count(one.tracks)),
        (text_column("Most sound like"), lambda one: genre_cell(one.genre)),
        ("Of its tracks", lambda one: percent(one.share, 0)),
        caption="Those of most tracks without a label; a track with several counts for each.",
    )


def examples_table(found: TaskPredictions) -> Grid | None:
    """Tracks without a label that the champion is surest of."""
    if not found.unlabelled_examples:
        return None
    return table_of(
        surest(found.unlabelled_examples),
        *heard_columns("Sounds like"),
        (text_column(words_name(found)), words_of),
        caption="The surest of each genre, the surest of all first.",
    )
