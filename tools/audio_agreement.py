"""Print how far the recipe `fma-518` is from FMA's own values of clips, as a Markdown table.

    python tools/audio_agreement.py ../shared/data/fma_audio | python -m genrelab_cli.numbers --save audio-agreement

The folder holds clips named by their track (000002.mp3) and `features_of_4_clips.json` with their 518 values.
"""

import json
import sys
from pathlib import Path

import numpy as np

from genrelab.audio.compute import compute
from genrelab.audio.recipes import FMA_518
from genrelab_cli.numbers import markdown


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1])
    published = json.loads((folder / "features_of_4_clips.json").read_text(encoding="utf-8"))
    apart: dict[str, list[float]] = {}
    for track, values in published.items():
        _, found = compute(folder / f"{int(track):06d}.mp3", str(FMA_518))
        for name, value in values.items():
            difference = abs(found[name.replace("|", "_")] - value) / max(abs(value), 1e-9)
            apart.setdefault(name.partition("|")[0], []).append(difference)
    rows = [
        (feature, f"{100 * np.median(those):.5f} %", f"{100 * np.quantile(those, 0.9):.5f} %")
        for feature, those in sorted(apart.items())
    ]
    print(markdown(("feature", "median difference", "90 % of the values within"), rows), end="")


if __name__ == "__main__":
    main()
