"""Patterns in words: they say neither more nor less than what the patterns hit."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genrelab.rules import claims, load_rule_set
from genrelab.rules.explain import explain
from genrelab.rules.words import PATTERN, phrase_that_hits, phrases

SETS = ("classic", "reviewed")
PIECES = st.sampled_from(["a", "b", "ab", " ", "(a|b)", "(ab|b a)", r"\b", "a?", "[ab]", r"\w+", "(a|b)?"])
PATTERNS = st.builds(
    lambda start, pieces, end: f"{start}{''.join(pieces)}{end}",
    st.sampled_from(["", "^", r"\b"]),
    st.lists(PIECES, min_size=1, max_size=4),
    st.sampled_from(["", "$", r"\b"]),
)


def hits(pattern: str, text: str) -> bool:
    """Whether the matching engine finds a pattern in a text."""
    return bool(pc.match_substring_regex(pa.array([text]), pattern, ignore_case=True)[0].as_py())


@given(st.lists(PATTERNS, min_size=1, max_size=3).map("|".join), st.text("ab ", max_size=6))
def test_words_hit_what_the_pattern_hits(pattern: str, text: str) -> None:
    """Of any pattern and any text, a phrase is found exactly where RE2 matches."""

    assert (phrase_that_hits(pattern, text) is not None) == hits(pattern, text)


@pytest.mark.parametrize("name", SETS)
def test_every_shipped_rule_is_in_words(name: str) -> None:
    """No shipped rule has to be shown as a pattern."""

    for rule in load_rule_set(name).rules:
        for phrase in (*phrases(rule.pattern), *phrases(rule.unless)):
            assert phrase.how != PATTERN, (rule.name, phrase)


@pytest.mark.parametrize("pattern", ["[^a]b", "a{3}", "a.b", "(?i)a", "[a-f]x", r"\d", "a*"])
def test_what_cannot_be_written_out_stays_a_pattern(pattern: str) -> None:
    """It is shown as it is, and still explains what it hits."""

    assert [(one.how, one.texts) for one in phrases(pattern)] == [(PATTERN, (pattern,))]


def test_a_blank_at_the_edge_is_seen() -> None:
    """The documents' ` hard bop` never hits hard bop itself: the blank is in the words."""

    assert str(phrases(" hard bop")[0]) == "contains ' hard bop'"


def test_many_combinations_stay_a_pattern() -> None:
    """A thousand texts help no reader."""

    assert phrases("(a|b|c|d)" * 6)[0].how == PATTERN


@pytest.mark.parametrize("name", SETS)
def test_an_explanation_names_the_rules_that_match(name: str) -> None:
    """Of the examples of all rules, the same rule wins as in matching, and the same rules match."""
    rules = load_rule_set(name)
    proofs = [proof for rule in rules.rules for proof in rule.proofs]
    for found, row in zip(explain(proofs, rules), claims(pa.array(proofs), rules), strict=True):
        expected = [rule.name for rule, hit in zip(rules.rules, row, strict=True) if hit]
        assert [claim.rule for claim in found.claims if not claim.unless] == expected
        assert found.rule == expected[0]


def test_reasons_read_as_sentences() -> None:
    """Who wins and by which words, who comes later, who has an exception, and who nobody matches."""
    classic, reviewed = map(load_rule_set, SETS)

    assert explain(["indie r&b"], classic)[0].reason == (
        "Rule pop decides: 'indie r&b' contains 'indie'. It comes before jazz/blues, which also matches."
    )
    assert explain(["Jazz-Rap"], reviewed)[0].reason == (
        "Rule rap/hip hop decides: 'jazz rap' ends in 'rap'. Rule jazz/blues leaves it out, because it ends with the"
        " word 'jazz rap'."
    )
    assert explain(["comedy"], reviewed)[0].reason == "No rule matches."


@pytest.mark.parametrize(
    "name", ["", "x" * 300, "<b>'\"", "\u0641\u064a\u0631\u0648\u0632", "\N{GUITAR}", "a\nb"]
)
def test_any_name_can_be_explained(name: str) -> None:
    """Quotes, tags, emoji, right-to-left scripts and 300 characters."""
    for rules in map(load_rule_set, SETS):
        assert explain([name], rules)[0].genre is None
