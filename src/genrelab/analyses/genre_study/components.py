"""Principal components of the scaled features: how many hold most of the variance, and the tracks on them.

Conventions: shapes are (tracks, features) and (tracks, components), float32. Components are fitted on training
tracks; the student project fits them on all.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

Floats = npt.NDArray[np.float32]

SHARE = 0.9
"""Share of the variance that the student project keeps."""


@dataclass(frozen=True)
class Fitted:
    """Fitted components.

    Args:
        model: scikit-learn's, with all components.
        shares: Share of the variance that the first 1, 2, ... hold together.
        needed: How many hold `SHARE` of it.
    """

    model: PCA
    shares: tuple[float, ...]
    needed: int

    def of(self, values: Floats) -> Floats:
        """Tracks on the first `needed` components."""
        centred = values - self.model.mean_
        return np.asarray(centred @ self.model.components_[: self.needed].T, dtype=np.float32)


def fit(scaled: Floats) -> Fitted:
    """Fit components by the covariance matrix: exact, and the fastest way where tracks are many more than features.

    Args:
        scaled: At least two tracks.
    """
    solver = "covariance_eigh" if len(scaled) > scaled.shape[1] else "full"
    model = PCA(svd_solver=solver).fit(scaled)
    held = np.cumsum(model.explained_variance_ratio_)
    shares = tuple(np.minimum(held, 1.0).astype(float).tolist())
    return Fitted(model, shares, min(int(np.searchsorted(held, SHARE)) + 1, len(shares)))
