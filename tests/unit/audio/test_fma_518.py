"""The recipe fma-518 gives the features that are known by hand of tones, and those of librosa for anything."""

import math

import librosa
import numpy as np
import pytest
import tones

from genrelab.audio import fma_518 as recipe
from genrelab.audio.recipes import FMA_518
from genrelab.audio.tuning import Peaks

A = 10
"""Number of the note A in a chroma that starts with C."""


@pytest.fixture(scope="module")
def tone():
    """Features of a tone of 440 Hz with amplitude 0.5."""
    return recipe.fma_518(tones.sine(440).astype(np.float32))


def test_a_tone_has_the_chroma_of_its_note(tone):
    """440 Hz is A by either transform, also where the rate is assumed to be half of the true one."""

    for feature in ("chroma_stft", "chroma_cqt", "chroma_cens"):
        means = [tone[f"{feature}_mean_{number:02d}"] for number in range(1, 13)]
        assert np.argmax(means) + 1 == A


def test_frequencies_are_half_of_the_true_ones(tone):
    """FMA's own extraction took 44,100 Hz for 22,050 Hz in the centroid and the rolloff."""

    assert tone["spectral_centroid_median_01"] == pytest.approx(220, rel=0.01)
    assert tone["spectral_rolloff_median_01"] == pytest.approx(220, abs=22_050 / 2048)


def test_a_tone_crosses_zero_twice_a_period(tone):
    """880 of 44,100 samples differ in sign from the one before."""

    assert tone["zcr_median_01"] == pytest.approx(880 / 44_100, rel=0.02)


def test_rms_is_on_the_old_scale(tone):
    """By Parseval's theorem, over the half of the spectrum that is kept, for a Hann window (mean square 3/8)."""

    energy = 2048 * (0.5**2 / 2) * (3 / 8 * 2048)
    assert tone["rmse_median_01"] == pytest.approx(math.sqrt(energy / 2 / 1025), rel=1e-3)


def test_all_columns_are_there_and_finite(tone):
    """In the order of the recipe, even for a tone, whose chroma hardly changes."""

    assert tuple(tone) == FMA_518.columns
    assert all(math.isfinite(value) for value in tone.values())


def test_pieces_make_the_same_spectrum():
    """The STFT in pieces equals librosa's of the whole, with reflected ends."""

    samples = tones.noise(27).astype(np.float32)
    whole = np.abs(librosa.stft(samples, pad_mode="reflect"))
    np.testing.assert_allclose(recipe._spectrum(samples), whole, rtol=1e-4, atol=1e-5)


def test_zero_crossings_equal_librosa():
    """By a running sum as by frames, zeros and a silent part included."""

    samples = tones.noise(2).astype(np.float32)
    samples[1000:9000] = 0
    samples[20_000:30_000:2] = 0
    np.testing.assert_allclose(
        recipe._zero_crossing_rate(samples), librosa.feature.zero_crossing_rate(samples), rtol=1e-12
    )


@pytest.mark.parametrize("cents", [-40, 0, 25])
@pytest.mark.parametrize("rate", [22_050, 44_100])
def test_tuning_in_pieces_equals_librosa(cents, rate):
    """The peaks of two pieces, of the low rows only, give the estimate of the whole spectrogram."""

    samples = tones.chord(*(440 * 2 ** ((note + cents / 100) / 12) for note in (-9, -5, 0)), seconds=4)
    spectrum = recipe._spectrum(samples.astype(np.float32))
    peaks = Peaks(rate, len(spectrum))
    peaks.add(spectrum[:, :100])
    peaks.add(spectrum[:, 100:])
    assert peaks.tuning() == pytest.approx(librosa.estimate_tuning(S=spectrum, sr=rate))


def test_tuning_without_any_peak_is_zero():
    """Silence is in tune."""

    peaks = Peaks(44_100, 1025)
    peaks.add(np.zeros((1025, 3), np.float32))
    assert peaks.tuning() == 0


def test_pieces_do_not_change_features(monkeypatch):
    """The features of a recording are the same whatever the size of the pieces."""

    samples = tones.noise(4).astype(np.float32) + tones.sine(523.3, 4).astype(np.float32)
    whole = recipe.fma_518(samples)
    monkeypatch.setattr(recipe, "PIECE", 100)
    assert recipe.fma_518(samples) == pytest.approx(whole, rel=1e-3, abs=1e-4)
