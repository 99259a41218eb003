"""Outliers of the librosa features, a block of columns at a time.

An outlier lies more than `LIMIT` standard deviations from the mean, as in the student project, which uses
`scipy.stats.zscore`. A few values far away inflate mean and standard deviation and hide others, so a robust count
stands beside it: the same limit from the median, in units of the median absolute deviation times 1.4826, which is the
standard deviation where values are normal (Rousseeuw and Croux, "Alternatives to the median absolute deviation", JASA
88, 1993).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.archive.result import DocumentFeature, FarTrack, FeatureOutliers, Outliers
from genrelab.analyses.archive.treatments import TooFewError, TrialRows, choose_rows, try_treatments
from genrelab.analyses.features.outliers import LIMIT, outlier_values
from genrelab.analyses.inputs import Inputs
from genrelab.evaluation.sampling import artist_numbers
from genrelab.runtime import progress
from genrelab.tables.fma import FMA_FEATURES

FEATURES, TRACKS = "fma_features", "fma_tracks"
NAMES = tuple(column.name for column in FMA_FEATURES if column.official and column.name != "track_id")
BLOCK = 32
"""Columns held at a time."""
MOST_FAR = 20
NORMAL_MAD = 1.4826
DIGITS = 5

DOCUMENT = (-1.97, -0.15, 1777.0)
"""Smallest value, median and largest value of the student project's feature; it has outliers in `DOCUMENT_TRACKS`."""
DOCUMENT_TRACKS = 102
NAMED = NAMES[1]
"""The second column of features.csv, which the student project names in words: a kurtosis."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass
class FarCounts:
    """In how many features each track is an outlier, and in which it lies farthest; shape (tracks,)."""

    features: IntArray
    score: FloatArray
    most: IntArray

    def add(self, number: int, scores: FloatArray) -> None:
        """Count one feature.

        Args:
            number: Its position.
            scores: Its z-scores, 0 where there is no value.
        """
        self.features += np.abs(scores) > LIMIT
        farther = np.abs(scores) > np.abs(self.score)
        self.score[farther], self.most[farther] = scores[farther], number


def find_outliers(inputs: Inputs) -> Outliers:
    """Count the outliers of every feature, and try what treating them does to a model."""
    version = inputs.version(FEATURES)
    tracks = _tracks(inputs)
    genres, codes = _genre_codes(tracks)
    rows, why = _trial_rows(inputs, tracks)
    found: list[FeatureOutliers] = []
    empty, constant = 0, []
    rows_there = len(tracks)
    counts = FarCounts(np.zeros(rows_there, np.int64), np.zeros(rows_there), np.zeros(rows_there, np.int64))
    with progress.track("outliers of features", len(NAMES), "features") as advance:
        for start in range(0, len(NAMES), BLOCK):
            names = NAMES[start : start + BLOCK]
            data = inputs.read(FEATURES, names)
            for number, name in enumerate(names, start=start):
                values = data[name].to_numpy(zero_copy_only=False).astype(np.float64)
                values[~np.isfinite(values)] = np.nan
                known = values[np.isfinite(values)]
                if not len(known):
                    empty += 1
                    continue
                if rows is not None:
                    rows.keep(name, values)
                if known.min() == known.max():
                    constant.append(name)
                    continue
                found.append(feature_outliers(name, values, codes, genres))
                scores = (values - known.mean()) / known.std()
                counts.add(number, np.nan_to_num(scores, nan=0.0))
            advance(start + len(names), names[-1])
        trial = None
        if rows is not None:
            try:
                trial = try_treatments(rows, inputs.seed, inputs.cores)
            except TooFewError as error:
                why = str(error)
    return Outliers(
        table_version=version.version,
        sample=version.is_sample,
        tracks=len(tracks),
        limit=LIMIT,
        features=tuple(found),
        empty=empty,
        constant=tuple(constant),
        touched=int((counts.features > 0).sum()),
        far=_far(tracks, counts),
        document=match_document(found),
        trial=trial,
        why=why,
    )


def feature_outliers(
    name: str, values: FloatArray, codes: IntArray, genres: Sequence[str | None]
) -> FeatureOutliers:
    """Count the outliers of a feature.

    Args:
        name: Its name.
        values: Shape (tracks,), NaN where missing; not all equal.
        codes: Genre of each track as a number, shape (tracks,).
        genres: Name of each number, None for tracks without a genre.
    """
    known = values[~np.isnan(values)]
    median = float(np.median(known))
    distance = np.abs(known - median)
    spread = float(np.median(distance)) * NORMAL_MAD
    return FeatureOutliers(
        by_z=outlier_values(name, values, codes, genres),
        median=round(median, DIGITS),
        spread=round(spread, DIGITS),
        robust=int((distance > LIMIT * spread).sum()) if spread > 0 else None,
        minimum=round(float(known.min()), DIGITS),
        maximum=round(float(known.max()), DIGITS),
    )


def match_document(found: Sequence[FeatureOutliers]) -> DocumentFeature:
    """Find the feature of which the student project counts outliers: by its name, and by its values."""
    same = tuple(
        one.by_z.feature
        for one in found
        if (round(one.minimum, 2), round(one.median, 2), round(one.maximum)) == DOCUMENT
    )
    return DocumentFeature(NAMED, any(one.by_z.feature == NAMED for one in found), same)


def _tracks(inputs: Inputs) -> pd.DataFrame:
    """Return the tracks of the features in their order, with what `fma_tracks` says of them."""
    frame: pd.DataFrame = inputs.read(FEATURES, ["track_id"]).to_pandas()
    wanted = ["track_title", "artist_name", "genre_top", "artist_id", "split"]
    if inputs.find(TRACKS) is None:
        return frame.assign(**dict.fromkeys(wanted))
    known = inputs.read(TRACKS, ["track_id", *wanted]).to_pandas()
    return frame.merge(known, on="track_id", how="left", validate="one_to_one")


def _genre_codes(tracks: pd.DataFrame) -> tuple[list[str | None], IntArray]:
    codes, names = pd.factorize(tracks["genre_top"], use_na_sentinel=True)
    codes = np.where(codes < 0, len(names), codes).astype(np.int64)
    return [*names.tolist(), None], codes


def _trial_rows(inputs: Inputs, tracks: pd.DataFrame) -> tuple[TrialRows | None, str]:
    if inputs.find(TRACKS) is None:
        return None, f"the table {TRACKS}, which has the genres, has not been published"
    try:
        return choose_rows(
            tracks["genre_top"].to_numpy(dtype=object),
            tracks["split"].to_numpy(dtype=object),
            artist_numbers(tracks["artist_id"].to_numpy(dtype=object)),
            inputs.seed,
        ), ""
    except TooFewError as error:
        return None, str(error)


def _far(tracks: pd.DataFrame, counts: FarCounts) -> tuple[FarTrack, ...]:
    order = np.lexsort((tracks["track_id"], -np.abs(counts.score), -counts.features))[:MOST_FAR]
    texts = tracks.astype(object).where(tracks.notna(), "")
    return tuple(
        FarTrack(
            track_id=int(tracks["track_id"].iloc[row]),
            track=str(texts["track_title"].iloc[row]),
            artist=str(texts["artist_name"].iloc[row]),
            genre=str(texts["genre_top"].iloc[row]),
            features=int(counts.features[row]),
            most=NAMES[counts.most[row]],
            score=round(float(counts.score[row]), 2),
        )
        for row in order.tolist()
        if counts.features[row]
    )
