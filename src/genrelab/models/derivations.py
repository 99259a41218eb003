"""How features are derived from the audio features, for the trees: what a threshold on a single feature cannot see.

Conventions: they are functions of the features of the same row, made inside the pipeline, so a stored model
takes the plain features. Instrumentalness and speechiness pile up near 0 and acousticness at both ends, hence
the logarithms; tempo is folded into one octave because trackers double or halve it; a tempo on a whole number
of beats points to a drum machine. Chosen by accuracy on the author's validation part.

Columns that the input lacks (FMA has no loudness) leave out what would be made of them.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
SLOWEST, FASTEST = 85.0, 170.0
"""Tempi of one octave, in beats per minute."""


def _log_speech(speechiness: FloatArray) -> FloatArray:
    return np.asarray(np.log(speechiness.clip(0) + 0.01))


def _logit(share: FloatArray) -> FloatArray:
    return np.asarray(np.log((share.clip(0) + 1e-4) / (1 - share.clip(0, 0.999))))


def _folded(tempo: FloatArray) -> FloatArray:
    return np.where(tempo < SLOWEST, tempo * 2, np.where(tempo > FASTEST, tempo / 2, tempo))


DERIVED: dict[str, tuple[tuple[str, ...], Callable[..., FloatArray]]] = {
    "log_instrumentalness": (("instrumentalness",), lambda values: np.log(values.clip(0) + 1e-4)),
    "log_speechiness": (("speechiness",), _log_speech),
    "logit_acousticness": (("acousticness",), _logit),
    "danceability_less_energy": (("danceability", "energy"), np.subtract),
    "valence_less_energy": (("valence", "energy"), np.subtract),
    "energy_less_electric": (("energy", "acousticness"), lambda energy, acoustic: energy - (1 - acoustic)),
    "loudness_for_energy": (("loudness", "energy"), lambda loudness, energy: loudness + 20 * (1 - energy)),
    "danceability_by_valence": (("danceability", "valence"), np.multiply),
    "speech_by_danceability": (
        ("speechiness", "danceability"),
        lambda speechiness, danceability: _log_speech(speechiness) * danceability,
    ),
    "folded_tempo": (("tempo",), _folded),
    "tempo_off_beat": (("tempo",), lambda tempo: np.abs(tempo - np.round(tempo))),
}
"""Derived features: the features they are made of, and how."""

SOURCES = tuple(dict.fromkeys(source for sources, _ in DERIVED.values() for source in sources))
"""Features that others are derived from."""


def derived_from(columns: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The derived features that can be made of some columns, by name.

    Args:
        columns: Values by name of the feature, each of shape (rows,).
    """
    return {
        name: make(*(columns[source] for source in sources))
        for name, (sources, make) in DERIVED.items()
        if all(source in columns for source in sources)
    }
