"""Champion and challenger: whether a new model replaces the one in use.

Conventions: both are judged on the same rows, those of the gate, which neither was fitted on. Better and
worse mean beyond noise: the 95 % interval of the paired difference (`genrelab.scores.compare`) lies wholly on
one side of 0.

The test part plays no role. Moving an alias does not belong here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.scores import Difference, compare

FloatArray = npt.NDArray[np.float64]


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
    challenger_is_sample: bool,
    champion_is_sample: bool = False,
    seed: int,
) -> Decision:
    """Judge a challenger on the rows of the gate.

    Promoted when macro F1 is better and log loss is not worse, both beyond noise. Real data go before sample
    data, whatever the scores. Without a champion, or against one made from sample data, the challenger has to
    beat the baseline that gives every label its share of the rows.

    Args:
        y_true: Label of each row of the gate.
        challenger_proba: Probabilities of the challenger, shape (rows, labels).
        champion_proba: Those of the champion, or None when there is none (or it cannot be applied to these
            rows).
        labels: The labels, in the order of the columns.
        challenger_is_sample: Whether the challenger was trained on sample data.
        champion_is_sample: Whether the champion was.
        seed: Seed of the bootstrap.

    Raises:
        ValueError: See `genrelab.scores.validate`.
    """
    if champion_proba is not None and challenger_is_sample and not champion_is_sample:
        return Decision(
            promoted=False,
            reason="Not promoted: trained on sample data, and the champion was trained on real data.",
            numbers=compare(y_true, challenger_proba, champion_proba, labels, seed),
        )
    replaces_sample = champion_proba is not None and champion_is_sample and not challenger_is_sample
    if champion_proba is None or replaces_sample:
        numbers = compare(y_true, challenger_proba, _shares(y_true, labels), labels, seed)
        first = "the first trained on real data" if replaces_sample else "the first champion"
        return _judged(numbers, rival="the baseline", occasion=f"{first}, and ")
    numbers = compare(y_true, challenger_proba, champion_proba, labels, seed)
    return _judged(numbers, rival="the champion", occasion="")


def _judged(numbers: dict[str, Difference], *, rival: str, occasion: str) -> Decision:
    f1, loss = numbers["macro_f1"], numbers["log_loss"]
    said = f"macro F1 {_in_words(f1)} and log loss {_in_words(loss)} against {rival}"
    if f1.high < 0:
        return Decision(promoted=False, reason=f"Not promoted: worse in macro F1 ({said}).", numbers=numbers)
    if f1.low <= 0:
        return Decision(
            promoted=False, reason=f"Not promoted: no difference beyond noise ({said}).", numbers=numbers
        )
    if loss.low > 0:
        return Decision(
            promoted=False,
            reason=f"Not promoted: better in macro F1 but worse in log loss ({said}).",
            numbers=numbers,
        )
    return Decision(
        promoted=True, reason=f"Promoted: {occasion}better beyond noise ({said}).", numbers=numbers
    )


def _in_words(difference: Difference) -> str:
    return f"{difference.value:+.4f} ({difference.low:+.4f} to {difference.high:+.4f})"


def _shares(y_true: Sequence[str] | npt.NDArray[np.str_], labels: Sequence[str]) -> FloatArray:
    """The baseline: every row gets each label's share of the rows."""
    shares = np.array([np.mean(np.asarray(y_true) == label) for label in labels])
    return np.tile(shares, (len(y_true), 1))
