"""Files are decoded to mono at the recipe's rate, and what cannot be used says why."""

from dataclasses import replace

import numpy as np
import pytest
import tones

from genrelab.audio.decode import decode
from genrelab.audio.recipes import CLIPS_59, FMA_518
from genrelab.runtime.errors import SourceError


def pitch(samples, rate):
    """Frequency of the strongest bin, in Hz."""
    return np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples)


@pytest.mark.parametrize("recipe", [CLIPS_59, FMA_518])
@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
def test_any_rate_becomes_the_rate_of_the_recipe(tmp_path, recipe, rate):
    """A tone keeps its pitch and its length."""

    path = tones.write_wav(tmp_path / "tone.wav", tones.sine(440, 2, rate), rate=rate)
    samples = decode(path, recipe)
    assert len(samples) == pytest.approx(2 * recipe.rate, rel=1e-3)
    assert pitch(samples, recipe.rate) == pytest.approx(440, abs=1)
    assert np.abs(samples).max() == pytest.approx(0.5, rel=0.05)


def test_channels_are_averaged(tmp_path):
    """Six channels, one of them with a tone, give a sixth of its amplitude."""

    channels = [tones.sine(440, 2), *[tones.silence(2)] * 5]
    samples = decode(tones.write_wav(tmp_path / "six.wav", *channels), FMA_518)
    assert np.abs(samples).max() == pytest.approx(0.5 / 6, rel=0.01)


def test_of_long_audio_the_middle_is_decoded(tmp_path):
    """Two seconds of 880 Hz in the middle of 440 Hz are all that a recipe of two seconds hears."""

    parts = [tones.sine(440, 3), tones.sine(880, 2), tones.sine(440, 3)]
    path = tones.write_wav(tmp_path / "long.wav", np.concatenate(parts))
    samples = decode(path, replace(FMA_518, longest=2))
    assert len(samples) == 2 * 44_100
    assert pitch(samples, 44_100) == pytest.approx(880, abs=1)
    assert np.abs(np.fft.rfft(samples))[880] < 0.01 * np.abs(np.fft.rfft(samples))[1760]


@pytest.mark.parametrize(
    "name", ["-dash.wav", "new\nline.wav", "日本語 Ж.wav", "http:%2f%2f.wav", "a'b\"$(c).wav"]
)
def test_any_name_is_decoded(tmp_path, monkeypatch, name):
    """Names are neither options nor addresses nor commands, also relative to the current folder."""

    path = tones.write_wav(tmp_path / name, tones.sine(440))
    monkeypatch.chdir(tmp_path)
    assert len(decode(path.relative_to(tmp_path), CLIPS_59)) == 3 * 22_050


def test_a_cover_does_not_make_a_video(tmp_path):
    """An MP3 with a picture is music; a file with moving pictures is refused."""

    music = tones.write_music(tmp_path / "music.wav")
    cover = ("-f", "lavfi", "-i", "color=s=32x32:d=0.1", "-frames:v", "1", "-c:v", "mjpeg")
    mapped = ("-map", "0:a", "-map", "1:v", "-disposition:v:0", "attached_pic")
    with_cover = tones.convert(music, tmp_path / "cover.mp3", *cover, *mapped)
    assert len(decode(with_cover, CLIPS_59)) >= 5 * 22_050
    video = tones.convert(music, tmp_path / "video.mp4", "-f", "lavfi", "-i", "testsrc=s=32x32", "-t", "2")
    with pytest.raises(SourceError, match="this is a video"):
        decode(video, CLIPS_59)


def cut(tmp_path):
    """The first half of a wav file."""
    path = tones.write_music(tmp_path / "cut.wav")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def cut_mp3(tmp_path):
    """The first half of an MP3."""
    path = tones.convert(tones.write_music(tmp_path / "whole.wav"), tmp_path / "cut.mp3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def text(tmp_path):
    """A text."""
    path = tmp_path / "text.mp3"
    path.write_text("This is not music.\n" * 100)
    return path


def concatenation(tmp_path):
    """A list that makes ffmpeg open another file."""
    path = tmp_path / "list.mp3"
    path.write_text(f"ffconcat version 1.0\nfile {tones.write_music(tmp_path / 'music.wav')}\n")
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (cut, r"cut or damaged; found: [\d,]+ of [\d,]+ bytes"),
        (cut_mp3, r"cut or damaged; found: 2\.\d of 5\.\d seconds can be decoded"),
        (text, "this is not audio"),
        (concatenation, "this is not audio"),
        (lambda folder: tones.write_wav(folder / "a.wav", tones.silence()), "this file is silent"),
        (
            lambda folder: tones.write_wav(folder / "a.wav", tones.noise(0.2)),
            r"too short; found: 0\.20 seconds",
        ),
    ],
)
@pytest.mark.parametrize("recipe", [CLIPS_59, FMA_518])
def test_what_cannot_be_used_says_why(tmp_path, make, reason, recipe):
    """Each kind of bad file has a reason of its own."""

    with pytest.raises(SourceError, match=reason):
        decode(make(tmp_path), recipe)


def test_the_format_does_not_change_the_features(tmp_path):
    """The same music as wav, flac and mp3 has the same features within 1 % (median)."""
    from genrelab.audio.compute import compute  # noqa: PLC0415 - librosa

    music = tones.write_music(tmp_path / "music.wav")
    for recipe in (CLIPS_59, FMA_518):
        _, wav = compute(music, str(recipe))
        values = np.array(list(wav.values()))
        for name, options in (("a.flac", ()), ("a.mp3", ("-b:a", "256k"))):
            _, found = compute(tones.convert(music, tmp_path / name, *options), str(recipe))
            difference = np.abs(np.array(list(found.values())) - values)
            assert np.median(difference / np.maximum(np.abs(values), 1e-9)) < 0.01
