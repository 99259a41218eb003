"""What the page of the application shows of a champion: its sliders, its bars, and how often it is right.

Conventions: a slider reaches from the least to the largest value of the training rows, in steps of a power of ten, and
never past the legal range. Features whose names end in a number (mfcc_mean_01) stand in one group.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from genrelab.report.wording import sentence
from genrelab.serving.description import QUANTILES, ChampionDescription, FeatureDescription, ShownScore

STEPS = 200
"""A slider has at least so many steps."""

MOST_BARS = 15
"""Bars of a champion that names several genres."""

MARKED = (0.25, 0.5, 0.75)
HEADLINES = {
    "accuracy": ("It names the right genre of", "always naming the most frequent genre is right for"),
    "jaccard": (
        "Its genres agree with those of the artist by",
        "the best answer without listening agrees by",
    ),
}


@dataclass(frozen=True)
class Slider:
    """One feature on the page.

    Args:
        feature: The feature.
        value: Where it stands.
        low: Least value.
        high: Largest value.
        step: Step.
        marks: Quartiles of the training rows.
        problem: Why the value that was asked for cannot be used; empty if it is.
    """

    feature: FeatureDescription
    value: float
    low: float
    high: float
    step: float
    marks: tuple[float, ...]
    problem: str = ""

    @property
    def label(self) -> str:
        """Return the name of the feature with a capital letter."""
        return sentence(self.feature.label or self.feature.name)

    @property
    def text(self) -> str:
        """Return the value in its unit."""
        return value_text(self.value, self.step, self.feature.unit)


@dataclass(frozen=True)
class Bar:
    """The probability of a genre, in per cent, beside its share of the training rows."""

    genre: str
    percent: float
    share: float
    is_named: bool


def value_text(value: float, step: float, unit: str) -> str:
    """Return a value with the digits of a step, in its unit.

    >>> value_text(0.123456, 0.001, ""), value_text(120.0, 1.0, "beats per minute")
    ('0.123', '120 beats per minute')
    """
    digits = max(0, -math.floor(math.log10(step)))
    return f"{value:.{digits}f} {unit}".strip()


def slider_of(feature: FeatureDescription, value: float | None = None, problem: str = "") -> Slider:
    """Return the slider of a feature.

    Args:
        feature: The feature.
        value: Its value; None for the median of the training rows.
        problem: Why the value that was asked for cannot be used.
    """
    least, most = feature.quantiles[0], feature.quantiles[-1]
    whole = feature.kind in {"integer", "flag"}
    spread = most - least
    step = 1.0 if whole or spread <= 0 else 10.0 ** math.floor(math.log10(spread / STEPS))
    low, high = math.floor(least / step) * step, math.ceil(most / step) * step
    low = low if feature.lowest is None else max(low, feature.lowest)
    high = high if feature.highest is None else min(high, feature.highest)
    at = dict(zip(QUANTILES, feature.quantiles, strict=True))
    shown = at[0.5] if value is None else value
    shown = round(shown / step) * step
    digits = max(0, -math.floor(math.log10(step)))
    return Slider(
        feature,
        value=round(min(max(shown, low), high), digits),
        low=round(low, digits),
        high=round(high, digits),
        step=step,
        marks=tuple(round(at[each], digits) for each in MARKED),
        problem=problem,
    )


def groups_of(sliders: Sequence[Slider]) -> list[tuple[str, list[Slider]]]:
    """Return the sliders in named groups; those without a number in their name in a group without a name."""
    found: dict[str, list[Slider]] = {}
    for each in sliders:
        numbered = re.fullmatch(r"(.+)_\d+", each.feature.name)
        found.setdefault(numbered[1].replace("_", " ") if numbered else "", []).append(each)
    return list(found.items())


def bars_of(known: ChampionDescription, prediction: Mapping[str, object]) -> list[Bar]:
    """Return the bars of a prediction: all genres by their share, or the most probable ones of several.

    Args:
        known: The champion.
        prediction: One of `predictions.predict_rows`.
    """
    probabilities = prediction["probabilities"]
    assert isinstance(probabilities, dict)  # noqa: S101 - `predict_rows` makes it
    several = prediction.get("genres", ())
    named = set(several) if isinstance(several, list) else {prediction["genre"]}
    shares = dict(zip(known.labels, known.shares, strict=True))
    order = probabilities if known.several_labels else shares
    ranked = sorted(known.labels, key=lambda genre: -order[genre])
    return [
        Bar(genre, 100 * probabilities[genre], 100 * shares[genre], genre in named)
        for genre in ranked[: MOST_BARS if known.several_labels else None]
    ]


def sentence_of(known: ChampionDescription, prediction: Mapping[str, object]) -> str:
    """Return the answer as a sentence: `Rock, 62 %`."""
    genres, probability = prediction.get("genres"), prediction["probability"]
    assert isinstance(probability, float)  # noqa: S101 - `predict_rows` makes it
    if known.several_labels and isinstance(genres, list):
        return ", ".join(map(str, genres)) or "no genre is probable enough to be named"
    return f"{prediction['genre']}, {100 * probability:.0f} %"


def headline_of(known: ChampionDescription) -> str:
    """Return how often a champion is right on tracks of artists that it did not know; empty if it was not scored."""
    found = next(
        (score for score in reversed(known.scores) if score.metric in HEADLINES), None
    )  # the test part is last
    if found is None:
        return ""
    first, second = HEADLINES[found.metric]
    text = f"{first} {_percent(found)} of {found.rows:,} tracks of {found.artists:,} artists that it did not know"
    return text + (f"; {second} {100 * found.baseline:.1f} %." if found.baseline is not None else ".")


def _percent(score: ShownScore) -> str:
    text = f"{100 * score.value:.1f} %"
    if score.low is None or score.high is None:
        return text
    return f"{text} ({100 * score.low:.1f} to {100 * score.high:.1f})"
