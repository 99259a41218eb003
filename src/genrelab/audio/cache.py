"""Features of earlier runs, stored by recipe and by the content of the file, so that a moved file is still known.

Layout: `FOLDER/RECIPE/FIRST TWO DIGITS/DIGEST.json`, with the values in the order of the recipe's columns.
An entry that cannot be read, or is not what this recipe would write, is computed again.
"""

import contextlib
import math
from pathlib import Path

from genrelab.audio.recipes import Recipe
from genrelab.runtime.files import read_json, write_json


def read_features(folder: Path, recipe: Recipe, digest: str) -> tuple[float, dict[str, float]] | None:
    """Return the seconds and features of a content, or None if they are not stored or damaged."""
    try:
        stored = read_json(_entry(folder, recipe, digest))
    except OSError:
        return None
    match stored:
        case {
            "recipe": str(name),
            "digest": str(named),
            "seconds": float(seconds),
            "values": list(values),
        } if (name, named, len(values)) == (str(recipe), digest, len(recipe.columns)) and all(
            isinstance(value, float) and math.isfinite(value) for value in values
        ):
            return seconds, dict(zip(recipe.columns, values, strict=True))
        case _:
            return None


def write_features(
    folder: Path, recipe: Recipe, digest: str, seconds: float, features: dict[str, float]
) -> None:
    """Store features; a full or read-only disk costs only the next run's time."""
    values = [features[column] for column in recipe.columns]
    with contextlib.suppress(OSError):
        write_json(
            _entry(folder, recipe, digest),
            {"recipe": str(recipe), "digest": digest, "seconds": seconds, "values": values},
        )


def _entry(folder: Path, recipe: Recipe, digest: str) -> Path:
    return folder / str(recipe) / digest[:2] / f"{digest}.json"
