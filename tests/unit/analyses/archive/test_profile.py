"""Languages, licences, labels, years, bit rates and lengths, with odd values counted and said."""

import numpy as np
import pyarrow as pa
import pytest
from archive_facts import ARTISTS, TRACKS, archive_tracks, described, made_archive, publish

from genrelab.analyses.archive.bit_rates import bit_rate_of
from genrelab.analyses.archive.kinds import REST, describe_kinds
from genrelab.analyses.archive.labels import describe_labels, labels_in
from genrelab.analyses.archive.languages import DOCUMENT, language_of, languages
from genrelab.analyses.archive.licences import FAMILIES, OTHER, family_of
from genrelab.analyses.archive.pages.archive import fill
from genrelab.analyses.archive.runs import runs_of
from genrelab.analyses.archive.spreads import describe_dates, describe_spread, quartiles_of
from genrelab.analyses.archive.summary import summarise

PROOFS = [(family.name, title) for family in FAMILIES for title in family.titles]


@pytest.mark.parametrize(("family", "title"), PROOFS, ids=[title for _, title in PROOFS])
def test_every_family_of_licences_is_proved(family, title):
    """No earlier rule takes the titles that prove a later one."""
    assert family_of(title) == family


def test_a_licence_that_no_rule_knows_is_named():
    """And a blank one has no family."""
    assert family_of("ideology.de") == OTHER
    assert family_of("  ") is None


def test_the_table_of_languages_is_that_of_iso_639_1():
    """183 codes of two letters; withdrawn ones are unknown."""
    assert len(languages()) == 183
    assert all(len(code) == 2 and code.islower() for code in languages())
    assert set(DOCUMENT) <= set(languages().values())
    assert [language_of(code) for code in ("de", "sh", "english", "")] == ["German", None, None, None]


@pytest.mark.parametrize(
    ("rate", "kind"),
    [
        ("320000", "320 kbps"),
        ("319999", "variable"),
        ("300000", "variable"),
        ("8000", "below 128 kbps"),
        ("0", None),
        ("-1", None),
    ],
)
def test_bit_rates_of_the_table_of_mp3_are_constant(rate, kind):
    """All others are averages."""
    assert bit_rate_of(rate) == kind


def test_labels_are_split_and_cleaned():
    """HTML, several in one field, none at all."""
    assert labels_in("A &amp; B Records; Goner\nCrypt / In the Red") == (
        "A & B Records",
        "Goner",
        "Crypt",
        "In the Red",
    )
    assert labels_in("none") == ()

    found = describe_labels(
        np.array(["Goner", "goner, X", None, "none"], dtype=object), np.array([1, 2, 3, 4])
    )
    assert (found.artists, found.several, found.distinct, found.missing) == (2, 1, 2, 2)
    assert (found.top[0].name, found.top[0].artists) == ("Goner", 2)


def test_shares_over_tracks_and_over_artists_differ():
    """One artist with three tracks in one language, another with one in another."""
    values = np.array(["en", "en", "en", "es", None, "xx"], dtype=object)
    found = describe_kinds(
        "track_language_code",
        values,
        np.array([1, 1, 1, 2, 3, 4]),
        np.array([None] * 6, dtype=object),
        language_of,
    )

    assert [(one.name, one.tracks, one.share.value, one.by_artist) for one in found.kinds] == [
        ("English", 3, 0.75, 0.5),
        ("Spanish", 1, 0.25, 0.5),
    ]
    assert (found.odd, found.missing, found.tracks) == ((("xx", 1),), 1, 4)


def test_rare_kinds_are_counted_together():
    """The most frequent ones are named."""
    values = np.array(list("aaabbcd"), dtype=object)
    found = describe_kinds("x", values, np.arange(7), np.array([None] * 7, dtype=object), str, most=3)

    assert [(one.name, one.tracks) for one in found.kinds] == [("a", 3), ("b", 2), (REST, 2)]


def test_dates_before_1900_and_in_the_future_are_counted_apart():
    """The future is what lies after the newest track."""
    dates = np.array(["1877-12-06", "1999-01-01", "2001-01-01", "2031-01-01", "NaT"], dtype="datetime64[us]")
    until = np.datetime64("2017-03-30")
    found = describe_dates(
        "track_date_recorded", dates, np.arange(5), np.array([None] * 5, dtype=object), until
    )

    assert (found.before, found.after, found.until) == (1, 1, "2017-03-30")
    assert (found.years.tracks, found.years.missing, found.years.quartiles) == (
        2,
        1,
        (1999.5, 2000.0, 2000.5),
    )
    unknown = describe_dates(
        "x", dates, np.arange(5), np.array([None] * 5, dtype=object), np.datetime64("NaT")
    )
    assert (unknown.after, unknown.until) == (0, "")


def test_an_artist_counts_once_in_quartiles():
    """An artist with many tracks does not move them."""
    assert quartiles_of(np.array([1.0, 2, 3, *[9] * 97]), np.array([0, 1, 2, *[3] * 97])) == (1.75, 2.5, 4.5)


def test_a_column_without_any_value_has_no_spread():
    """It is said as None."""
    found = describe_spread(
        "x", np.full(3, np.nan), np.arange(3), np.array([None] * 3, dtype=object), width=1
    )

    assert (found.tracks, found.missing, found.quartiles, found.genres) == (0, 3, None, ())


def test_the_profile_of_a_table_counts_what_is_odd():
    """An unknown code, a licence of no family, a date of 1877, one of 2031, unknown bit rates, a length of 0."""
    profile = made_archive().profile

    assert profile.languages.odd == (("xx", TRACKS // ARTISTS),)
    assert {one.name for one in profile.languages.kinds} == {"English", "Spanish"}
    assert profile.licences.odd == (("Ask the band", TRACKS // 2),)
    assert (profile.dates[0].before, profile.dates[0].after) == (1, 1)
    assert profile.bit_rates.odd == (("-1", TRACKS // 3),)
    assert profile.without_length == 1
    assert profile.labels.distinct == 2
    assert profile.whole == profile.tracks == TRACKS


def test_the_page_says_it():
    """Codes by name, the student project's shares beside, what is absent."""
    found = made_archive()
    page = fill(found)["profile"]

    assert "6 tracks have a code that ISO 639-1 does not know: xx (6)" in page["language_text"]
    assert "Ask the band (120)" in page["licence_text"]
    assert "1 before 1900, 1 in the future" in page["years_text"]
    assert "after 2016-12-31" in page["years_text"]
    assert "1 track has a length of 0" in page["duration_text"]
    assert page["blanks"] == ""
    assert "English" in fill(found)["finding"]
    assert "English" in summarise(found).message
    assert runs_of(found).runs[0].metrics["track_language_code/odd"] == 6


def test_without_features_the_metadata_are_described(lake):
    """The table is named, and the rest goes on."""
    publish(lake, "fma_tracks", archive_tracks())
    found = described(lake)

    assert (found.outliers, found.absent) == (None, ("fma_features",))
    assert fill(found)["absent"] == "fma_features"
    assert "fma_features is absent" in summarise(found).message


def test_columns_without_any_value_are_said(lake):
    """No language, no licence, no date, no label, no rate."""
    data = archive_tracks()
    for name in (
        "track_language_code",
        "track_license",
        "artist_associated_labels",
        "track_bit_rate",
        "track_duration",
        "track_date_created",
        "track_date_recorded",
        "album_date_released",
        "artist_active_year_begin",
    ):
        place = data.column_names.index(name)
        data = data.set_column(
            place, data.schema.field(name), pa.nulls(len(data), data.schema.field(name).type)
        )
    publish(lake, "fma_tracks", data)
    page = fill(described(lake))["profile"]

    assert page["languages"]["chart"] is None
    assert page["label_text"] == "No artist names a label."
    assert page["years_text"] == "No track has a date."
    assert page["duration_text"] == "No track has a length."
    assert "Only 0 of 240 rows" in page["blanks"]
