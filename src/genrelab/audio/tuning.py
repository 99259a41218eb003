"""How far a recording is off concert pitch, estimated from the peaks of its spectrum in pieces.

Conventions: the same estimate as `librosa.estimate_tuning` of the whole spectrogram. In pieces, and over the rows that
can hold a peak, it takes a third of the time and a bounded amount of memory.
"""

import numpy as np

from genrelab.audio.compiled import librosa
from genrelab.audio.moments import FloatArray

HIGHEST_PEAK = 4000.0
"""Hz; librosa looks for pitches between 150 Hz and this."""


class Peaks:
    """Collects spectral peaks piece by piece.

    Args:
        rate: Sampling rate that frequencies are computed with, in Hz.
        rows: Rows of the spectrogram, half the length of its window plus one.
    """

    def __init__(self, rate: float, rows: int) -> None:
        size = 2 * (rows - 1)
        self._rows = min(rows, int(HIGHEST_PEAK * size / rate) + 3)  # a peak needs its neighbours
        # librosa derives the frequency of a row from the number of rows
        self._rate = rate * 2 * (self._rows - 1) / size
        self._pitches: list[FloatArray] = []
        self._strengths: list[FloatArray] = []

    def add(self, spectrum: FloatArray) -> None:
        """Add the peaks of some frames, a spectrum of shape (rows, frames)."""
        pitches, strengths = librosa.piptrack(
            S=spectrum[: self._rows],
            sr=self._rate,
            fmax=HIGHEST_PEAK,
            ref=0.1 * spectrum.max(axis=0, keepdims=True),
        )
        is_peak = pitches > 0
        self._pitches.append(pitches[is_peak])
        self._strengths.append(strengths[is_peak])

    def tuning(self) -> float:
        """Return the deviation from concert pitch, as a part of a semitone; 0 without any peak."""
        pitches, strengths = np.concatenate(self._pitches), np.concatenate(self._strengths)
        if not pitches.size:
            return 0.0
        return float(librosa.pitch_tuning(pitches[strengths >= np.median(strengths)]))
