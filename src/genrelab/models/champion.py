"""Champion and challenger: whether a new model replaces the one in use.

Conventions: one challenger, chosen without the gate (`genrelab.models.candidates`), is judged on the rows of the gate,
which neither model was fitted on, by one score of what each publishes: one label by log loss, several labels by mean
Jaccard. Better and worse mean beyond noise: by the sign-flip test over artists
(`genrelab.evaluation.sign_flips`), whose interval is the one shown. Other scores are only reported.

The test part plays no role. Moving an alias does not belong here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import LOWER_IS_BETTER, Difference
from genrelab.evaluation.sign_flips import FEWEST_ARTISTS
from genrelab.models.kinds import ONE_LABEL, Target, TargetKind

FloatArray = npt.NDArray[np.float64]

IN_WORDS = {"log_loss": "log loss", "jaccard": "mean Jaccard"}


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
    y_true: Target,
    challenger_proba: Target,
    champion_proba: Target | None,
    labels: Sequence[Any],
    *,
    groups: Target,
    challenger_is_sample: bool,
    champion_is_sample: bool = False,
    has_champion: bool | None = None,
    refused: Mapping[str, Target] | None = None,
    shares: Target | None = None,
    seed: int,
    kind: TargetKind = ONE_LABEL,
) -> Decision:
    """Judge a challenger on the rows of the gate.

    Promoted when its log loss, or mean Jaccard, is better beyond noise. Real data go before sample data, whatever the
    scores. Without a champion, or against one made from sample data or one that cannot be compared, the challenger has
    to beat a baseline that answers every row alike. The double of a version that a person took back is not promoted.

    Args:
        y_true: Target of each row of the gate.
        challenger_proba: Published probabilities of the challenger, shape (rows, labels); of several labels, which of
            them it names.
        champion_proba: The same of the champion, or None when there is none, or it cannot be applied to these
            rows.
        labels: The labels, in the order of the columns.
        groups: Artist of each row.
        challenger_is_sample: Whether the challenger was trained on sample data.
        champion_is_sample: Whether the champion was.
        has_champion: Whether there is a champion; None takes it from `champion_proba`.
        refused: The same of versions that were rolled back and may return in this challenger, by what to call them.
        shares: What the baseline says of every row, shape (labels,): the share of each label in the training rows, each
            above 0; of several labels, which are named. None takes those of the gate itself, which no model could
            know: a harder baseline.
        seed: Seed of the intervals.
        kind: Kind of the target.

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    is_there = champion_proba is not None if has_champion is None else has_champion
    own = _shares(y_true, labels) if shares is None else shares
    baseline = np.tile(own, (len(y_true), 1))
    rival = baseline if champion_proba is None else champion_proba

    def against(other: Target) -> dict[str, Difference]:
        return kind.compare(y_true, challenger_proba, other, labels, groups=groups, seed=seed)

    if is_there and challenger_is_sample and not champion_is_sample:
        return Decision(
            promoted=False,
            reason="Not promoted: trained on sample data, and the champion was trained on real data.",
            numbers=against(rival),
        )
    if is_there and champion_is_sample and not challenger_is_sample:
        decision = _judged(against(baseline), "the baseline", "the first trained on real data, and ")
    elif champion_proba is not None:
        decision = _judged(against(champion_proba), "the champion", "")
    elif is_there:
        decision = _judged(
            against(baseline), "the baseline", "in place of a champion that cannot be compared, "
        )
    else:
        decision = _judged(against(baseline), "the baseline", "the first champion, and ")
    if not decision.promoted:
        return decision
    won = decision.reason.removeprefix("Promoted: ")
    for reference, proba in (refused or {}).items():
        difference = against(proba)[kind.loss]
        if not (difference.is_positive or difference.is_negative):
            reason = f"Not promoted: no different beyond noise from {reference}. Otherwise {won}"
            return replace(decision, promoted=False, reason=reason)
    return decision


def _judged(numbers: dict[str, Difference], rival: str, occasion: str) -> Decision:
    """The decision by the first of the scores, which decides."""
    score, difference = next(iter(numbers.items()))
    name = IN_WORDS.get(score, score)
    said = f"{name} {difference} against {rival}"
    is_better, is_worse = difference.is_positive, difference.is_negative
    if score in LOWER_IS_BETTER:
        is_better, is_worse = is_worse, is_better
    if is_better:
        return Decision(
            promoted=True, reason=f"Promoted: {occasion}better beyond noise ({said}).", numbers=numbers
        )
    if difference.low is None:
        why = f"the gate has too few artists to tell a difference from noise, at least {FEWEST_ARTISTS} are needed"
    else:
        why = f"worse in {name}" if is_worse else "no difference beyond noise"
    return Decision(promoted=False, reason=f"Not promoted: {why} ({said}).", numbers=numbers)


def _shares(y_true: Target, labels: Sequence[Any]) -> FloatArray:
    """Share of each label, shape (labels,)."""
    return np.array([np.mean(np.asarray(y_true) == label) for label in labels])
