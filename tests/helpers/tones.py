"""Audio files of tones and noise, whose features are known by hand; other formats than wav are made by ffmpeg."""

import subprocess
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
RATE = 44_100


def sine(hertz: float, seconds: float = 3.0, rate: int = RATE, amplitude: float = 0.5) -> Samples:
    """A pure tone; its RMS is amplitude / sqrt(2)."""
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def chord(*hertz: float, seconds: float = 3.0, rate: int = RATE) -> Samples:
    """Several tones of equal strength."""
    return np.mean([sine(each, seconds, rate) for each in hertz], axis=0)


def noise(seconds: float = 3.0, rate: int = RATE, amplitude: float = 0.1, seed: int = 0) -> Samples:
    """White noise."""
    return amplitude * np.random.default_rng(seed).standard_normal(round(seconds * rate))


def silence(seconds: float = 3.0, rate: int = RATE) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * rate))


def write_wav(path: Path, *channels: Samples, rate: int = RATE) -> Path:
    """Write a 16-bit wav file, one array of samples in -1..1 for each channel; return its path."""
    frames = np.stack(channels, axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(frames, -1, 1) * 32_767).round().astype("<i2").tobytes())
    return path


def write_music(path: Path, seed: int = 0, seconds: float = 5.0, rate: int = RATE) -> Path:
    """Write a made-up piece: chords over noise, another one for each seed."""
    random = np.random.default_rng(seed)
    parts = [
        chord(*(110 * 2 ** (random.integers(0, 36, 3) / 12)), seconds=seconds / 5, rate=rate)
        for _ in range(5)
    ]
    samples = np.concatenate(parts)
    return write_wav(path, samples + noise(len(samples) / rate, rate, 0.02, seed), rate=rate)


def convert(source: Path, target: Path, *options: str) -> Path:
    """Write another format with ffmpeg; return its path."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source, *options, f"file:{target}"]
    subprocess.run(command, check=True, timeout=100)
    return target


def sound(path: Path) -> str:
    """Return the digest of the decoded samples."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-f", "md5", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
