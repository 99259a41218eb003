"""A map of the tracks: all features in two dimensions, so that near is alike.

Conventions: features are scaled first; principal components come with the share of the variance they keep. Of the
tracks a fixed sample is drawn; the middle of a group is the median of all its tracks on the map. UMAP has no
variance to tell; it is an extra (`requirements-umap.lock`), imported only when asked for.

Sources: principal components, Pearson 1901; UMAP, McInnes, Healy and Melville 2018.
"""

import importlib
import importlib.util
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.decomposition import PCA

from genrelab.analyses.clusters.kmeans import FloatArray, IntArray, scale
from genrelab.analyses.clusters.result import Axis, Colouring, Projection, TrackMap, Weight
from genrelab.evaluation.samples import sample_rows
from genrelab.runtime.errors import GenrelabError

Middles = dict[str, tuple[tuple[float, ...], ...]]

POINTS = 1_200
LOADINGS = 3
"""Features that an axis is explained by."""


def check_umap() -> None:
    """Check that UMAP is available before any work starts.

    Raises:
        GenrelabError: It is not installed.
    """
    if importlib.util.find_spec("umap") is None:
        raise GenrelabError(
            "UMAP cannot draw the map",
            found="the package umap-learn is not installed",
            allowed="map = pca, which needs no extra package, or map = umap with the extra",
            do="`pip install --require-hashes -r requirements-umap.lock`, or set clusters.map to pca",
        )


def project(values: FloatArray, features: Sequence[str]) -> tuple[FloatArray, tuple[Axis, ...]]:
    """Principal components: place of each row, shape (n, 2), and what each axis is.

    Args:
        values: Features in their units, shape (n, features).
        features: Their names.

    Returns:
        Places, and what each axis is, the strongest features first. The sign of an axis is that of its strongest
        feature.
    """
    components = PCA(2, svd_solver="full").fit(scale(values))
    order = np.argsort(-np.abs(components.components_), axis=1)
    signs = np.sign(components.components_[[0, 1], order[:, 0]])
    places = components.transform(scale(values)) * signs
    axes = tuple(
        Axis(
            float(components.explained_variance_ratio_[axis]),
            tuple(
                Weight(features[place], float(components.components_[axis, place] * signs[axis]))
                for place in order[axis, :LOADINGS]
            ),
        )
        for axis in range(2)
    )
    return places, axes


def track_map(
    values: FloatArray,
    features: Sequence[str],
    names: Sequence[str],
    groups: Mapping[str, Sequence[Any]],
    *,
    seed: int,
    points: int = POINTS,
    with_umap: bool = False,
) -> TrackMap:
    """A sample of the tracks in two dimensions, with the groups that may colour them.

    Args:
        values: Features in their units, shape (n, features).
        features: Their names.
        names: What to call each row.
        groups: By name of the colouring, the group of each row; None where it has none.
        seed: Seed of the sample.
        points: Tracks drawn.
        with_umap: Whether UMAP is asked for too; it is fitted on the drawn tracks.

    Raises:
        GenrelabError: UMAP is asked for and not installed.
    """
    chosen = sample_rows(len(values), seed, points)
    coded = {name: _codes(of_row) for name, of_row in groups.items()}
    places, axes = project(values, features)
    projections = [_projection("pca", places[chosen], axes, _middles(places, coded))]
    if with_umap:
        flat = _umap(scale(values)[chosen], seed)
        on_map = {name: (kinds, codes[chosen]) for name, (kinds, codes) in coded.items()}
        projections.append(_projection("umap", flat, (), _middles(flat, on_map)))
    return TrackMap(
        rows=len(values),
        names=tuple(names[row] for row in chosen),
        groups={
            name: Colouring(tuple(kinds), tuple(codes[chosen].tolist()))
            for name, (kinds, codes) in coded.items()
        },
        projections=tuple(projections),
    )


def _projection(name: str, places: FloatArray, axes: tuple[Axis, ...], middles: Middles) -> Projection:
    rounded = np.round(places, 2)
    return Projection(name, tuple(rounded[:, 0].tolist()), tuple(rounded[:, 1].tolist()), axes, middles)


def _middles(places: FloatArray, coded: Mapping[str, tuple[list[Any], IntArray]]) -> Middles:
    """Median place of each kind, by colouring; an empty one for a kind without a track."""
    return {
        name: tuple(
            tuple(np.round(np.median(places[codes == place], axis=0), 2).tolist())
            if (codes == place).any()
            else ()
            for place in range(len(kinds))
        )
        for name, (kinds, codes) in coded.items()
    }


def _codes(of_row: Sequence[Any]) -> tuple[list[Any], IntArray]:
    kinds = sorted({value for value in of_row if value is not None})
    number = {kind: place for place, kind in enumerate(kinds)}
    return kinds, np.array([number.get(value, -1) for value in of_row], dtype=np.int64)


def _umap(points: FloatArray, seed: int) -> npt.NDArray[np.float64]:
    check_umap()
    umap = importlib.import_module("umap")
    return np.asarray(
        umap.UMAP(n_components=2, n_jobs=1, random_state=seed).fit_transform(points), dtype=np.float64
    )
