"""Champion and challenger: whether a new model replaces the one in use.

Conventions: both are judged on the same rows, those of the gate, which neither was fitted on. Better and
worse mean beyond noise: the 95 % interval of the paired difference (`genrelab.evaluation.scores.compare`) lies
wholly on one side of 0.

The test part plays no role. Moving an alias does not belong here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Difference
from genrelab.evaluation.sampling import Groups
from genrelab.evaluation.scores import compare

FloatArray = npt.NDArray[np.float64]

DECIDING = ("macro_f1", "log_loss")
"""The scores used for the decision; the others are only reported."""


@dataclass(frozen=True)
class Decision:
    """Whether the challenger becomes champion, and why.

    Args:
        promoted: Whether it does.
        reason: The same in a sentence.
        numbers: Differences (challenger minus champion, or minus the baseline) with their intervals, by
            score.
    """

    promoted: bool
    reason: str
    numbers: dict[str, Difference]


def decide(
    y_true: Sequence[str] | npt.NDArray[np.str_],
    challenger_proba: FloatArray,
    champion_proba: FloatArray | None,
    labels: Sequence[str],
    *,
    groups: Groups,
    challenger_is_sample: bool,
    champion_is_sample: bool = False,
    has_champion: bool | None = None,
    refused: Mapping[str, FloatArray] | None = None,
    seed: int,
) -> Decision:
    """Judge a challenger on the rows of the gate.

    Promoted when macro F1 is better and log loss is not worse, both beyond noise. Real data go before sample
    data, whatever the scores. Without a champion, or against one made from sample data or one that cannot be
    compared, the challenger has to beat the baseline that gives every label its share of the rows. The double of
    a version that a person took back is not promoted.

    Args:
        y_true: Label of each row of the gate.
        challenger_proba: Probabilities of the challenger, shape (rows, labels).
        champion_proba: Those of the champion, or None when there is none, or it cannot be applied to these
            rows.
        labels: The labels, in the order of the columns.
        groups: Artist of each row.
        challenger_is_sample: Whether the challenger was trained on sample data.
        champion_is_sample: Whether the champion was.
        has_champion: Whether there is a champion; None takes it from `champion_proba`.
        refused: Probabilities of versions that were rolled back and may return in this challenger, by what to
            call them.
        seed: Seed of the bootstrap.

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    is_there = champion_proba is not None if has_champion is None else has_champion
    baseline = _shares(y_true, labels)
    rival = baseline if champion_proba is None else champion_proba
    if is_there and challenger_is_sample and not champion_is_sample:
        return Decision(
            promoted=False,
            reason="Not promoted: trained on sample data, and the champion was trained on real data.",
            numbers=compare(y_true, challenger_proba, rival, labels, seed, groups=groups),
        )
    if is_there and champion_is_sample and not challenger_is_sample:
        numbers = compare(y_true, challenger_proba, baseline, labels, seed, groups=groups)
        decision = _judged(numbers, rival="the baseline", occasion="the first trained on real data, and ")
    else:
        numbers = compare(y_true, challenger_proba, rival, labels, seed, groups=groups)
        if champion_proba is not None:
            decision = _judged(numbers, rival="the champion", occasion="")
        else:
            occasion = (
                "in place of a champion that cannot be compared, " if is_there else "the first champion, and "
            )
            decision = _judged(numbers, rival="the baseline", occasion=occasion)
    if not decision.promoted:
        return decision
    won = decision.reason.removeprefix("Promoted: ")
    for reference, proba in (refused or {}).items():
        difference = compare(y_true, challenger_proba, proba, labels, seed, groups=groups)
        if not any(difference[score].is_positive or difference[score].is_negative for score in DECIDING):
            reason = f"Not promoted: no different beyond noise from {reference}. Otherwise {won}"
            return replace(decision, promoted=False, reason=reason)
    return decision


def _judged(numbers: dict[str, Difference], *, rival: str, occasion: str) -> Decision:
    f1, loss = numbers["macro_f1"], numbers["log_loss"]
    said = f"macro F1 {f1} and log loss {loss} against {rival}"
    if f1.is_negative:
        return Decision(promoted=False, reason=f"Not promoted: worse in macro F1 ({said}).", numbers=numbers)
    if not f1.is_positive:
        return Decision(
            promoted=False, reason=f"Not promoted: no difference beyond noise ({said}).", numbers=numbers
        )
    if loss.is_positive:
        return Decision(
            promoted=False,
            reason=f"Not promoted: better in macro F1 but worse in log loss ({said}).",
            numbers=numbers,
        )
    return Decision(
        promoted=True, reason=f"Promoted: {occasion}better beyond noise ({said}).", numbers=numbers
    )


def _shares(y_true: Sequence[str] | npt.NDArray[np.str_], labels: Sequence[str]) -> FloatArray:
    """The baseline: every row gets each label's share of the rows."""
    shares = np.array([np.mean(np.asarray(y_true) == label) for label in labels])
    return np.tile(shares, (len(y_true), 1))
