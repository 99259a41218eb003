"""The calibration curve of a model, and its title: how many tracks have a confidence that is off, and where most.

Conventions: a bin is off if its mean confidence and its share of correct predictions differ by more than `OFF`.
Overconfidence of one bin does not make up for underconfidence of another one.
"""

from collections.abc import Sequence

from genrelab.analyses.training.pages.score_tables import tested_on
from genrelab.analyses.training.result import TrainedModel
from genrelab.evaluation.results import CalibrationBin
from genrelab.report.curves import calibration
from genrelab.report.figure import Column, View, table
from genrelab.report.vocabulary import find_metric
from genrelab.report.wording import THIN, count, decimal, percent, points

OFF = 0.05
FEW = 30
"""A bin of fewer tracks may be far off by chance: it is drawn, and not named in the title."""


def calibration_view(run: TrainedModel, split: str) -> View:
    """Draw the share of correct predictions against the stated confidence."""
    bins = run.calibration[split]
    error = run.score(split, "ece")
    error_text = (
        f" Calibration error {decimal(error.value)}"
        f" {find_metric('ece').show_interval_after(error.low, error.high)}."
        if error
        else ""
    )
    if perfect := run.perfect_ece.get(split):
        error_text += (
            " A perfectly calibrated model, with labels drawn from these probabilities, has"
            f" {decimal(perfect.mean)} on average on the same artists and at most {decimal(perfect.p95)} in"
            f" 95{THIN}% of the draws."
        )
    return View(
        title=f"{run.name}: {describe_curve(bins)}",
        caption=f"Tracks {tested_on(run, split)} by confidence: on the dotted line, confidence equals the share of"
        f" correct predictions; the larger a dot, the more tracks.{error_text}",
        grid=table(
            (Column("Confidence"), "Correct", "Confidence is", "Tracks"),
            (
                (
                    percent(one.confidence),
                    percent(one.accuracy),
                    _direction(one) + f" by {points(abs(gap(one))).lstrip('+')}",
                    count(one.count),
                )
                for one in bins
            ),
        ),
        **calibration(
            [one.confidence for one in bins], [one.accuracy for one in bins], [one.count for one in bins]
        ),
    )


def gap(one: CalibrationBin) -> float:
    """Return confidence minus share of correct predictions: above 0 where a model is overconfident."""
    return one.confidence - one.accuracy


def _direction(one: CalibrationBin) -> str:
    return "too high" if gap(one) > 0 else "too low"


def describe_curve(bins: Sequence[CalibrationBin]) -> str:
    """Say for which share of the tracks confidence is off, and where it is off most.

    >>> describe_curve([CalibrationBin(0.4, 0.45, 50.0), CalibrationBin(0.6, 0.58, 50.0)])
    'confidence is within 5 points of the share of correct predictions for all tracks'
    """
    total = sum(one.count for one in bins)
    off = sum(one.count for one in bins if round(abs(gap(one)), 3) > OFF)
    within = f"{decimal(OFF * 100, 0)} points"
    if not off:
        return f"confidence is within {within} of the share of correct predictions for all tracks"
    most = max((one for one in bins if one.count >= FEW), key=lambda one: abs(gap(one)), default=None)
    text = f"confidence is off by more than {within} for {percent(off / total, 0)} of tracks"
    if most is None:
        return text
    return (
        f"{text}, most where it is {percent(most.confidence, 0)}: {percent(most.accuracy, 0)} are correct, so it is"
        f" {_direction(most)}"
    )
