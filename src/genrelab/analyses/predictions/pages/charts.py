"""Charts of the predictions: genre shares by label and by prediction, surprises, tracks without a label.

The text around the charts belongs in `predictions`.
"""

from collections.abc import Callable, Sequence

from genrelab.analyses.predictions.mixes import collection_name, most_moved, p_value
from genrelab.analyses.predictions.result import PredictedTrack, TaskPredictions
from genrelab.evaluation.prior_shift import FEWEST_ARTISTS, LEVEL
from genrelab.evaluation.results import CollectionMix
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
from genrelab.report.listen import listen_link
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import DASH, count, listing, percent, plural, points, sentence, text_or_dash

ALL = "all"
ACROSS_GENRES = 15
"""Surprises shown when no genre is selected."""

TITLE_ROW = 42
"""Height of a row whose name may take two lines, in CSS pixels."""

SUSPECT = "label may belong to the searched name"
"""Mark of a track whose label is suspect."""

SHOWN_WORDS = 6
"""Micro-genres shown of one track."""


def label_source(found: TaskPredictions) -> str:
    """Return the source of the labels, as a plural subject of a sentence."""
    return f"the {found.rule_set} rules" if found.rule_set else "FMA's top genres"


def label_heading(found: TaskPredictions) -> str:
    """Return the column name of the labels of a track's artist."""
    return "Micro-genres" if found.rule_set else "Genres given"


def shares_chart(found: TaskPredictions) -> Chart | None:
    """Draw the share of each genre by label and by prediction, on tracks the champion was not fitted on."""
    if not found.judged:
        return None
    names = [one.genre for one in found.genres if one.labelled or one.predicted]
    before = {one.genre: one.labelled / found.judged for one in found.genres}
    after = {one.genre: one.predicted / found.judged for one in found.genres}
    most = max(names, key=lambda name: abs(after[name] - before[name]))
    verb = "more" if after[most] > before[most] else "less"
    title = (
        f"The champion predicts {most} {verb} often than the labels: {percent(after[most])} of tracks, "
        f"not {percent(before[most])}"
        if after[most] != before[most]
        else "The champion predicts every genre as often as it occurs among the labels"
    )
    view = View(
        title=title,
        caption=f"{plural(found.judged, 'labelled track')} that the champion was not fitted on. Hollow: the share by "
        f"{label_source(found)}; full: the share that the champion predicts.",
        grid=table_of(
            names,
            ("Genre", genre_cell),
            (Column("Label", "share of tracks"), lambda name: percent(before[name])),
            (Column("Predicted", "share of tracks"), lambda name: percent(after[name])),
            ("Difference", lambda name: points(after[name] - before[name])),
        ),
        **pairs(
            names,
            [before[name] for name in names],
            [after[name] for name in names],
            [genre_colour(name) for name in names],
            before_name="label",
            after_name="predicted",
            axis="Share of these tracks",
        ),
    )
    return single(f"shares-{slug(found.model)}", view)


def mix_table(found: TaskPredictions) -> Grid | None:
    """Return the collections that the champions meet, and whether their mix differs from the training tracks."""
    if not found.mixes:
        return None
    return table_of(
        found.mixes,
        (
            text_column("Collection", "champion"),
            lambda one: Cell(sentence(collection_name(one)), one.model),
        ),
        ("Tracks", lambda one: count(one.tracks)),
        ("Artists", lambda one: count(one.artists)),
        (text_column("Mix", "test"), _mix_cell),
        caption=f"Tracks that the champion was not fitted on, each once. The test counts each artist once, needs "
        f"{FEWEST_ARTISTS} of them, and says by chance alone that a mix differs in {percent(LEVEL, 0)} of collections.",
    )


def _mix_cell(mix: CollectionMix) -> Cell:
    if mix.problem:
        return Cell("not tested", mix.problem)
    if not mix.has_moved:
        return Cell("as in training, nothing adjusted", p_value(mix))
    moved = most_moved(mix)
    return Cell(
        f"about {percent(moved.here, 0)} {moved.genre} here, {percent(moved.training, 0)} in training",
        p_value(mix),
    )


def mix_chart(found: TaskPredictions, mix: CollectionMix) -> Chart:
    """Draw the estimated shares of a collection against those of the training tracks."""
    moved = most_moved(mix)
    rows = [one for one in mix.shares if max(one.here, one.training) > 0]
    name = collection_name(mix)
    view = View(
        title=f"{sentence(name)}: about {percent(moved.here, 0)} {moved.genre}, not {percent(moved.training, 0)} as in "
        "training",
        caption=f"{plural(mix.tracks, 'track')} by {plural(mix.artists, 'artist')}. Hollow: share among the training "
        "tracks; full: share here, estimated without labels.",
        grid=table_of(
            rows,
            ("Genre", lambda one: genre_cell(one.genre)),
            (Column("Training", "share of tracks"), lambda one: percent(one.training)),
            (Column("Here", "estimated share"), lambda one: percent(one.here)),
            ("Difference", lambda one: points(one.here - one.training)),
        ),
        **pairs(
            [one.genre for one in rows],
            [one.training for one in rows],
            [one.here for one in rows],
            [genre_colour(one.genre) for one in rows],
            before_name="training",
            after_name="here",
            axis="Share of the tracks",
        ),
    )
    return single(f"mix-{slug(found.model)}-{slug(mix.model)}-{slug(name)}", view)


def surprises_chart(found: TaskPredictions) -> Chart | None:
    """Draw the tracks whose label the champion contradicts, by probability: all genres, or one predicted genre."""
    surprises = surest(found.surprises)
    if not surprises:
        return None
    predicted = {one.genre for one in surprises}
    genres = [one.genre for one in found.genres if one.genre in predicted]
    views = {ALL: _surprises_view(found, surprises[:ACROSS_GENRES], "")}
    views |= {
        slug(genre): _surprises_view(found, [one for one in surprises if one.genre == genre], genre)
        for genre in genres
    }
    options = ((ALL, "All genres"), *((slug(genre), genre) for genre in genres))
    return Chart(
        f"surprises-{slug(found.model)}", views, (Picker("Predicted genre", options),), shows_numbers=True
    )


def surest(tracks: Sequence[PredictedTrack]) -> list[PredictedTrack]:
    """Return the tracks, the highest probability first."""
    return sorted(tracks, key=lambda one: -one.probability)


def _surprises_view(found: TaskPredictions, rows: Sequence[PredictedTrack], genre: str) -> View:
    first, who = rows[0], label_source(found)
    of = f"{genre}, although {who} give another genre" if genre else f"a genre other than {who} give"
    drawing = pairs(
        [text_or_dash(one.track) for one in rows],
        [one.label_probability or 0.0 for one in rows],
        [one.probability for one in rows],
        [genre_colour(one.genre) for one in rows],
        before_name="genre of the label",
        after_name="predicted genre",
        axis="Probability given by the champion",
        before_colours=[genre_colour(one.label) for one in rows],
    )
    drawing["height"] = 120 + TITLE_ROW * len(rows)
    return View(
        title=f"{text_or_dash(first.track)} by {text_or_dash(first.artist)}: "
        f"predicted {first.genre} ({percent(first.probability, 0)}); {who} say {text_or_dash(first.label)}",
        caption=f"Tracks that the champion predicts to be {of}. The highest probability comes first. The champion was "
        "not fitted on any of them. Full dots: probability of the predicted genre, in its colour; hollow dots: of the"
        " genre of the label, in the colour of that. The titles in the numbers lead to where the track can be heard.",
        grid=table_of(
            rows,
            *prediction_columns("Predicted", found.table),
            (text_column("Label", "probability"), _label_cell),
            (
                text_column(
                    label_heading(found), "and the deciding rule" if found.rule_set else "by the artist"
                ),
                lambda one: Cell(
                    words_of(one), f"rule {one.rule}, by {one.micro_genre}" if one.micro_genre else ""
                ),
            ),
        ),
        **drawing,
    )


def prediction_columns(
    heading: str, table: str
) -> tuple[tuple[Column, Callable[[PredictedTrack], Cell]], ...]:
    """Return the columns of a track with its artist and where to listen, and of its predicted genre."""
    return (
        (text_column("Track", "artist"), lambda one: _track_cell(one, table)),
        (text_column(heading, "probability"), lambda one: genre_cell(one.genre, percent(one.probability))),
    )


def _track_cell(one: PredictedTrack, table: str) -> Cell:
    link = listen_link(table, one.track_id, one.artist, one.track)
    return Cell(text_or_dash(one.track), one.artist, link=link)


def _label_cell(one: PredictedTrack) -> Cell:
    known = one.label_probability
    below = "not a genre of this model" if known is None else percent(known)
    return genre_cell(text_or_dash(one.label), f"{below}\n{SUSPECT}" if one.is_suspect else below)


def words_of(one: PredictedTrack) -> str:
    """Return the micro-genres of a track in one line."""
    more = len(one.micro_genres) - SHOWN_WORDS
    return ", ".join(one.micro_genres[:SHOWN_WORDS]) + (f" and {more} more" if more > 0 else "") or DASH


def unlabelled_chart(found: TaskPredictions) -> Chart | None:
    """Draw the predicted genres of the tracks without a label."""
    rows = sorted((one for one in found.genres if one.unlabelled), key=lambda one: -one.unlabelled)
    if not rows:
        return None
    total = sum(one.unlabelled for one in rows)
    share = percent(sum(one.unlabelled for one in rows[:2]) / total, 0)
    first = listing([one.genre for one in rows[:2]])
    view = View(
        title=f"{sentence(first)}: predicted for {share} of the tracks without a label",
        caption=f"{plural(total, 'track')} without a label, by predicted genre.",
        grid=table_of(
            rows,
            ("Predicted genre", lambda one: genre_cell(one.genre)),
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
    """Return the micro-genres of the tracks without a label, with the genre most often predicted for them."""
    if not found.unlabelled_micro_genres:
        return None
    return table_of(
        found.unlabelled_micro_genres,
        (label_heading(found), lambda one: one.micro_genre),
        ("Tracks", lambda one: count(one.tracks)),
        (text_column("Predicted most often"), lambda one: genre_cell(one.genre)),
        ("Share of its tracks", lambda one: percent(one.share, 0)),
        caption="The micro-genres on most tracks without a label; a track with several counts for each.",
    )


def examples_table(found: TaskPredictions) -> Grid | None:
    """Return the tracks without a label with the highest predicted probability."""
    if not found.unlabelled_examples:
        return None
    return table_of(
        surest(found.unlabelled_examples),
        *prediction_columns("Predicted genre", found.table),
        (text_column(label_heading(found)), words_of),
        caption="The highest probabilities of each genre; the highest of all comes first.",
    )
