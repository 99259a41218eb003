"""Champion and challenger: whether a new model replaces the one in use.

Conventions: one challenger, chosen without the gate (`genrelab.models.candidates`), is judged on the rows of the gate,
which neither model was fitted on, by the log loss of the published probabilities alone. Better and worse mean beyond
noise: by the sign-flip test over artists (`genrelab.evaluation.sign_flips`), whose interval is the one shown. Other
scores are only reported.

The test part plays no role. Moving an alias does not belong here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.results import Difference
from genrelab.evaluation.sampling import Groups
from genrelab.evaluation.scores import compare, validate
from genrelab.evaluation.sign_flips import FEWEST_ARTISTS, mean_difference
from genrelab.models.calibration import losses

FloatArray = npt.NDArray[np.float64]
Truth = Sequence[str] | npt.NDArray[np.str_]


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
    y_true: Truth,
    challenger_proba: FloatArray,
    champion_proba: FloatArray | None,
    labels: Sequence[str],
    *,
    groups: Groups,
    challenger_is_sample: bool,
    champion_is_sample: bool = False,
    has_champion: bool | None = None,
    refused: Mapping[str, FloatArray] | None = None,
    shares: FloatArray | None = None,
    seed: int,
) -> Decision:
    """Judge a challenger on the rows of the gate.

    Promoted when its log loss is better beyond noise. Real data go before sample data, whatever the scores. Without a
    champion, or against one made from sample data or one that cannot be compared, the challenger has to beat the
    baseline that gives every label its share of the training rows. The double of a version that a person took back is
    not promoted.

    Args:
        y_true: Label of each row of the gate.
        challenger_proba: Published probabilities of the challenger, shape (rows, labels).
        champion_proba: Those of the champion, or None when there is none, or it cannot be applied to these
            rows.
        labels: The labels, in the order of the columns.
        groups: Artist of each row.
        challenger_is_sample: Whether the challenger was trained on sample data.
        champion_is_sample: Whether the champion was.
        has_champion: Whether there is a champion; None takes it from `champion_proba`.
        refused: Probabilities of versions that were rolled back and may return in this challenger, by what to
            call them.
        shares: Share of each label in the training rows, shape (labels,), each above 0: what the baseline says of every
            row. None takes those of the gate itself, which no model could know: a harder baseline.
        seed: Seed of the intervals.

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    is_there = champion_proba is not None if has_champion is None else has_champion
    own = _shares(y_true, labels) if shares is None else shares
    baseline = np.tile(own, (len(y_true), 1))
    rival = baseline if champion_proba is None else champion_proba

    def against(other: FloatArray) -> dict[str, Difference]:
        return differences(y_true, challenger_proba, other, labels, groups=groups, seed=seed)

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
        loss = against(proba)["log_loss"]
        if not (loss.is_positive or loss.is_negative):
            reason = f"Not promoted: no different beyond noise from {reference}. Otherwise {won}"
            return replace(decision, promoted=False, reason=reason)
    return decision


def differences(
    y_true: Truth,
    challenger: FloatArray,
    rival: FloatArray,
    labels: Sequence[str],
    *,
    groups: Groups,
    seed: int,
) -> dict[str, Difference]:
    """Challenger minus rival by score; the log loss, which decides, comes first and with the interval of its test.

    Raises:
        ValueError: See `genrelab.evaluation.scores.validate`.
    """
    codes = validate(y_true, challenger, labels)
    loss = mean_difference(losses(challenger, codes) - losses(rival, codes), groups, seed)
    return {"log_loss": loss} | {
        name: one
        for name, one in compare(y_true, challenger, rival, labels, seed, groups=groups).items()
        if name != "log_loss"
    }


def _judged(numbers: dict[str, Difference], rival: str, occasion: str) -> Decision:
    loss = numbers["log_loss"]
    said = f"log loss {loss} against {rival}"
    if loss.is_negative:
        return Decision(
            promoted=True, reason=f"Promoted: {occasion}better beyond noise ({said}).", numbers=numbers
        )
    if loss.low is None:
        why = f"the gate has too few artists to tell a difference from noise, at least {FEWEST_ARTISTS} are needed"
    else:
        why = "worse in log loss" if loss.is_positive else "no difference beyond noise"
    return Decision(promoted=False, reason=f"Not promoted: {why} ({said}).", numbers=numbers)


def _shares(y_true: Truth, labels: Sequence[str]) -> FloatArray:
    """Share of each label, shape (labels,)."""
    return np.array([np.mean(np.asarray(y_true) == label) for label in labels])
