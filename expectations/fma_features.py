"""Checks of FMA's librosa features: single rows and whole columns.

Bounds follow from what a feature is (librosa's documentation) and from the sampling rate of the clips, 44.1 kHz.
All of them are warnings: features of another extraction are legal.
"""

from collections.abc import Callable, Mapping

import great_expectations.expectations as gxe

from expectations.domain_rules import DomainRule
from expectations.facts import distinct_within, unknown_to
from expectations.profile import ProfileRule, constant, within
from genrelab.lake.profile import Profile
from genrelab.tables.fma import SIZES, feature_name

WARNING = "warning"
NYQUIST_HZ = 22_050
ROUNDING = 1e-3
LEVELS = ("max", "mean", "median", "min")
"""Moments that have the unit and the range of the feature itself."""


def of(*features: str, moments: tuple[str, ...] = LEVELS) -> Callable[[str], bool]:
    """Whether a column holds one of these moments of one of these features."""
    names = {
        feature_name(feature, moment, number)
        for feature in features
        for moment in moments
        for number in range(1, SIZES[feature] + 1)
    }
    return names.__contains__


def _out_of_order(profile: Profile) -> Mapping[str, float]:
    """How far a mean lies outside of minimum and maximum of the same coefficient, averaged over all tracks."""
    excess = {}
    for feature, size in SIZES.items():
        for number in range(1, size + 1):
            low, high = (profile[feature_name(feature, moment, number)].mean for moment in ("min", "max"))
            for moment in ("mean", "median"):
                name = feature_name(feature, moment, number)
                middle = profile[name].mean
                if low is not None and high is not None and middle is not None:
                    excess[name] = max(low - middle, middle - high, 0.0)
    return excess


HUMAN = (
    DomainRule(
        "track_id: that of a track",
        "features without a track in fma_tracks have no genre and no split",
        gxe.ExpectColumnMaxToBeBetween(column="unknown_tracks", max_value=0, severity=WARNING),
        unknown_to("fma_tracks", "track_id", "unknown_tracks"),
    ),
    DomainRule(
        "features: of one track id",
        "FMA's 106,574 tracks have 105,637 distinct recordings; more duplicates mean that rows were filled twice",
        gxe.ExpectColumnValuesToBeBetween(
            column="tracks_of_features", max_value=1, mostly=0.97, severity=WARNING
        ),
        distinct_within(
            "track_id",
            [feature_name("mfcc", moment, number) for moment in ("mean", "std") for number in (1, 2)],
            "tracks_of_features",
        ),
    ),
)
PROFILE = (
    ProfileRule(
        "chroma: 0 to 1",
        "librosa scales every frame by its largest pitch class",
        WARNING,
        within(of("chroma_cens", "chroma_cqt", "chroma_stft"), -ROUNDING, 1 + ROUNDING),
    ),
    ProfileRule("zcr: 0 to 1", "a share of the samples of a frame", WARNING, within(of("zcr"), 0, 1)),
    ProfileRule("rmse: at least 0", "a root of squares", WARNING, within(of("rmse"), 0)),
    ProfileRule(
        f"spectral_centroid, spectral_bandwidth, spectral_rolloff: 0 to {NYQUIST_HZ:,} Hz",
        "half the sampling rate of 44.1 kHz is the highest frequency there is",
        WARNING,
        within(of("spectral_centroid", "spectral_bandwidth", "spectral_rolloff"), 0, NYQUIST_HZ),
    ),
    ProfileRule(
        "spectral_contrast: at least 0 dB",
        "peaks are not below valleys",
        WARNING,
        within(of("spectral_contrast"), -ROUNDING),
    ),
    ProfileRule(
        "tonnetz: -1 to 1",
        "projections of a chroma vector of length 1",
        WARNING,
        within(of("tonnetz"), -1 - ROUNDING, 1 + ROUNDING),
    ),
    ProfileRule(
        "std: at least 0",
        "a standard deviation; below 0 the columns stand under wrong names",
        WARNING,
        within(of(*SIZES, moments=("std",)), 0),
    ),
    ProfileRule(
        "kurtosis: at least -3",
        "excess kurtosis has no smaller value; below it the columns stand under wrong names",
        WARNING,
        within(of(*SIZES, moments=("kurtosis",)), -3 - ROUNDING),
    ),
    ProfileRule(
        "mean, median: between min and max of the same coefficient",
        "an order that no extraction can break; broken, the columns stand under wrong names",
        WARNING,
        _out_of_order,
    ),
    ProfileRule(
        "features: not the same in all rows",
        "a column of one number was filled, not measured",
        WARNING,
        constant,
    ),
)
