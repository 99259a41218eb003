"""Charts of one genre, a view for each: its sound beside all tracks, and what the model in use takes it for.

Conventions: a genre of Spotify is named as its rules name it, one of the FMA with `FMA` before it: `FMA Rock`.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.look_up.result import FeaturePlace
from genrelab.analyses.training.result import Training
from genrelab.report.charts import Drawing, bars
from genrelab.report.distributions import spreads
from genrelab.report.feature_words import shown, words_for
from genrelab.report.figure import Cell, Chart, View, genre_cell, picked, table_of
from genrelab.report.palette import genre_colour
from genrelab.report.recognised import Recognised, how_sure, recognised
from genrelab.report.table_links import column_page
from genrelab.report.vocabulary import find_split
from genrelab.report.wording import count, inside, percent, sentence
from genrelab.tables.spotify import SPOTIFY_BINNED

MOST_ANSWERS = 8
"""Genres that one is taken for, as far as they are drawn."""


def sound_chart(found: Mapping[str, Sequence[FeaturePlace]]) -> Chart | None:
    """Draw each genre's features among all tracks, one view for each genre that is described."""
    return picked(
        "genre-sound", "Genre", {key: _sound(key, places) for key, places in found.items() if places}
    )


def _sound(genre: str, places: Sequence[FeaturePlace]) -> View:
    far = max(places, key=lambda each: abs(each.places[1] - 0.5))
    words = words_for(far.feature)
    above = far.places[1] >= 0.5  # noqa: PLR2004 - half of all tracks
    share = far.places[1] if above else 1 - far.places[1]
    return View(
        title=f"{words.label} sets {genre} apart most: its median track is {'above' if above else 'below'}"
        f" {percent(share, 0)} of all tracks",
        caption="Where the genre lies among all tracks of its source: 50 % is the track in the middle of all. Dot: the"
        " genre's median, with its value; bar: the middle half of its tracks.",
        grid=table_of(
            places,
            (
                "Feature",
                lambda one: Cell(
                    words_for(one.feature).label, link=column_page("spotify_binned", one.feature)
                ),
            ),
            ("Lower quartile", lambda one: shown(one.feature, one.quartiles[0], unit_of(one.feature))),
            ("Median", lambda one: shown(one.feature, one.quartiles[1], unit_of(one.feature))),
            ("Upper quartile", lambda one: shown(one.feature, one.quartiles[2], unit_of(one.feature))),
            ("Median is above", lambda one: f"{percent(one.places[1], 0)} of tracks"),
        ),
        **_percentiles(genre, places),
    )


def unit_of(feature: str) -> str:
    """Return the unit of a feature, from its declaration."""
    return SPOTIFY_BINNED[feature].unit


def _percentiles(genre: str, places: Sequence[FeaturePlace]) -> Drawing:
    drawing = spreads(
        [words_for(one.feature).label for one in places],
        [one.places for one in places],
        [shown(one.feature, one.quartiles[1], unit_of(one.feature)) for one in places],
        [genre_colour(genre.removeprefix("FMA "))] * len(places),
        axis="Share of all tracks with a lower value",
    )
    drawing["layout"]["xaxis"] |= {
        "range": [0, 1.16],
        "tickformat": ".0%",
        "tickvals": [0, 0.25, 0.5, 0.75, 1],
    }
    drawing["narrow"]["layout"]["xaxis"] = {"range": [0, 1.34], "tickvals": [0, 0.5, 1]}
    return drawing


def recognised_genres(training: Training) -> dict[str, Recognised]:
    """Return how well the model in use recognises each genre on the main split; empty without its matrix."""
    run, split = training.champion_run, training.headline()
    matrix = run.confusion.get(split) if run else None
    if run is None or not matrix:
        return {}
    found = recognised(matrix, training.names, run.per_class.get(split, ()))
    return {one.genre: one for one in found}


def answers_chart(found: Mapping[str, tuple[Recognised, str]]) -> Chart | None:
    """Draw what each genre's test tracks are taken for, one view for each genre, with the split it was scored on."""
    return picked("genre-answers", "Genre", {key: _answers(key, *one) for key, one in found.items()})


def _answers(key: str, one: Recognised, split: str) -> View:
    rows = one.answers[:MOST_ANSWERS]
    return View(
        title=f"{sentence(key)}: {one.in_words}",
        caption=f"Answers of the model in use for test tracks of this genre, {inside(find_split(split).label)}."
        f" Interval: {how_sure([one])}.",
        grid=table_of(
            rows,
            ("Answer", lambda row: genre_cell(row[0])),
            ("Tracks", lambda row: count(row[1])),
            ("Share", lambda row: percent(row[1] / one.tracks)),
        ),
        **bars(
            [genre for genre, _ in rows],
            [tracks / one.tracks for _, tracks in rows],
            [f"{percent(tracks / one.tracks, 0)}  ·  {count(tracks)}" for _, tracks in rows],
            [genre_colour(genre) for genre, _ in rows],
            axis="Share of the genre's test tracks",
            is_share=True,
        ),
    )
