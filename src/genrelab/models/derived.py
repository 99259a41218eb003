"""The derived features as a step of a pipeline; `genrelab.models.derivations` says what they are."""

from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin

from genrelab.models.derivations import SOURCES, derived_from


def derive(features: pd.DataFrame) -> pd.DataFrame:
    """The features with the derived ones behind them.

    Args:
        features: Audio features under Spotify's names.
    """
    columns = {str(name): features[name].to_numpy(np.float64) for name in SOURCES if name in features}
    return pd.concat([features, pd.DataFrame(derived_from(columns), index=features.index)], axis=1)


class DerivedFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """`derive` as a step of a pipeline."""

    def fit(self, X: pd.DataFrame, _y: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Remember the columns."""
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        self.n_features_in_ = len(X.columns)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:  # noqa: N803
        """The features with the derived ones behind them.

        Raises:
            ValueError: Other columns than those it was fitted on.
        """
        if list(X.columns) != list(self.feature_names_in_):
            raise ValueError(f"fitted on {list(self.feature_names_in_)}, given {list(X.columns)}")
        return derive(X)
