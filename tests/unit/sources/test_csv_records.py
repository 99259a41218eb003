"""Records of CSV text: what a lost quote costs, and what it must never do."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.sources.csv_records import Damaged, Lines, read_records


def read(text: str, width: int) -> list[list[str] | str]:
    """Fields of each record, or the reason why it is none."""
    records = read_records(Lines(io.StringIO(text, newline="")), width)
    return [record.reason if isinstance(record, Damaged) else list(record) for record in records]


UNCLOSED = "a quote that is not closed on its line"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # the next quote stands in the same column: together they look like one record of the right width
        ('1,"pop,x\n2,"rock,y\n3,jazz,z\n', [UNCLOSED, UNCLOSED, ["3", "jazz", "z"]]),
        ('1,"pop,x\n2,"rock",y\n3,"jazz",z\n', [UNCLOSED, ["2", "rock", "y"], ["3", "jazz", "z"]]),
        ('1,"pop,x\n2,rock,y\n3,jazz,z\n', [UNCLOSED, ["2", "rock", "y"], ["3", "jazz", "z"]]),
        ('1,pop,"x\n2,"two\nlines",y\n', [UNCLOSED, ["2", "two\nlines", "y"]]),
        # a quote anywhere on the first line of a record of two
        ('1,"5" nails","multi\nline"\n2,b,c\n', ["',' expected after '\"'", "1 field", ["2", "b", "c"]]),
        ('1,a,"cut', ["unexpected end of data"]),
        # cut in the middle of a text of several lines
        ('1,pop,x\n2,"a life\nin three\nlines and', [["1", "pop", "x"], "unexpected end of data"]),
        # quotes within a line are anybody's habit
        ('1,"say ""hi" you",x\n2,6" vinyl,y\n', [["1", 'say "hi you"', "x"], ["2", '6" vinyl', "y"]]),
        ('1,"two\nlines",x\n\n2,b,y\n', [["1", "two\nlines", "x"], ["2", "b", "y"]]),
        ("1,2\n1,2,3,4\n", ["2 fields", "4 fields"]),
    ],
)
def test_what_is_no_record_costs_no_other(text, found):
    """Every line is in a record of its own or in a damaged one."""
    assert read(text, 3) == found


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3)))
def test_what_was_written_by_the_rules_comes_back(rows):
    """Quotes, line breaks and commas in any cell."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read(text.getvalue(), 3) == rows


@given(st.text(st.sampled_from('a,"\n'), max_size=60))
def test_every_line_is_in_a_record(text):
    """Whatever the quotes: what is read and what is damaged make up the file, blank lines aside."""
    lines = Lines(io.StringIO(text, newline=""))
    found = list(read_records(lines, 3))
    kept = sum(len("".join(one.fields if isinstance(one, Damaged) else one)) for one in found)
    assert kept >= sum(letter == "a" for letter in text)
