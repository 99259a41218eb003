"""An audit as tables of text, FMA's genres by the rules, and the setting that chooses the rule set."""

from pathlib import Path

import pyarrow as pa
import pytest
from rule_facts import rule_facts

from genrelab.analyses.rule_audit.fma import bin_fma
from genrelab.analyses.rule_audit.tables import Section, audit_sections, comparison_sections, in_markdown
from genrelab.rules import RuleError, load_active, load_rule_set, rule_digests, shipped
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import load_settings
from genrelab.tables.spotify import SHIPPED_RULE_SETS, SPOTIFY_BINNED, binned_by


def test_an_audit_has_a_table_for_each_question():
    """Coverage, bins, rules, gaps and conflicts; the bins add up to all tracks."""
    found = rule_facts().sets[0]
    sections = audit_sections(found)

    assert len(sections) == 5
    assert f"{found.coverage:.2%} of {found.tracks} tracks" in sections[0].title
    assert sum(int(row[1].replace(",", "")) for row in sections[1].rows) == found.tracks
    assert sections[1].rows[-1][0] == "(none)"
    assert "never hit" in {row[-1] for row in sections[2].rows}
    assert ("indie rock", "5", "pop, rock", "pop") in sections[4].rows


def test_a_long_list_says_that_it_is_cut():
    """The title tells the number of all."""
    found = rule_facts().sets[0]
    unmatched = audit_sections(found, shown=2)[3]

    assert len(unmatched.rows) == 2
    assert (
        unmatched.title == f"classic: {found.unmatched.micro_genres} micro-genres without a rule; the first 2"
    )


def test_a_comparison_tells_where_tracks_go():
    """From, to, how many, and what decided."""
    section = comparison_sections(rule_facts().comparisons[0])[0]

    assert section.title.startswith("From classic to reviewed: ")
    assert section.rows[0] == ("pop", "rock", "5", "indie rock -> indie rock (5)")


def test_markdown_keeps_what_would_break_its_tables():
    """A bar, a tag and a line break inside a micro-genre stay text of one cell."""
    text = in_markdown([Section("All", ("micro-genre", "# tracks"), (("a|b <i>\nc", "3"),))])

    assert text == "### All\n\n| micro-genre | tracks |\n| --- | ---: |\n| a\\|b &lt;i>  c | 3 |\n".replace(
        "  ", " "
    )


def test_fma_genres_go_where_their_titles_say():
    """Capitals do not count; a genre inherits nothing; tracks are counted by all of their titles."""
    genres = pa.table(
        {
            "title": ["Folk", "Punk", "Poetry"],
            "top_level_title": ["Folk", "Rock", None],
            "track_count": [2, 9, None],
        }
    )
    tracks = pa.array([["Folk"], ["Punk", "Poetry"], ["Poetry"], [], None], pa.list_(pa.string()))
    found = bin_fma(genres, tracks, {"reviewed": load_rule_set("reviewed")})

    assert [(row.genre, row.bins["reviewed"]) for row in found.genres] == [
        ("Punk", "hardcore"),
        ("Folk", "country/folk"),
        ("Poetry", None),
    ]
    bins = {row.bin: row.tracks for row in found.sets["reviewed"].bins}
    assert (bins["hardcore"], bins["country/folk"], bins[None]) == (1, 1, 3)
    assert sum(bins.values()) == found.sets["reviewed"].tracks == 5


def test_every_set_that_ships_has_its_column():
    """A new file under rules/ needs a column; a user's own set brings one along."""
    assert set(SHIPPED_RULE_SETS) == set(shipped())
    assert {f"bin_{name}" for name in shipped()} <= set(SPOTIFY_BINNED.names)
    assert binned_by("mine").names == [*SPOTIFY_BINNED.names, "bin_mine"]


def test_the_rule_set_is_chosen_by_file_then_environment_then_command(
    home: Home, monkeypatch: pytest.MonkeyPatch, mine: Path
):
    """Each overrides the one before; without any it is reviewed."""
    assert load_settings().rules == "reviewed"
    home.settings_file.write_text('[rules]\nactive = "mine.toml"\n')
    assert load_settings().rules == str(mine)
    monkeypatch.setenv("GENRELAB_RULES", "classic")
    assert load_settings().rules == "classic"
    assert load_settings(rules=str(mine)).rules == str(mine)


@pytest.mark.parametrize("value", ['"clasic"', '"."', "7"])
def test_a_rule_set_that_is_not_there_names_those_that_are(home: Home, value: str):
    """A slip of the keyboard, a folder, and a number."""
    home.settings_file.write_text(f"[rules]\nactive = {value}\n")
    with pytest.raises(SettingsError, match="allowed: classic, reviewed, or the path"):
        load_settings()


@pytest.mark.usefixtures("home")
def test_a_users_own_set_decides_beside_those_that_ship(mine: Path):
    """All of them run; the active one is the user's."""
    active, rule_sets = load_active(str(mine))

    assert active == "mine"
    assert list(rule_sets) == [*SHIPPED_RULE_SETS, "mine"]


@pytest.mark.usefixtures("home")
def test_the_fingerprint_follows_the_rules_and_not_the_remarks(mine: Path):
    """Another active set or another pattern makes the step run; a comment in the file does not."""
    settings = load_settings(rules=str(mine))
    before, rules = rule_digests(settings.rules), mine.read_text()
    mine.write_text("# a remark\n" + rules)
    assert rule_digests(settings.rules) == before
    mine.write_text(rules.replace("'rap|hip hop'", "'rap|hip hop$'"))
    changed = rule_digests(settings.rules)
    assert changed != before
    assert rule_digests("classic") not in (before, rule_digests("reviewed"))


@pytest.mark.usefixtures("home")
def test_a_faulty_file_changes_the_fingerprint_and_fails_the_step(mine: Path):
    """The step runs, and tells the fault, instead of being skipped."""
    settings = load_settings(rules=str(mine))
    before = rule_digests(settings.rules)
    mine.write_text(mine.read_text().replace("'rap|hip hop'", "'rap('"))

    assert rule_digests(settings.rules) != before
    with pytest.raises(RuleError, match="line 6"):
        load_active(settings.rules)
