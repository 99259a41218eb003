"""The recipe `fma-518`: the features of the Free Music Archive, by the definitions of its own extraction.

Source: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: A Dataset For Music Analysis", ISMIR 2017; the published
values were computed with librosa 0.5. Later versions changed defaults, so these definitions are spelled out:

- Transforms continue the ends of the audio by reflection (`pad_mode="reflect"`).
- RMS is `sqrt(mean(S**2))` over the rows of the spectrogram, not of the samples.
- Chroma of the constant-Q transform is folded from 12 bins per octave, and its filters have the old length: Q was
  `1 / (2**(1/12) - 1)`, since librosa 0.10 it is `(2**(1/6) + 1) / (2**(1/6) - 1)`, 3 % more. `FILTER_SCALE` undoes it.
- Centroid, bandwidth, contrast, rolloff and chroma of the STFT assume 22,050 Hz, librosa's default, although the audio
  has 44,100 Hz: their Hz are half of the true ones. MFCCs know the true rate.

Conventions: spectrograms have the shape (1025, frames). One STFT and one constant-Q transform serve every feature; the
STFT is computed and read in pieces, so that temporary arrays have a bounded size.

How files are decoded does not belong here but in `decode`.
"""

from collections.abc import Iterator

import numpy as np

from genrelab.audio.compiled import librosa
from genrelab.audio.moments import FloatArray, named_moments
from genrelab.audio.recipes import FMA_518
from genrelab.audio.tuning import Peaks

FRAME, HOP = 2048, 512
ROWS = FRAME // 2 + 1
ASSUMED_RATE = 22_050
FILTER_SCALE = (2 ** (1 / 6) - 1) / (2 ** (1 / 6) + 1) / (2 ** (1 / 12) - 1)
"""Length of the old constant-Q filters relative to those of librosa 0.11."""
SIGNLESS = 1e-10
"""librosa takes samples this small for zero."""
PIECE = 1024
"""Frames in one piece, about 12 seconds."""


def fma_518(samples: FloatArray) -> dict[str, float]:
    """Return the 518 features.

    Args:
        samples: Mono audio at 44,100 Hz in -1..1, at least a second long.
    """
    values = {**_of_the_stft(samples), "zcr": _zero_crossing_rate(samples)}
    tuning = values.pop("tuning")
    values |= _of_the_cqt(samples, float(tuning[0, 0]))
    found: dict[str, float] = {}
    for feature, each in values.items():
        found |= named_moments(feature, each)
    return {column: found[column] for column in FMA_518.columns}


def _of_the_stft(samples: FloatArray) -> dict[str, FloatArray]:
    """Features of the STFT, each of shape (coefficients, frames), and the tuning that the constant-Q transform uses."""
    spectrum = _spectrum(samples)
    amplitude_peaks, power_peaks = Peaks(FMA_518.rate, ROWS), Peaks(ASSUMED_RATE, ROWS)
    mel_filter = librosa.filters.mel(sr=FMA_518.rate, n_fft=FRAME)
    names = (
        "rmse",
        "spectral_centroid",
        "spectral_bandwidth",
        "spectral_rolloff",
        "mel",
    )
    pieces: dict[str, list[FloatArray]] = {name: [] for name in names}
    for piece in _in_pieces(spectrum):
        power = piece**2
        amplitude_peaks.add(piece)
        power_peaks.add(power)
        pieces["rmse"].append(np.sqrt(power.mean(axis=0, keepdims=True)))
        centroid = librosa.feature.spectral_centroid(S=piece, sr=ASSUMED_RATE)
        pieces["spectral_centroid"].append(centroid)
        pieces["spectral_bandwidth"].append(
            librosa.feature.spectral_bandwidth(S=piece, sr=ASSUMED_RATE, centroid=centroid)
        )
        pieces["spectral_rolloff"].append(librosa.feature.spectral_rolloff(S=piece, sr=ASSUMED_RATE))
        pieces["mel"].append(mel_filter @ power)
    found = {name: np.concatenate(each, axis=1) for name, each in pieces.items()}
    # Decibels are cut 80 below the loudest of all frames, so these two need all frames at once.
    found["spectral_contrast"] = librosa.feature.spectral_contrast(S=spectrum, sr=ASSUMED_RATE)
    found["mfcc"] = librosa.feature.mfcc(S=librosa.power_to_db(found.pop("mel")), n_mfcc=20)
    chroma_filter = librosa.filters.chroma(sr=ASSUMED_RATE, n_fft=FRAME, tuning=power_peaks.tuning())
    chroma = [chroma_filter @ piece**2 for piece in _in_pieces(spectrum)]
    found["chroma_stft"] = librosa.util.normalize(np.concatenate(chroma, axis=1), axis=0)
    found["tuning"] = np.array([[amplitude_peaks.tuning()]])
    return found


def _spectrum(samples: FloatArray) -> FloatArray:
    """Magnitudes of the STFT with centred frames, of shape (1025, frames)."""
    padded = np.pad(samples, FRAME // 2, mode="reflect")
    frames = 1 + len(samples) // HOP
    spectrum = np.empty((ROWS, frames), np.float32, order="F")
    for first in range(0, frames, PIECE):
        last = min(first + PIECE, frames)
        part = padded[first * HOP : (last - 1) * HOP + FRAME]
        np.abs(librosa.stft(part, n_fft=FRAME, hop_length=HOP, center=False), out=spectrum[:, first:last])
    return spectrum


def _in_pieces(spectrum: FloatArray) -> Iterator[FloatArray]:
    for first in range(0, spectrum.shape[1], PIECE):
        yield spectrum[:, first : first + PIECE]


def _of_the_cqt(samples: FloatArray, tuning: float) -> dict[str, FloatArray]:
    """Features of the constant-Q transform: 84 bins from C1, seven octaves of semitones."""
    cqt = np.abs(
        librosa.cqt(
            samples,
            sr=FMA_518.rate,
            hop_length=HOP,
            n_bins=84,
            tuning=tuning,
            filter_scale=FILTER_SCALE,
            pad_mode="reflect",
        )
    )
    cens = librosa.feature.chroma_cens(C=cqt, n_octaves=7, bins_per_octave=12)
    return {
        "chroma_cqt": librosa.feature.chroma_cqt(C=cqt, n_octaves=7, bins_per_octave=12),
        "chroma_cens": cens,
        "tonnetz": librosa.feature.tonnetz(chroma=cens),
    }


def _zero_crossing_rate(samples: FloatArray) -> FloatArray:
    """Part of the samples of each centred frame whose sign differs from the sample before, shape (1, frames).

    The same values as `librosa.feature.zero_crossing_rate`, by a running sum instead of a copy of every frame.
    """
    is_negative = np.signbit(np.where(np.abs(samples) <= SIGNLESS, 0, samples))
    is_negative = np.pad(is_negative, FRAME // 2, mode="edge")
    so_far = np.cumsum(np.diff(is_negative, prepend=is_negative[:1]), dtype=np.int32)
    starts = np.arange(1 + len(samples) // HOP) * HOP
    rate: FloatArray = (so_far[starts + FRAME - 1] - so_far[starts]) / FRAME
    return rate[None, :]
