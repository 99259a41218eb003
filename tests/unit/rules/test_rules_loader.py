"""Rule files with faults: each is named with its line."""

import pyarrow as pa
import pytest

from genrelab.rules import RuleError, bin_tracks, load_rule_set
from genrelab.rules.loader import parse_rule_set

GOOD = """name = "mine"

[[rule]]
bin = "pop"
pattern = 'pop'
comment = "x"
proofs = ["dance pop"]

[[rule]]
bin = "rock"
pattern = 'rock'
proofs = ["hard rock"]
"""


def fault(text: str) -> str:
    with pytest.raises(RuleError) as raised:
        parse_rule_set(text, origin="mine.toml")
    return str(raised.value)


def test_a_good_file_loads():
    """Rules in order, each with its line."""
    rules = parse_rule_set(GOOD, origin="mine.toml")

    assert [(rule.bin, rule.line) for rule in rules.rules] == [("pop", 3), ("rock", 9)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("'rock'", "'rock('", "line 11: rule 'rock': the pattern 'rock(' is not a regular expression of RE2"),
        ("'rock'", "'rock(?!abilly)'", "line 11: rule 'rock': the pattern 'rock(?!abilly)' uses lookaround"),
        ("'rock'", "'(?<=hard )rock'", "line 11: rule 'rock': the pattern '(?<=hard )rock' uses lookaround"),
        ("'rock'", r"'(r)ock\1'", "uses a back-reference"),
        ("'rock'", "'rock|'", "hits every micro-genre"),
        ("comment =", "coment =", "line 6: rule 'pop' has the unknown key coment"),
        ('name = "mine"', 'name = "mine"\ncolour = 1', "line 2: unknown key colour"),
        ('name = "mine"', 'name = "Mine!"', "line 1: the set needs a name"),
        ('name = "mine"', 'name = "mine"\ndecision = "coin"', "line 2: unknown decision 'coin'"),
        ('bin = "rock"', 'bin = "pop"', "line 9: a second rule for the bin 'pop', the first is at line 3"),
        ('bin = "rock"', 'bin = "polka"', "line 10: rule 'polka' has an unknown bin 'polka'"),
        ('bin = "rock"', 'bin = "rock"\nname = "pop"', "line 9: the name 'pop' is taken by line 3"),
        ('bin = "rock"\n', "", "line 9: rule 'without a bin' lacks bin"),
        (
            '"hard rock"',
            '"hard rock", "pop rock"',
            "line 9: rule 'rock' does not win its own example 'pop rock'",
        ),
        ('"hard rock"', '"polka"', "line 9: rule 'rock' does not hit its own example 'polka'"),
        ("'rock'", "'pop rock|power pop'", "line 9: rule 'rock' can never fire: every text with 'pop rock'"),
        ('proofs = ["hard rock"]', "", "line 9: rule 'rock' lacks proofs"),
        ('["hard rock"]', "[]", "line 12: rule 'rock': proofs is empty"),
        ("'rock'", "7", "line 11: rule 'rock': pattern must be a text"),
        ('bin = "rock"', 'bin = "rock"\nbin = "pop"', "at line 11"),
        ("[[rule]]", "[[rool]]", "unknown key rool"),
    ],
)
def test_a_fault_is_named_with_its_line(old, new, expected):
    """One change to a good file, one fault told."""
    head, found, tail = GOOD.rpartition(old)
    assert found

    assert expected in fault(head + new + tail)


def test_all_faults_are_told_at_once():
    """A broken pattern and an unknown key in one message."""
    told = fault(GOOD.replace("'rock'", "'rock('").replace("comment", "coment"))

    assert "2 faults" in told
    assert "line 6" in told
    assert "line 11" in told


def test_a_rule_head_inside_a_comment_does_not_shift_the_lines():
    """Three quotes may hold anything."""
    text = GOOD.replace('comment = "x"', 'comment = """\n[[rule]]\npattern = 1\n"""').replace(
        "'rock'", "'rock('"
    )

    assert "line 14: rule 'rock'" in fault(text)


def test_an_accent_in_a_pattern_still_hits():
    """Micro-genres lose their accents before they are matched, and so do patterns."""
    text = GOOD.replace("'rock'", "'norteño'").replace("hard rock", "Norteño")

    assert parse_rule_set(text, origin="x").rules[1].pattern == "norteno"


@pytest.mark.parametrize("pattern", ["(a*)*b", "(x+x+)+y", "(.*)(.*)(.*)(.*)z"])
def test_a_pattern_that_hangs_elsewhere_answers_here(pattern):
    """RE2 runs in linear time, so this test ends."""
    text = GOOD.replace("'rock'", f"'{pattern}'").replace("hard rock", "aaxxxxyzb")
    rules = parse_rule_set(text, origin="x")

    assert bin_tracks(pa.array([["x" * 50_000]]), rules).bins.to_pylist() == [None]


def test_a_missing_set_names_those_that_ship(tmp_path):
    """What ships is told, and that a path would do."""
    with pytest.raises(RuleError, match=r"allowed: classic, reviewed, or the path"):
        load_rule_set("clasic")
    with pytest.raises(RuleError, match="found: a folder"):
        load_rule_set(tmp_path)


def test_a_users_file_cannot_take_a_shipped_name(tmp_path):
    """A changed copy of classic must not pass for classic."""
    path = tmp_path / "rules.toml"
    path.write_text(GOOD.replace("mine", "classic"))

    with pytest.raises(RuleError, match="name of a shipped rule set"):
        load_rule_set(path)


def test_a_users_file_loads_by_its_path(tmp_path):
    """With a byte order mark, as some editors write."""
    path = tmp_path / "rules.toml"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")

    assert load_rule_set(path).name == "mine"


def test_a_file_that_is_no_utf8_is_an_error(tmp_path):
    """Latin-1 bytes are named, not guessed."""
    path = tmp_path / "rules.toml"
    path.write_bytes(GOOD.replace('"x"', '"é"').encode("latin-1"))

    with pytest.raises(RuleError, match="not text in UTF-8"):
        load_rule_set(path)


def test_the_digest_follows_the_content():
    """It changes with a pattern and not with a comment line of TOML."""
    digest = parse_rule_set(GOOD, origin="x").digest

    assert parse_rule_set("# a remark\n" + GOOD, origin="x").digest == digest
    assert parse_rule_set(GOOD.replace("'rock'", "'rock$'"), origin="x").digest != digest


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("pattern = ['a',", "close every list with ]"),
        ('pattern = "a\\w"', "single quotes"),
        ("pattern", "correct this line"),
    ],
)
def test_the_advice_fits_the_fault_of_the_file(line: str, advice: str) -> None:
    """An unclosed list, a backslash in double quotes, a key without a value."""
    text = f"name = 'x'\n[[rule]]\nbin = 'pop'\n{line}\nproofs = ['a']\n"
    with pytest.raises(RuleError) as raised:
        parse_rule_set(text, origin="x.toml")

    assert advice in raised.value.do
