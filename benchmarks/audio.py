"""Speed and memory of the features of audio, as ratios within one run on the same clips.

    python benchmarks/audio.py [FOLDER] [--clips N]

FOLDER holds audio files, by default the clips below GENRELAB_REAL_DATA (default ../shared/data). Compared with the
recipe `fma-518`, decoding included: the calls of FMA's own extraction in their order, with the definitions of librosa
0.5, and the same features each computed from the waveform. Times are processor time with ffmpeg's, each way measured
clip by clip in turn, after a first clip that compiles librosa's functions.

The gain of a second process is wall time: of the whole run, and after the workers have started (they import librosa and
compile). It means little on a machine that is doing something else; the processor time of a clip, which the second
process must not raise, means more there.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genrelab.audio.compute import compute
from genrelab.audio.decode import decode
from genrelab.audio.extract import extract_all, find_files
from genrelab.audio.fma_518 import FILTER_SCALE, fma_518
from genrelab.audio.recipes import CLIPS_59, FMA_518
from genrelab.runtime.workers import Workers

ARCHIVE_CLIPS = 106_574
CLIPS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "fma_audio"
Values = NDArray[np.floating]


def seven(values: Values) -> list[Values]:
    """The moments, as FMA's own extraction computes them."""
    from scipy import stats

    return [
        np.mean(values, axis=1),
        np.std(values, axis=1),
        stats.skew(values, axis=1),
        stats.kurtosis(values, axis=1),
        np.median(values, axis=1),
        np.min(values, axis=1),
        np.max(values, axis=1),
    ]


def original(samples: Values) -> None:
    """FMA's calls in FMA's order: one STFT and one constant-Q transform for all."""
    import librosa
    from librosa import feature

    seven(feature.zero_crossing_rate(samples))
    cqt = np.abs(
        librosa.cqt(
            samples,
            sr=44_100,
            n_bins=84,
            hop_length=512,
            tuning=None,
            filter_scale=FILTER_SCALE,
            pad_mode="reflect",
        )
    )
    seven(feature.chroma_cqt(C=cqt, n_octaves=7, bins_per_octave=12))
    cens = feature.chroma_cens(C=cqt, n_octaves=7, bins_per_octave=12)
    seven(cens)
    seven(feature.tonnetz(chroma=cens))
    stft = np.abs(librosa.stft(samples, pad_mode="reflect"))
    seven(feature.chroma_stft(S=stft**2))
    seven(np.sqrt(np.mean(stft**2, axis=0, keepdims=True)))
    for name in ("centroid", "bandwidth", "contrast", "rolloff"):
        seven(getattr(feature, f"spectral_{name}")(S=stft))
    mel = feature.melspectrogram(sr=44_100, S=stft**2)
    seven(feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=20))


def one_by_one(samples: Values) -> None:
    """Each feature from the waveform."""
    import librosa
    from librosa import feature

    seven(feature.zero_crossing_rate(samples))
    for name in ("chroma_cqt", "chroma_cens"):
        seven(getattr(feature, name)(y=samples, sr=44_100, bins_per_octave=12))
    seven(feature.tonnetz(chroma=feature.chroma_cens(y=samples, sr=44_100, bins_per_octave=12)))
    seven(feature.chroma_stft(y=samples))
    seven(np.sqrt(np.mean(np.abs(librosa.stft(samples)) ** 2, axis=0, keepdims=True)))
    for name in ("centroid", "bandwidth", "contrast", "rolloff"):
        seven(getattr(feature, f"spectral_{name}")(y=samples))
    seven(feature.mfcc(y=samples, sr=44_100, n_mfcc=20))


def processor_time() -> float:
    """Seconds of processor time of this process and its ended children."""
    return sum(os.times()[:4])


def timed(clip: Path) -> float:
    """Processor time of one clip in a worker."""
    start = processor_time()
    compute(clip, str(FMA_518))
    return processor_time() - start


def compare(clips: list[Path]) -> None:
    """Print the time of each way and the ratios."""
    ways: dict[str, Callable[[Values], object]] = {
        "fma-518": fma_518,
        "original": original,
        "one by one": one_by_one,
    }
    seconds = dict.fromkeys(ways, 0.0)
    for number, clip in enumerate([clips[0], *clips]):
        for name, way in ways.items():
            start = processor_time()
            way(decode(clip, FMA_518))
            if number:
                seconds[name] += processor_time() - start
    for name, spent in seconds.items():
        ratio = seconds["fma-518"] / spent
        print(f"{name:12} {spent / len(clips):6.3f} s a clip; fma-518 takes {ratio:.2f} of it")


def gain(clips: list[Path]) -> None:
    """Print what a second process gains."""
    walls: dict[int, tuple[float, float]] = {}
    for count in (1, 2):
        with Workers(count) as workers:
            start = time.perf_counter()
            list(workers.map(timed, [(clips[0],)] * count))
            started = time.perf_counter()
            spent = list(workers.map(timed, [(clip,) for clip in clips * 2]))
            walls[count] = (started - start, time.perf_counter() - started)
            print(f"processes: {count}; {sum(spent) / len(spent):.3f} s of processor time a clip")
    print(f"two processes: {walls[1][1] / walls[2][1]:.2f} times one")
    print(f"with their start: {sum(walls[1]) / sum(walls[2]):.2f} times one, start {walls[2][0]:.1f} s")
    each = walls[2][1] / len(clips) / 2
    print(f"{ARCHIVE_CLIPS:,} clips of the archive in two processes: {ARCHIVE_CLIPS * each / 3600:.1f} hours")


def cold(clips: list[Path]) -> None:
    """Print the wall time of a folder, first and again, with the 59 columns."""
    with tempfile.TemporaryDirectory() as cache:
        for label in ("cold", "again"):
            start = time.perf_counter()
            found = list(extract_all(clips, CLIPS_59, Path(cache), 2, lambda _done, _all: None))
            fine = sum(not each.problem for each in found)
            print(f"clips-59, {fine} of {len(clips)} clips, {label}: {time.perf_counter() - start:.1f} s")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=CLIPS)
    parser.add_argument("--clips", type=int, default=10, help="clips for the ratios")
    given = parser.parse_args()
    clips, _ = find_files([given.folder])
    if not clips:
        sys.exit(f"no audio files in {given.folder}; name a folder that has some")
    warnings.simplefilter("ignore")
    cold(clips)
    gain(clips[: given.clips])
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    print(f"memory of the largest worker: {largest:.0f} MB")
    compare(clips[: given.clips])


if __name__ == "__main__":
    main()
