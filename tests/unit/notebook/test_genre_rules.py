"""`gl.rules().bin()`."""

import numpy as np
import pytest

import genrelab as gl
from genrelab.rules import load_rule_set
from genrelab.rules.loader import RuleError


def test_every_proof_of_a_rule_set_gets_the_bin_and_the_reason_of_its_rule():
    """The same answer as the pipeline's, with the comment of the rule that decided."""

    reviewed = load_rule_set("reviewed")
    proofs = [(proof, rule) for rule in reviewed.rules for proof in rule.proofs]

    found = gl.rules("reviewed").bin([proof for proof, _ in proofs])

    assert found["bin"].tolist() == [rule.bin for _, rule in proofs]
    assert found["rule"].tolist() == [rule.name for _, rule in proofs]
    assert found["reason"].tolist() == [" ".join(rule.comment.split()) for _, rule in proofs]


def test_missing_and_unmatched_genres_have_no_bin():
    """None, an empty list, NaN of a frame and an unknown micro-genre each keep their row."""

    found = gl.rules().bin([None, [], float("nan"), "qwertyuiop", np.array(["indie pop"], dtype=object)])

    assert found["bin"].isna().tolist() == [True, True, True, True, False]
    assert found["reason"].isna().tolist() == [True, True, True, True, False]


@pytest.mark.parametrize("entry", [7, ["pop", 3], {"pop": 1}.values()])
def test_what_is_no_text_is_refused(entry):
    """The error shows it."""

    with pytest.raises(gl.GenrelabError, match="micro-genres must be texts"):
        gl.rules().bin([entry])


def test_a_rule_set_of_ones_own_is_read_by_its_path(mine):
    """The rules of the file decide."""

    assert gl.rules(mine).bin(["comedy"])["bin"].tolist() == ["pop"]


def test_an_unknown_rule_set_is_named():
    """With those that there are."""

    with pytest.raises(RuleError, match="allowed: classic, reviewed"):
        gl.rules("reviews")
