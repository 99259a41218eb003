"""One spelling for all ways to write a micro-genre."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.rules import RuleError, bin_tracks, load_rule_set
from genrelab.rules.loader import parse_rule_set
from genrelab.rules.spelling import fold_pattern, fold_spelling
from genrelab.sources.spotify import read_pulls

MINE = """name = "mine"
{spelling}
[[rule]]
bin = "rap/hip hop"
pattern = 'hip-hop$'
proofs = ["hip-hop"]
"""
BLANKS = [" ", "-", "_", "  ", " - ", "\N{EN DASH}", "\N{NON-BREAKING HYPHEN}", "\N{NO-BREAK SPACE}"]
APOSTROPHES = ["'", "\N{RIGHT SINGLE QUOTATION MARK}", "`", "\N{ACUTE ACCENT}", "&#39;", ""]
ANDS = [
    " and ",
    " & ",
    "&",
    "-and-",
    " &amp; ",
    " n ",
    " 'n' ",
    "'n'",
    " n\N{RIGHT SINGLE QUOTATION MARK} ",
    "-n-",
]

words = st.from_regex(r"[a-m][a-z]{1,7}", fullmatch=True).filter(lambda word: word != "and")


@st.composite
def spellings(draw: st.DrawFn) -> tuple[str, str]:
    """A micro-genre in the one spelling, and in another."""
    parts = draw(st.lists(words, min_size=1, max_size=4))
    one = other = parts[0]
    for part in parts[1:]:
        spelled, signs = draw(st.sampled_from([(" ", BLANKS), ("", APOSTROPHES), (" and ", ANDS)]))
        one += spelled + part
        other += draw(st.sampled_from(signs)) + part
    return one, draw(st.sampled_from([other, other.upper(), other.title(), f" {other} "]))


def folded(text: str) -> str:
    return fold_spelling(pa.array([text]))[0].as_py()


def reviewed(*micro_genres: str) -> list[str | None]:
    lists = pa.array([[text] for text in micro_genres], pa.list_(pa.string()))
    return bin_tracks(lists, load_rule_set("reviewed")).bins.to_pylist()


@given(spellings())
def test_every_spelling_is_the_same_micro_genre(pair):
    """Hyphens, dashes, apostrophes, ampersands, blanks and capitals in any mixture."""
    one, other = pair

    assert folded(other) == one


@given(spellings())
def test_a_pattern_hits_whatever_it_names(pair):
    """However the rule and the micro-genre are written."""
    one, other = pair
    pattern = fold_pattern(other.strip().lower().replace("\N{NO-BREAK SPACE}", " ").replace("&#39;", "'"))

    assert pattern.split() == one.split()


@given(st.text(max_size=40))
def test_folding_is_total(text):
    """Any text has one spelling, without capitals, hyphens, apostrophes or blanks around it."""
    found = folded(text)

    assert found == found.strip().lower()
    assert not set(found) & set("-_'&")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\b(hip-hop|lo-?fi)$", r"\b(hip hop|lo ?fi)$"),
        (r"children'?s (music|folk)", "childrens (music|folk)"),
        (r"r\&b|rock\-and\-roll", "r and b|rock and roll"),
        (r"drum & bass|r&?b", "drum and bass|r(?: and )?b"),
        (r"k[-_]pop|k[ -]pop|[a-z]pop|[^-]pop", r"k[\x20\-_]pop|k[ -]pop|[a-z]pop|[^-]pop"),
        ("children['\N{RIGHT SINGLE QUOTATION MARK}]?s", "childrens"),
        (r"(?i-s:pop)|(?P<a_b>x)|\p{Pd}|\x{2d}|\Wn\b", r"(?i-s:pop)|(?P<a_b>x)|\p{Pd}|\x{2d}|\Wn\b"),
    ],
)
def test_patterns_are_rewritten_where_they_name_a_sign(pattern, expected):
    """Groups, classes, repetitions and escapes keep their meaning."""
    assert fold_pattern(pattern) == expected


@pytest.mark.parametrize(
    ("written", "genre_bin"),
    [
        (("post-punk", "post punk", "postpunk", "Post_Punk"), "rock"),
        (
            ("rock-and-roll", "rock and roll", "Rock & Roll", "rock 'n' roll", "rock'n'roll", "rock-n-roll"),
            "rock",
        ),
        (("dark wave", "darkwave", "dark-wave"), "rock"),
        (("proto-punk", "proto punk", "protopunk"), "rock"),
        (("brit pop", "britpop"), "rock"),
        (("new age", "new-age"), "focus/sleep"),
        (("show tunes", "show-tunes"), "jazz/blues"),
        (("r&b", "R&amp;B", "rnb", "r-n-b", "r'n'b", "r and b"), "jazz/blues"),
        (("honky tonk", "honky-tonk", "honkytonk"), "country/folk"),
        (
            ("children's music", "children\N{RIGHT SINGLE QUOTATION MARK}s music", "Childrens Music"),
            "country/folk",
        ),
        (("singer-songwriter", "singer songwriter", "Singer/Songwriter"), "country/folk"),
        (("merengue urbano", "urbano latino"), "mexicano/latino"),
        (("norteno", "norteño", "norte&ntilde;o"), "mexicano/latino"),
        (("hip hop", "hip-hop", "hiphop"), "rap/hip hop"),
        (("lo-fi beats", "lofi beats"), "rap/hip hop"),
        (("drum and bass", "drum & bass", "drum n bass", "drum'n'bass", "d&b", "dnb"), "dance"),
        (("a cappella", "acappella", "A Capella"), "pop"),
        (("avant-garde", "avantgarde", "avant garde"), "classical"),
        (("anarcho-punk", "anarcho punk"), "hardcore"),
        (("samba-jazz", "samba jazz"), "jazz/blues"),
    ],
)
def test_reviewed_bins_every_spelling_alike(written, genre_bin):
    """As it bins the spelling that Spotify uses."""
    assert reviewed(*written) == [genre_bin] * len(written)


def test_classic_matches_each_micro_genre_as_it_is_written():
    """The documents know r&b and no rnb."""
    lists = pa.array([["r&b"], ["r and b"], ["hip-hop"]], pa.list_(pa.string()))

    assert bin_tracks(lists, load_rule_set("classic")).bins.to_pylist() == ["jazz/blues", None, None]


def test_a_users_set_takes_any_spelling_unless_it_says_otherwise():
    """Which changes its digest, so that steps run again; any other word is a fault."""
    lists = pa.array([["hip hop"], ["hip-hop"]], pa.list_(pa.string()))
    default, exact = (
        parse_rule_set(MINE.format(spelling=line), origin="x") for line in ("", 'spelling = "exact"')
    )

    assert bin_tracks(lists, default).bins.to_pylist() == ["rap/hip hop", "rap/hip hop"]
    assert bin_tracks(lists, exact).bins.to_pylist() == [None, "rap/hip hop"]
    assert default.digest != exact.digest
    with pytest.raises(RuleError, match=r"line 2: unknown spelling 'loose' \(allowed: any, exact\)"):
        parse_rule_set(MINE.format(spelling='spelling = "loose"'), origin="x")


@pytest.mark.real
def test_real_micro_genres_keep_their_bins_in_other_spellings(real_data):
    """Hyphens for blanks and blanks for hyphens, `&amp;`, other apostrophes, and capitals."""
    names = (
        read_pulls(real_data / "spotify" / "pulls")
        .data["genres"]
        .combine_chunks()
        .flatten()
        .unique()
        .to_pylist()
    )
    expected = reviewed(*names)

    assert len(names) == 1_735
    for old, new in (
        (" ", "-"),
        (" ", "_"),
        ("-", " "),
        ("&", "&amp;"),
        ("'", "\N{RIGHT SINGLE QUOTATION MARK}"),
    ):
        assert reviewed(*(name.replace(old, new).title() for name in names)) == expected
