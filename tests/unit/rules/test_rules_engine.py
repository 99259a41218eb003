"""The engine: who wins, what is counted, and what odd lists do."""

import pyarrow as pa
import pytest

from genrelab.analyses.rule_audit.audit import audit, compare
from genrelab.analyses.rule_audit.result import BinShare, ContestedGenre, Decider, Move, UnmatchedGenre
from genrelab.rules import bin_tracks, claims
from genrelab.rules.loader import parse_rule_set

TEXT = """
name = "test"
decision = "{decision}"
[[rule]]
bin = "rock"
pattern = ['rock$', 'grunge']
unless = 'pop rock$'
proofs = ["rock"]
[[rule]]
bin = "pop"
pattern = 'pop'
proofs = ["pop"]
[[rule]]
bin = "dance"
pattern = 'house$|norteño'
proofs = ["deep house"]
"""
FIRST = parse_rule_set(TEXT.format(decision="first"), origin="test")
VOTE = parse_rule_set(TEXT.format(decision="vote"), origin="test")


def lists(*tracks):
    return pa.array(tracks, pa.list_(pa.string()))


def test_lists_of_python_are_as_good_as_those_of_arrow():
    """None is a track without micro-genres."""
    tracks = [["pop", "hard rock"], None, []]

    assert bin_tracks(tracks, FIRST) == bin_tracks(lists(*tracks), FIRST)


def test_first_rule_in_order_wins():
    """One hit of an earlier rule outweighs any number of later ones."""
    binned = bin_tracks(lists(["pop", "dance pop", "hard rock"]), FIRST)

    assert (binned.bins[0].as_py(), binned.micro_genres[0].as_py()) == ("rock", "hard rock")


def test_majority_wins_a_vote():
    """Two micro-genres outvote one."""
    binned = bin_tracks(lists(["hard rock", "pop", "dance pop"]), VOTE)

    assert (binned.bins[0].as_py(), binned.rules[0].as_py(), binned.micro_genres[0].as_py()) == (
        "pop",
        "pop",
        "pop",
    )


def test_a_tied_vote_goes_to_the_earlier_rule():
    """One against one: the order of the rules decides."""
    assert bin_tracks(lists(["pop", "hard rock"]), VOTE).bins.to_pylist() == ["rock"]


def test_a_micro_genre_named_twice_votes_once():
    """A repetition in a list is no second opinion."""
    assert bin_tracks(lists(["pop", "pop", "hard rock"]), VOTE).bins.to_pylist() == ["rock"]


def test_the_decider_is_the_first_in_the_list_that_belongs_to_the_winner():
    """It is told as it came, capitals and all."""
    binned = bin_tracks(lists(["Pop Rock", "Art ROCK", "rock"]), FIRST)

    assert binned.micro_genres.to_pylist() == ["Art ROCK"]


def test_unless_leaves_a_micro_genre_to_the_next_rule():
    """Pop rock ends in rock and is left alone on purpose."""
    assert bin_tracks(lists(["pop rock"]), FIRST).bins.to_pylist() == ["pop"]


@pytest.mark.parametrize("rules", [FIRST, VOTE])
def test_odd_lists_are_kept_and_counted(rules):
    """Null lists, empty lists, nulls and blanks inside lists, and other scripts."""
    binned = bin_tracks(lists(None, [], [None], ["", None, "케이팝"], ["Norteño"], ["rock"]), rules)

    assert binned.bins.to_pylist() == [None, None, None, None, "dance", "rock"]
    assert binned.counts == {
        "tracks": 6,
        "binned": 2,
        "unmatched": 2,
        "without_micro_genre": 2,
        "micro_genres": 4,
        "with_capitals": 1,
        "with_accents": 1,
        "in_other_scripts": 1,
    }


@pytest.mark.parametrize("rules", [FIRST, VOTE])
def test_chunks_and_slices_change_nothing(rules):
    """A column in pieces is decided like one in one piece."""
    tracks = [["pop", "rock"], [], ["house"], None, ["pop", "dance pop", "rock"]] * 3
    whole = lists(*tracks)
    pieces = pa.chunked_array([lists(["x"], *tracks[:4]).slice(1), lists(*tracks[4:])])

    assert bin_tracks(pieces, rules).bins.equals(bin_tracks(whole, rules).bins)


def test_no_tracks_are_no_trouble():
    """An empty column gives empty columns."""
    binned = bin_tracks(pa.array([], pa.list_(pa.string())), VOTE)

    assert (len(binned.bins), binned.counts["tracks"]) == (0, 0)
    assert audit(VOTE, pa.array([], pa.list_(pa.string()))).coverage == 0.0


def test_claims_tell_every_rule_that_hits():
    """Rock with pop in front is claimed by rock and pop."""
    assert claims(pa.array(["pop grunge", "deep house"]), FIRST).tolist() == [
        [True, True, False],
        [False, False, True],
    ]


def test_an_audit_names_gaps_and_conflicts():
    """Contested and unmatched micro-genres with their weight, and rules never hit."""
    found = audit(FIRST, lists(["pop grunge"], ["pop grunge", "zydeco"], ["zydeco"], []))

    assert found.coverage == 0.5
    assert found.contested.shown == (
        ContestedGenre(micro_genre="pop grunge", tracks=2, claimed_by=("rock", "pop"), won_by="rock"),
    )
    assert found.unmatched.shown == (UnmatchedGenre(micro_genre="zydeco", tracks=2, tracks_without_bin=1),)
    assert [rule.rule for rule in found.rules if rule.is_never_hit] == ["dance"]
    assert [rule.rule for rule in found.rules if rule.is_shadowed] == ["pop"]
    assert found.bins[-1] == BinShare(bin=None, tracks=2, share=0.5)


def test_a_comparison_names_the_moves():
    """A track that the vote sends elsewhere, with the micro-genres that decided before and after."""
    found = compare(FIRST, VOTE, lists(["rock", "pop", "dance pop"], ["house"], []))

    assert (found.same, found.both_binned, found.agreement) == (2, 2, 0.5)
    assert found.moves == (Move("rock", "pop", 1, (Decider("rock", "pop", 1),)),)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_an_audit_and_a_comparison_are_those_of_all_batches(monkeypatch, size):
    """Lists with repeated, missing and no micro-genres, whole and in batches; a track counts once."""
    some = [["pop grunge", "zydeco", "pop grunge"], [None, "house"], None, [], ["pop grunge", "pop", "rock"]]
    tracks = lists(*some, *some[::-1])
    found = audit(VOTE, tracks), compare(FIRST, VOTE, tracks)
    monkeypatch.setattr("genrelab.lake.stored_rows.BATCH", size)

    assert (audit(VOTE, tracks), compare(FIRST, VOTE, tracks)) == found
    assert [(one.micro_genre, one.tracks) for one in found[0].unmatched.shown] == [("zydeco", 2)]
    assert found[0].contested.tracks == 4
