"""Which columns are missing together, beside the pairs of the student project."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.analyses.missing_values.phi import clustered, largest, of_bounds, phi_coefficients
from genrelab.analyses.missing_values.references import LINES, PAIRS, SHARES
from genrelab.analyses.missing_values.result import Association, Matrix, Pair

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

DIGITS = 6


def associate(names: Sequence[str], missing: BoolArray, weights: FloatArray) -> Association:
    """Return the phi coefficients of every two columns.

    Args:
        names: Columns.
        missing: Whether each is missing, shape (rows, columns).
        weights: Weights by which every artist counts once, shape (rows,).
    """
    is_mixed = np.asarray(missing.any(axis=0) & ~missing.all(axis=0))
    kept = [name for name, mixed in zip(names, is_mixed, strict=True) if mixed]
    missing = missing[:, is_mixed]
    phi, bound = phi_coefficients(missing)
    share_of_bound = of_bounds(phi, bound)
    by_artist, _ = phi_coefficients(missing, weights)
    place = {name: number for number, name in enumerate(kept)}

    def pair(first: str, second: str) -> Pair:
        here: float | None = None
        share: float | None = None
        once: float | None = None
        if first in place and second in place:
            at = place[first], place[second]
            here, share, once = (_value(matrix[at]) for matrix in (phi, share_of_bound, by_artist))
        given = PAIRS.get((first, second))
        top = largest(SHARES.get(first, 0), SHARES.get(second, 0))
        return Pair(
            first, second, here, share, once, given, given / top if given is not None and top else None
        )

    every = [
        (first, second) for number, first in enumerate(sorted(kept)) for second in sorted(kept)[number + 1 :]
    ]
    every.sort(key=lambda one: (-phi[place[one[0]], place[one[1]]], one))
    order = clustered(phi)
    return Association(
        columns=tuple(kept[number] for number in order),
        phi=_matrix(phi, order),
        of_bound=_matrix(share_of_bound, order),
        strongest=tuple(pair(*one) for one in every[:LINES]),
        document=tuple(pair(*one) for one in PAIRS),
        undefined=tuple(name for name in names if name not in place),
    )


def _matrix(values: FloatArray, order: Sequence[int]) -> Matrix:
    return tuple(tuple(_value(values[row, column]) for column in order) for row in order)


def _value(value: float) -> float | None:
    return round(float(value), DIGITS) if np.isfinite(value) else None
