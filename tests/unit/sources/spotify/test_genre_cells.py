"""Cells with lists of micro-genres: whatever wrote them, the same names come back, or the cell is refused."""

import json
import re
import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genrelab.sources.spotify.genre_cells import (
    LIST_IN_QUOTES,
    NO_GENRE,
    FormFinder,
    parse_cells,
    parse_genres,
    recognise_form,
    why_refused,
)


def r_vector(names: list[str]) -> str:
    return (
        f"c({', '.join(json.dumps(name, ensure_ascii=False) for name in names)})" if names else "character(0)"
    )


def postgres_array(names: list[str]) -> str:
    def element(name: str) -> str:
        is_plain = name.isalnum() and name.lower() != "null"
        return name if is_plain else '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'

    return "{" + ",".join(map(element, names)) + "}"


def doubled(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


SELF_TOLD = {
    "Python list": repr,
    "JSON": json.dumps,
    "JSON in UTF-8": lambda names: json.dumps(names, ensure_ascii=False, separators=(",", ":")),
    "tuple": lambda names: repr(tuple(names)),
    "set": lambda names: "{" + ", ".join(map(repr, names)) + "}" if names else "set()",
    "frozenset": lambda names: f"frozenset({{{', '.join(map(repr, names))}}})" if names else "frozenset()",
    "NumPy": lambda names: "[" + "\n ".join(map(repr, names)) + "]",
    "NumPy repr": lambda names: f"array([{', '.join(map(repr, names))}],\n      dtype='<U9')",
    "NumPy strings": lambda names: "[" + ", ".join(f"np.str_({name!r})" for name in names) + "]",
    "Python 2": lambda names: "[" + ", ".join(f"u{name!r}" for name in names) + "]",
    "R": r_vector,
    "PostgreSQL": postgres_array,
}
QUOTED = {
    "without brackets": lambda names: ", ".join(map(repr, names)),
    "semicolons": lambda names: "; ".join(map(doubled, names)),
    "bars": lambda names: "|".join(map(doubled, names)),
}
FORMS = SELF_TOLD | QUOTED
UNQUOTED = ("; ", ";", " | ", "|", ", ", ",")


def is_name(text: str) -> bool:
    """Whether a text can be a micro-genre; one that is written like a list is taken for that list."""
    return text == text.strip() and text.lower() not in NO_GENRE and not LIST_IN_QUOTES.fullmatch(text)


any_text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
awkward_text = st.text("ab n'\"\\,;|[](){}&", min_size=1, max_size=8)
any_names = st.lists((any_text | awkward_text).filter(is_name), max_size=5)
plain_name = st.from_regex(r"[a-zé0-9]{2,6}[a-z]('s)?([ -][a-z&]{1,8}[a-z])?", fullmatch=True).filter(is_name)


def written(write, names: list[str]) -> list[str] | None:
    """What comes back of names, or None where the cell is refused."""
    try:
        return parse_genres(write(names))
    except ValueError:
        return None


@settings(max_examples=300)
@given(form=st.sampled_from([*FORMS]), names=any_names)
def test_any_names_come_back_or_the_cell_is_refused(form, names):
    """Commas, quotes, brackets and backslashes in names change nothing."""
    assert written(FORMS[form], names) in (names, None)


@settings(max_examples=300)
@given(form=st.sampled_from([*FORMS]), names=st.lists(plain_name | st.just("rock, 60s"), max_size=5))
def test_names_of_words_come_back(form, names):
    """In every form with quotes; an apostrophe, a comma and an ampersand in a name stay."""
    assert written(FORMS[form], names) == names


@pytest.mark.parametrize("form", SELF_TOLD)
def test_awkward_names_come_back(form):
    """Commas, quotes of both kinds, half brackets, a backslash, accents and other scripts."""
    names = [
        "rock, 60s",
        "children's music",
        'the "new" wave',
        "r&b",
        "a\\b",
        "[x",
        "{y}z",
        "Ünïcödé",
        "케이팝",
    ]

    assert written(FORMS[form], names) == names


@given(separator=st.sampled_from(UNQUOTED), lists=st.lists(st.lists(plain_name, max_size=4), max_size=6))
def test_names_without_quotes_come_back(separator, lists):
    """Whatever separates them, with or without blanks, also where most cells hold one name."""
    texts = pa.array([separator.join(names) for names in lists], pa.string())

    assert parse_cells(texts, recognise_form(texts)).to_pylist() == lists


@given(st.lists(st.tuples(st.sampled_from([*FORMS]), st.lists(plain_name, max_size=4)), max_size=8))
def test_one_column_may_mix_forms_that_tell_themselves(cells):
    """A list of Python beside an array of PostgreSQL."""
    texts = pa.array([FORMS[form](names) for form, names in cells], pa.string())

    assert parse_cells(texts, recognise_form(texts)).to_pylist() == [names for _, names in cells]


@given(st.text(max_size=60) | st.text("'\" ,[](){}ab;|\\&", max_size=30))
def test_any_text_is_a_list_of_names_or_refused_with_a_reason(text):
    """No name is empty or means nothing, and the reason is the same for the column."""
    reason = why_refused(text, recognise_form([text]))
    if reason:
        with pytest.raises(ValueError, match=re.escape(reason)):
            parse_genres(text)
    else:
        assert all(is_name(name) for name in parse_genres(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("['children's music', 'pop']", ["children's music", "pop"]),
        ("'children's music', 'pop'", ["children's music", "pop"]),
        ("('pop',)", ["pop"]),
        ("[' dance pop', 'pop ']", ["dance pop", "pop"]),
        ("array(['a', 'b'], dtype=object)", ["a", "b"]),
        ("array([], dtype=float64)", []),
        ("set(['a'])", ["a"]),
        ('c("pop", NA, "rock")', ["pop", "rock"]),
        ('list("a", "b")', ["a", "b"]),
        ("[nan, 'pop', None]", ["pop"]),
        ("{pop,NULL}", ["pop"]),
        ("'dance pop' 'pop'", ["dance pop", "pop"]),
        ('"rock, 60s"', ["rock, 60s"]),
        ('"rock, 60s", pop', ["rock, 60s", "pop"]),
        ("rock, 60s; pop", ["rock, 60s", "pop"]),
        ("pop,, unknown, rock,", ["pop", "rock"]),
        ("r&amp;b", ["r&amp;b"]),
        ("r&amp;b; drum &#38; bass", ["r&amp;b", "drum &#38; bass"]),
        ("'80s pop, '90s rock", ["'80s pop", "'90s rock"]),
        ("rock 'n' roll, pop", ["rock 'n' roll", "pop"]),
        ("hip-hop/rap", ["hip-hop/rap"]),
        ("norte&ntilde;o; pop", ["norte&ntilde;o", "pop"]),
        ("[b'pop']", ["pop"]),
        ("\"['a', 'b']\"", ["a", "b"]),
        ('\'["a", "b"]\'', ["a", "b"]),
        ('"""[\'a\', \'b\']"""', ["a", "b"]),
        ('[""a"", ""children\'s music""]', ["a", "children's music"]),
        (r"[\"a\", \"b\"]", ["a", "b"]),
        ("[&#x27;a&#x27;, &#39;b&#39;]", ["a", "b"]),
        ("[&quot;r&amp;b&quot;]", ["r&amp;b"]),
        ("['pop', np.nan]", ["pop"]),
    ],
)
def test_cells_as_programs_write_them(text, names):
    """Each with the names that it holds."""
    assert parse_genres(text) == names


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("['a''b']", "two adjacent strings"),
        ("['a' 'b', 'c']", "commas between some names"),
        ("['rock 'n', 'roll']", "ambiguous quotes"),
        ("['a', 'b'", "not closed"),
        ("['dance pop', 'po...", "not closed"),
        ("['a' ... 'b']", "shortened"),
        ("['a',, 'b']", "no name between"),
        ("['a'] and more", "text after the list"),
        ("[['a'], 'b']", "within a list"),
        ("[{'name': 'pop'}]", "within a list"),
        ("{'name': 'pop'}", "dictionary"),
        ("[1, 2]", "number"),
        ("21", "number"),
        ("[pop, rock]", "without quotes"),
        ("(pop, rock)", "without quotes"),
        ("['a\\q']", "escape"),
        (r"[b'caf\xc3\xa9']", "bytes"),
        ("'['a', 'b']", "written as a name"),
        ("['[\"a\"]', 'b']", "written as a name"),
        (r"""\"['a\\\\b']\"""", "written as a name"),
        ("#pop #rock", "bulleted list"),
        ("- pop", "bulleted list"),
        ("1. pop", "bulleted list"),
        ("WrappedArray(pop)", "a list of a programming language"),
        ("['dance%20pop']", "web addresses"),
        ("dance pop - pop", "separate"),
        ("dance pop:pop", "separate"),
        ("dance+pop", "separate"),
        ("pop<br>rock", "within a name"),
        ("pop~rock", "within a name"),
        (
            "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}pop\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}",
            "quote",
        ),
        ("dance pop', 'pop", "quote"),
        ('dance "pop", pop', "quote"),
        ("pop\nrock", "within a name"),
        ("pop; rock | jazz", "separate"),
        ("{pop;rock}", "separate"),
        ("pop / rock", "separate"),
        ("pop/rock/jazz", "separate"),
        ("pop\N{FULLWIDTH COMMA}rock", "separate"),
        ("pop \N{BULLET} rock", "separate"),
        ("pop (uk", "brackets"),
        ("__import__('os').getcwd() + []", "within a name"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(text, reason):
    """With a reason that names the trouble."""
    with pytest.raises(ValueError, match=reason):
        parse_genres(text)


@pytest.mark.parametrize("word", sorted(NO_GENRE - {""}))
def test_words_for_nothing_are_no_micro_genres(word):
    """Alone, in capitals, in a list, and between others."""
    assert parse_genres(f" {word.upper()} ") == []
    assert parse_genres(json.dumps([word, "pop"])) == ["pop"]


def column(*texts: str) -> tuple[list[list[str] | None], str]:
    """Lists of a column, and its caveat."""
    form = recognise_form(texts)
    return parse_cells(pa.array(texts), form).to_pylist(), form.caveat


def test_a_semicolon_in_one_cell_tells_what_separates_all():
    """A comma beside it is part of a name, and that is said."""
    lists, caveat = column("rock, 60s; pop", "drum &amp; bass", "pop")

    assert lists == [["rock, 60s", "pop"], ["drum &amp; bass"], ["pop"]]
    assert caveat == "micro-genres are separated by semicolons: a comma is part of a name"


def test_cells_of_commas_among_cells_of_semicolons_are_refused():
    """One stray semicolon must not glue the lists of all other cells."""
    lists, caveat = column("dance pop, pop", "rock; metal", "jazz, bebop; swing", "opera")

    assert lists == [None, ["rock", "metal"], None, ["opera"]]
    assert "cells with a comma are rejected" in caveat


def test_semicolons_and_bars_in_one_column_are_refused():
    """Cells of one name and cells in quotes are read all the same."""
    lists, caveat = column("a; b", "c | d", "e, f", "opera", "['g', 'h']")

    assert lists == [None, None, None, ["opera"], ["g", "h"]]
    assert "semicolons and vertical bars" in caveat


def test_slashes_separate_names_that_stand_in_other_cells_too():
    """And that is said."""
    lists, caveat = column("dance pop/pop", "pop", "rock / classic rock/pop", "soul")

    assert lists == [["dance pop", "pop"], ["pop"], ["rock", "classic rock", "pop"], ["soul"]]
    assert caveat == "micro-genres are separated by slashes: cells are split there"


@pytest.mark.parametrize("other", ["folk/acoustic, pop", "world/traditional"])
def test_slashes_are_part_of_a_name_elsewhere(other):
    """Where commas separate, or where no name beside a slash stands in another cell."""
    lists, _ = column("hip-hop/rap", "soul", other)

    assert lists == [["hip-hop/rap"], ["soul"], other.split(", ")]


def test_slashes_that_nothing_explains_are_refused():
    """Another cell has several of them, so that the one of `hip-hop/rap` may separate too."""
    lists, caveat = column("hip-hop/rap", "soul", "rock/blues/jazz")

    assert lists == [None, ["soul"], None]
    assert "cells with a slash are rejected" in caveat


def test_lists_of_one_name_with_commas_are_refused_where_none_has_several():
    """They are whole lists that were joined before they were put in brackets."""
    lists, caveat = column("['a, b']", "['c, d, e']", "['f']", "['g, h']")

    assert lists == [None, None, ["f"], None]
    assert "several names joined" in caveat


def test_a_list_of_several_names_proves_that_commas_are_part_of_names():
    """As they are in `rock, 60s`."""
    lists, caveat = column("['a, b']", "['c, d, e']", "['f', 'i']", "['g, h']")

    assert lists == [["a, b"], ["c, d, e"], ["f", "i"], ["g, h"]]
    assert not caveat


@given(
    names=st.lists(plain_name | st.just("rock, 60s") | st.just("caf\u00e9 \u2019n"), max_size=4),
    form=st.sampled_from(["Python list", "JSON", "JSON in UTF-8", "tuple", "NumPy"]),
    again=st.sampled_from(
        [json.dumps, lambda text: json.dumps(json.dumps(text)), doubled, lambda text: f'"{text}"']
    ),
)
def test_a_list_in_quotes_once_more_is_that_list(names, form, again):
    """Whatever put the quotes around it; or the cell is refused."""
    assert written(lambda names: again(FORMS[form](names)), names) in (names, None)


def test_the_form_of_a_column_that_comes_in_portions():
    """It is that of the whole, in any order, and looking twice changes nothing."""
    texts = ["dance pop, pop", "['a']", "rock; metal", "unknown", None]
    finder = FormFinder()
    for text in [*texts, *reversed(texts)]:
        finder.add(pa.array([text], pa.string()))

    assert finder.form() == recognise_form(pa.array(texts))
    assert finder.form().name == "lists of Python or JSON, names separated by semicolons and commas"


def test_an_empty_column_has_a_form():
    """Which says so."""
    assert recognise_form([]).name == recognise_form(["", "nan", "[]"]).name == "no micro-genres"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        "[" + "'a', " * 60_000,
        "'" * 300_000,
        '"' * 300_001,
        "'a" * 150_000,
        "'8," * 100_000,
        "[" + "'a'b" * 70_000,
        "\\" * 300_000,
        "&amp" * 80_000,
        "a;" * 150_000,
        "['" + "a\\'" * 100_000,
        "array(" * 50_000,
    ],
    ids=lambda text: f"{text[:8]} and on",
)
def test_a_cell_of_any_length_ends(text):
    """A third of a million signs are refused or read in processor seconds, not hours."""
    start = time.process_time()
    why_refused(text, recognise_form([text]))

    assert time.process_time() - start < 5
