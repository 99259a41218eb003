"""Numbers in words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.analyses.training.result import HEADLINE_SPLITS
from genrelab.report.vocabulary import find_metric, find_split, in_order
from genrelab.report.wording import (
    DASH,
    FRACTIONS,
    NO_INTERVAL,
    ROUGHLY,
    count,
    decimal,
    inside,
    listing,
    number,
    percent,
    plural,
    points,
    seconds,
    sentence,
    share_in_words,
    when,
)

THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, "12", True, [1]])
def test_what_is_no_number_is_a_dash(missing):
    """A missing value never appears as `nan`, `None` or 1."""
    assert number(missing) is None
    assert {count(missing), percent(missing), points(missing), decimal(missing), seconds(missing)} == {DASH}


def test_counts_and_shares_are_written_with_their_unit():
    """Thousands are separated, percent signs do not break away, differences carry a sign."""
    assert count(106574) == "106,574"
    assert percent(0.348) == f"34.8{THIN}%"
    assert points(0.0193) == f"+1.9{THIN}points"
    assert points(-0.004) == f"\N{MINUS SIGN}0.4{THIN}points"
    assert decimal(0.30149) == "0.301"


@pytest.mark.parametrize("value", [0.0, -0.0, -0.0001, 0.0004])
def test_what_rounds_to_zero_has_no_sign(value):
    """There is no difference of minus nothing."""
    assert points(value) == f"0.0{THIN}points"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1 / 3, "a third"),
        (0.348, "just over a third"),
        (0.32, "just under a third"),
        (0.5, "half"),
        (0.748, "three quarters"),
        (0.1, "a tenth"),
        (0.44, f"44{THIN}%"),
        (0.97, f"97{THIN}%"),
    ],
)
def test_a_share_is_said_as_people_say_it(share, words):
    """A fraction is only named when it is near."""
    assert share_in_words(share) == words


@given(st.floats(0, 1))
def test_every_share_has_words(share):
    """No share is left without words, and a named fraction is at most two points off."""
    words = share_in_words(share)
    near = [fraction for fraction, name in FRACTIONS if words.endswith(name)]

    assert near or words == percent(share, 0)
    assert all(abs(share - fraction) <= ROUGHLY for fraction in near)


@pytest.mark.parametrize(
    ("spent", "text"),
    [
        (0.0, f"under 0.1{THIN}s"),
        (0.049, f"under 0.1{THIN}s"),
        (0.42, f"0.4{THIN}s"),
        (18.2, f"18{THIN}s"),
        (125, f"2{THIN}min 5{THIN}s"),
        (59.7, f"1{THIN}min 0{THIN}s"),
        (3840, f"1{THIN}h 4{THIN}min"),
    ],
)
def test_durations_read_as_people_say_them(spent, text):
    """Seconds, then minutes, then hours."""
    assert seconds(spent) == text


def test_times_are_told_in_utc():
    """A time with another offset is converted; what is no time is shown as it came."""
    assert when("2026-03-12T05:14:00+02:00") == "12 March 2026, 03:14 UTC"
    assert when("last night") == "last night"
    assert when(None) == DASH


def test_words_fit_into_sentences():
    """Plurals, listings and capitals."""
    assert plural(1, "track") == "1 track"
    assert plural(2, "entry", "entries") == "2 entries"
    assert listing(["pop", "rock", "dance"]) == "pop, rock and dance"
    assert listing(["pop"]) == "pop"
    assert sentence("jazz/blues") == "Jazz/blues"
    assert inside("FMA test part") == "FMA test part"
    assert inside("Published split") == "published split"


def test_scores_are_written_in_their_own_unit():
    """Accuracy reads as a percentage, F1 as a number; an interval stands without its unit."""
    accuracy, f1 = find_metric("accuracy"), find_metric("macro_f1")

    assert accuracy.show(0.4653) == f"46.5{THIN}%"
    assert accuracy.show_interval(0.453, 0.477).replace("\N{NO-BREAK SPACE}", " ") == "45.3 to 47.7"
    assert accuracy.show_interval(None, 0.4) == NO_INTERVAL
    assert accuracy.show_interval_after(None, None) == f"({NO_INTERVAL})"
    assert accuracy.show_interval_after(0.453, 0.477).startswith("(95")
    assert f1.show(0.3014) == "0.301"
    assert f1.show_difference(0.019) == "+0.019"


def test_an_unknown_score_or_split_keeps_its_name():
    """A score added later is shown before it is described here."""
    assert find_metric("jaccard").label == "jaccard"
    assert find_split("cv").label == "cv"
    assert in_order(["zeta", "gate", "grouped"], ["grouped", "random", "gate"]) == ["grouped", "gate", "zeta"]


def test_the_random_split_never_makes_a_headline():
    """It is only shown beside the grouped one."""
    assert "random" not in HEADLINE_SPLITS
