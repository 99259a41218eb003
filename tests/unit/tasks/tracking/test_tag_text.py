"""Lists and named values in tags: text that people read, and what earlier versions wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.tracking.tag_text import join_list, join_named, split_list, split_named


@given(st.lists(st.text(max_size=6), min_size=1) | st.lists(st.integers(), min_size=1))
def test_every_list_comes_back(values):
    """Also one whose values hold commas, begin as JSON, or are the numbers of FMA's genres."""
    assert split_list(join_list(values)) == tuple(values)


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6)))
def test_all_named_values_come_back(values):
    """Also those that hold the signs between them."""
    assert split_named(join_named(values)) == values


def test_the_text_is_plain_and_json_of_earlier_versions_is_read():
    """Genres and differences, as MLflow shows them."""
    assert join_list(["pop", "rap/hip hop"]) == "pop, rap/hip hop"
    assert split_list('["pop", "rap/hip hop"]') == ("pop", "rap/hip hop")
    assert join_named({"log_loss": "-0.01 (-0.02 to 0)"}) == "log_loss: -0.01 (-0.02 to 0)"
    assert split_named('{"log_loss": "-0.01"}') == {"log_loss": "-0.01"}


def test_a_damaged_list_is_an_error_and_damaged_numbers_are_none():
    """A model without its labels cannot be used; the reason for a decision is only shown."""
    with pytest.raises(json.JSONDecodeError):
        split_list('["pop"')
    assert split_named('{"log_loss') == {}
    assert split_named("") == {}
