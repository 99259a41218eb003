"""Decodes audio files to mono samples with ffmpeg.

Conventions: ffmpeg gets a list of arguments, no shell, no input, no network (`-protocol_whitelist file`), no formats
that name other files (playlists), and a time limit. A path is given as `file:/absolute`, so its name may hold anything.

What is decoded differs by recipe. `clips-59`: 32-bit samples, mixed and resampled by ffmpeg. `fma-518`: 16-bit samples,
MP3 by the fixed-point decoder, which gives FMA's own values to six digits; then the mean of the channels, resampled
by soxr where the file has another rate than 44,100 Hz.

Which features are computed does not belong here.
"""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from genrelab.audio.moments import FloatArray
from genrelab.audio.recipes import CLIPS_59, Recipe
from genrelab.runtime.errors import SourceError

FORMATS = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,flac,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,tta,w64,wav,wv"
SHORTEST = 1.0
"""Seconds; the lowest filter of the constant-Q transform alone is half a second long."""
SLACK = 1.0
"""Seconds that a file may be longer than a recipe's longest audio and is still analysed whole."""
READABLE = 0.9
"""Smallest part of the announced length that must be readable."""
SILENT = 1e-4
"""Largest sample that counts as silence, -80 dB of full scale."""
TIME_LIMIT = 120.0
UNKNOWN_SIZE = 0x7FFF0000
"""Programs that write wav files to a pipe announce about this size, or twice as much."""
CHUNK_FRAMES = 1 << 16
PICTURES = ("mjpeg", "png", "bmp", "gif", "webp")
SAFE = ("-v", "error", "-protocol_whitelist", "file", "-format_whitelist", FORMATS)


@dataclass(frozen=True)
class Sound:
    """What a file says about its audio; `seconds` is None if it does not say how long it is."""

    codec: str
    channels: int
    rate: int
    seconds: float | None


def probe(path: Path) -> Sound:
    """Return what a file says about its audio.

    Raises:
        SourceError: It holds no audio, or is a video.
    """
    command = ["ffprobe", *SAFE, "-show_format", "-show_streams", "-of", "json", _address(path)]
    try:
        done = subprocess.run(  # noqa: S603 - arguments of our own, no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT, check=False
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        said = {}
    streams: list[dict[str, Any]] = said.get("streams", [])
    sounds = [each for each in streams if each.get("codec_type") == "audio" and int(each.get("channels", 0))]
    if any(_is_moving(each) for each in streams):
        raise SourceError(
            "this is a video", found=said["format"]["format_name"], do="save its sound as a file of its own"
        )
    if not sounds:
        raise SourceError(
            "this is not audio", found="nothing that ffmpeg can decode", do="check the file in a player"
        )
    sound = sounds[0]
    seconds = sound.get("duration") or said["format"].get("duration")
    if said["format"]["format_name"] == "wav":
        _check_wav(path)
    return Sound(
        codec=sound.get("codec_name", ""),
        channels=int(sound["channels"]),
        rate=int(sound["sample_rate"]),
        seconds=None if seconds is None else float(seconds),
    )


def decode(path: Path, recipe: Recipe) -> FloatArray:
    """Return the mono samples of a file at the recipe's rate; of longer audio, those of its middle.

    Raises:
        SourceError: It holds no audio, or is a video, cut, damaged, silent or too short.
    """
    sound = probe(path)
    samples, expected = np.empty(0, np.float32), sound.seconds
    if expected is not None and expected > recipe.longest + SLACK:
        samples = _samples(path, recipe, sound, (expected - recipe.longest) / 2)
        expected = recipe.longest
    else:
        samples = _samples(path, recipe, sound, 0)
    seconds = len(samples) / recipe.rate
    if expected is not None and seconds < READABLE * min(expected, recipe.longest):
        raise SourceError(
            "this file is cut or damaged",
            found=f"{seconds:.1f} of {expected:.1f} seconds can be decoded",
            do="copy it again from where it came from",
        )
    if seconds < SHORTEST:
        raise SourceError(
            "this file is too short",
            found=f"{seconds:.2f} seconds of audio",
            allowed=f"at least {SHORTEST:g}",
            do="leave it out",
        )
    if np.abs(samples).max() <= SILENT:
        raise SourceError("this file is silent", found="no sample above -80 dB", do="leave it out")
    return samples


def _samples(path: Path, recipe: Recipe, sound: Sound, start: float) -> FloatArray:
    is_ours = recipe == CLIPS_59
    mixed = ("-ac", "1", "-ar", str(recipe.rate), "-f", "f32le") if is_ours else ("-f", "s16le")
    fixed_point = ("-c:a", "mp3") if sound.codec == "mp3" and not is_ours else ()
    command = ["ffmpeg", "-nostdin", *SAFE, *fixed_point]
    command += ["-ss", f"{start:.3f}"] if start else []
    command += ["-t", f"{recipe.longest + SLACK if not start else recipe.longest:.3f}", "-i", _address(path)]
    command += ["-map", "0:a:0", *mixed, "-"]
    with _running(command) as output:
        if is_ours:
            return np.frombuffer(output.read(), "<f4")
        return _mono(output, sound, recipe.rate)


def _mono(output: IO[bytes], sound: Sound, rate: int) -> FloatArray:
    """Mean of the channels of 16-bit samples, resampled, read in pieces."""
    import soxr  # noqa: PLC0415 - comes with librosa, which is optional

    resampler = soxr.ResampleStream(sound.rate, rate, 1, quality="HQ") if sound.rate != rate else None
    width, parts = 2 * sound.channels, []
    while raw := output.read(CHUNK_FRAMES * width):
        frames = np.frombuffer(raw[: len(raw) // width * width], "<i2").reshape(-1, sound.channels)
        mono = (frames.astype(np.float32) / 32_768).mean(axis=1)
        parts.append(mono if resampler is None else resampler.resample_chunk(mono))
    if resampler is not None:
        parts.append(resampler.resample_chunk(np.empty(0, np.float32), last=True))
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


@contextmanager
def _running(command: list[str]) -> Iterator[IO[bytes]]:
    """Run ffmpeg; yields its output. It ends with the block, or at the time limit."""
    process = subprocess.Popen(  # noqa: S603 - arguments of our own, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    limit = threading.Timer(TIME_LIMIT, process.kill)
    limit.start()
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        yield process.stdout
    finally:
        limit.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _check_wav(path: Path) -> None:
    """Check that a wav file is as long as its first eight bytes say; ffmpeg goes by the file's size instead."""
    with path.open("rb") as file:
        head = file.read(8)
    announced, size = int.from_bytes(head[4:8], "little"), path.stat().st_size
    if head[:4] == b"RIFF" and size < READABLE * announced and announced < UNKNOWN_SIZE:
        raise SourceError(
            "this file is cut or damaged",
            found=f"{size:,} of {announced:,} bytes",
            do="copy it again from where it came from",
        )


def _address(path: Path) -> str:
    return f"file:{path.absolute()}"


def _is_moving(stream: dict[str, Any]) -> bool:
    """Whether a stream is a video, not a cover."""
    is_cover = stream.get("disposition", {}).get("attached_pic") or stream.get("codec_name") in PICTURES
    return stream.get("codec_type") == "video" and not is_cover
