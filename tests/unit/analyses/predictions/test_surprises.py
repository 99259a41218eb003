"""Surprises: sure of a genre that the label denies, on rows that the model was not fitted on."""

import pandas as pd
import pytest

from genrelab.analyses.predictions.result import (
    HeardMicroGenre,
    PartAgreement,
    Sure,
    Surprises,
    SuspectRows,
    WithArtists,
)
from genrelab.analyses.predictions.surprises import LONGEST, PER_GENRE, SURE, SurpriseFinder


def row(
    number: int, genre: str, label: str | None, probability: float = 0.9, **more: object
) -> dict[str, object]:
    """One prediction, told with its track."""
    rest = round(1 - probability, 6)
    other = label if label not in (None, genre) else "other"
    return {
        "source": "made.csv",
        "source_row": number,
        "track_id": f"id{number}",
        "genre": genre,
        "probability": probability,
        "probabilities": [
            {"genre": genre, "probability": probability},
            {"genre": other, "probability": rest},
        ],
        "artist_genre": genre,
        "artist_tracks": 0,
        "label": label,
        "was_fitted_on": False,
        "has_features": True,
        "track": f"Track {number}",
        "artist": "Somebody",
        "micro_genres": ["dream pop"],
        "part": "train",
        **more,
    }


def told(*rows: dict[str, object]) -> Surprises:
    """What is surprising about these rows, which come two at a time."""
    frame, finder = pd.DataFrame(list(rows)), SurpriseFinder()
    for start in range(0, len(frame), 2):
        finder.add(frame.iloc[start : start + 2])
    return finder.find(lambda places: frame.iloc[places])


def test_rows_are_counted():
    """Each kind of row in its count."""
    nothing = {"genre": None, "probability": None, "probabilities": None, "has_features": False}
    found = told(
        row(1, "pop", "pop"),
        row(2, "pop", "rock", 0.6),
        row(3, "pop", "pop", was_fitted_on=True),
        row(4, "rock", None),
        {**row(5, "pop", "pop"), **nothing},
    )
    counts = {
        name: getattr(found, name)
        for name in ("tracks", "labelled", "unlabelled", "without_features", "fitted")
    }
    assert counts == {"tracks": 5, "labelled": 4, "unlabelled": 1, "without_features": 1, "fitted": 1}
    assert (found.judged, found.agreeing) == (2, 1)
    assert found.sure == Sure(limit=SURE, tracks=1, agreeing=1)


def test_agreement_is_counted_by_part():
    """Gate and FMA's validation part decided something; the test part did not; rows of no part stand apart."""
    found = told(
        row(1, "pop", "pop", part="test"),
        row(2, "pop", "rock", part="test"),
        row(3, "pop", "pop", part="gate"),
        row(4, "pop", "pop", part="validation"),
        row(5, "pop", "rock", part="none"),
        row(6, "pop", "pop", part="test", was_fitted_on=True),
    )
    assert found.parts == (
        PartAgreement("test", 2, 1),
        PartAgreement("gate", 2, 2),
        PartAgreement("other", 1, 0),
    )


def test_suspect_labels_are_counted_and_marked():
    """A table of an older version, which does not say which labels are suspect, has none."""
    rows = [
        row(1, "pop", "rock", label_is_suspect=True),
        row(2, "pop", "pop", label_is_suspect=True),
        row(3, "pop", "rock", label_is_suspect=None),
        row(4, "pop", "rock", 0.6, label_is_suspect=True),
        row(5, "pop", "rock", label_is_suspect=True, was_fitted_on=True),
    ]
    found = told(*rows)
    assert found.suspect == SuspectRows(judged=3, agreeing=1, surprises=1)
    assert {one.source_row: one.is_suspect for one in found.surprises} == {1: True, 3: False, 4: True}
    old = told(*({name: each[name] for name in each if name != "label_is_suspect"} for each in rows))
    assert old.suspect == SuspectRows(0, 0, 0)
    assert not any(one.is_suspect for one in old.surprises)


def test_both_predictions_are_counted_where_an_artist_has_other_tracks():
    """On the same judged rows; a track alone has only one of them."""
    found = told(
        row(1, "pop", "rock", artist_tracks=2, artist_genre="rock"),
        row(2, "pop", "pop", artist_tracks=1),
        row(3, "pop", "pop"),
        row(4, "pop", "rock", artist_tracks=9, artist_genre="rock", was_fitted_on=True),
    )
    assert found.with_artists == WithArtists(tracks=2, alone=1, together=2)


def test_what_the_model_was_fitted_on_is_no_surprise():
    """It has seen the answer."""
    found = told(row(1, "pop", "rock", was_fitted_on=True), row(2, "pop", "rock", 0.85))
    assert [one.source_row for one in found.surprises] == [2]


def test_the_surest_come_first_and_each_track_once():
    """A track of three rows speaks once, by its surest row."""
    found = told(
        row(1, "pop", "rock", 0.81),
        row(2, "pop", "rock", 0.95, track_id="same", track="Same"),
        row(3, "pop", "dance", 0.94, track_id="same", track="Same"),
        row(4, "pop", "rock", 0.93, track_id="another id", track="Same"),
    )
    assert [(one.track, one.probability) for one in found.surprises] == [
        ("Same", 0.95),
        ("Track 1", 0.81),
    ]
    assert found.surprises[0].label_probability == pytest.approx(0.05)


def test_no_genre_crowds_out_the_others():
    """So many of each, so that a genre page has something to show."""
    many = [row(number, "pop", "rock", 0.99) for number in range(40)]
    found = told(*many, row(50, "rock", "pop", 0.5))
    genres = [one.genre for one in found.surprises]
    assert (genres.count("pop"), genres.count("rock")) == (PER_GENRE, 1)


def test_shares_are_counted_on_rows_it_was_not_fitted_on():
    """Said and heard over the same tracks, and what the unlabelled sound like beside them."""
    found = told(
        row(1, "pop", "rock"),
        row(2, "pop", "pop"),
        row(3, "rock", "rock", was_fitted_on=True),
        row(4, "dance", None),
    )
    assert {one.genre: (one.labelled, one.predicted, one.unlabelled) for one in found.genres} == {
        "pop": (1, 2, 0),
        "rock": (1, 0, 0),
        "dance": (0, 0, 1),
    }


def test_unmatched_micro_genres_are_told_with_what_they_sound_like():
    """The most frequent genre of their tracks; a micro-genre named twice counts once."""
    found = told(
        row(1, "classical", None, micro_genres=["scorecore", "scorecore"]),
        row(2, "classical", None, micro_genres=["scorecore"]),
        row(3, "pop", None, micro_genres=["scorecore", "comic"]),
        row(4, "pop", "pop", micro_genres=["scorecore"]),
    )
    assert found.unlabelled_micro_genres == (
        HeardMicroGenre("scorecore", tracks=3, genre="classical", share=pytest.approx(2 / 3)),
        HeardMicroGenre("comic", tracks=1, genre="pop", share=1.0),
    )
    assert {one.source_row for one in found.unlabelled_examples} == {1, 2, 3}


def test_names_are_cut_and_missing_ones_are_empty():
    """A title of a thousand signs only has to be recognised."""
    found = told(row(1, "pop", "rock", track="x" * 1000, artist=None))
    assert len(found.surprises[0].track) == LONGEST
    assert found.surprises[0].artist == ""


def test_nothing_to_judge_is_no_mistake():
    """All labels known to the model, none missing: counts and no surprise."""
    found = told(row(1, "pop", "rock", was_fitted_on=True))
    assert (found.judged, found.surprises, found.unlabelled_examples) == (0, (), ())
