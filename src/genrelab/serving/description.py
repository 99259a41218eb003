"""What a compiled champion is: its features, genres, scores and origin; and the check of values for it.

A bundle is a folder `data/champions/NAME/VERSION`; `current.json` beside it names the version in use.
"""

import json
import math
import operator
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.files import digest, hash_file
from genrelab.runtime.home import Home

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
DESCRIPTION, CURRENT = "champion.json", "current.json"
FORMAT = 4
"""Version of the form of a bundle; one of another form is compiled again."""
MOST = sys.float_info.max
"""The largest finite number."""
SHOWN = 80
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True)
class FeatureDescription:
    """A feature: its legal range, and the training rows at `QUANTILES`."""

    name: str
    label: str
    unit: str
    kind: str
    lowest: float | None
    highest: float | None
    quantiles: tuple[float, ...]
    meaning: str


@dataclass(frozen=True)
class ShownScore:
    """A score on a split, with its 95 % interval and that of a baseline."""

    metric: str
    split: str
    value: float
    low: float | None
    high: float | None
    baseline: float | None
    rows: int
    artists: int


@dataclass(frozen=True)
class ChampionDescription:
    """A champion: what it predicts, from what, and how well."""

    name: str
    version: int
    task: str
    title: str
    several_labels: bool
    labels: tuple[str, ...]
    shares: tuple[float, ...]
    features: tuple[FeatureDescription, ...]
    model: str
    model_label: str
    rule_set: str
    tables: dict[str, str]
    since: str
    is_sample: bool
    recipe: str
    scores: tuple[ShownScore, ...]
    trained_rows: int
    table: str


def folder_of(home: Home, name: str) -> Path:
    """Return the folder of all versions of a champion."""
    return home.root / "data" / "champions" / name


def champion_names(home: Home) -> tuple[str, ...]:
    """Return the names of the compiled champions, sorted."""
    return tuple(sorted(path.parent.name for path in folder_of(home, "").glob(f"*/{CURRENT}")))


def version_in_use(home: Home, name: str) -> int:
    """Return the version in use of a champion.

    Raises:
        GenrelabError: There is no champion of this name, or its record is damaged.
    """
    names = champion_names(home)
    if name not in names:
        raise GenrelabError(
            f"there is no champion {name[:SHOWN]}",
            found="no compiled champion" if not names else "another name",
            allowed=", ".join(names),
            do="choose one of these" if names else "run `genrelab train`, then `genrelab app`",
        )
    path = folder_of(home, name) / CURRENT
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(name, path, error) from None


def describe(home: Home, name: str, version: int | None = None) -> ChampionDescription:
    """Return the description of a champion.

    Raises:
        GenrelabError: There is no champion of this name, or its description is damaged.
    """
    number = version_in_use(home, name) if version is None else version
    path = folder_of(home, name) / str(number) / DESCRIPTION
    try:
        return described(json.loads(path.read_text(encoding="utf-8"))["description"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(name, path, error) from None


def read_bundle(folder: Path) -> dict[str, Any]:
    """Return the record of a bundle, once its other files are found to be those that were written with it.

    Raises:
        OSError: A file is missing.
        ValueError: A file is damaged, or the bundle has the form of another version of genrelab.
        KeyError: The record is not that of a bundle.
    """
    record: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    if record["format"] != FORMAT:
        raise ValueError("a bundle of another version of genrelab")
    if changed := [name for name, written in record["files"].items() if hash_file(folder / name) != written]:
        raise ValueError(f"{', '.join(changed)} changed since the champion was compiled")
    return record


def is_current(home: Home, name: str) -> bool:
    """Whether the bundle in use is whole, and has the form of this version of genrelab."""
    try:
        read_bundle(folder_of(home, name) / str(version_in_use(home, name)))
    except (OSError, ValueError, KeyError, TypeError, GenrelabError):
        return False
    return True


def bundle_digest(home: Home, name: str, version: int) -> str:
    """Return a fingerprint of the files of a bundle: another one where a champion was compiled to something else."""
    folder = folder_of(home, name) / str(version)
    return digest([(file.name, hash_file(file)) for file in sorted(folder.glob("*")) if file.is_file()])


def described(found: Mapping[str, Any]) -> ChampionDescription:
    """Return a description from its record."""
    texts = {
        **found,
        "labels": tuple(found["labels"]),
        "shares": tuple(found["shares"]),
        "features": tuple(
            FeatureDescription(**{**each, "quantiles": tuple(each["quantiles"])})
            for each in found["features"]
        ),
        "scores": tuple(ShownScore(**each) for each in found["scores"]),
    }
    return ChampionDescription(**texts)


def check_values(
    description: ChampionDescription, rows: Sequence[Mapping[str, object]]
) -> "npt.NDArray[np.float64]":
    """Return rows as an array, shape (rows, features).

    Raises:
        GenrelabError: A feature is missing, unknown, no number, or outside its legal range.
    """
    import numpy as np  # noqa: PLC0415 - listing champions needs none

    names = [feature.name for feature in description.features]
    known = set(names)
    for number, row in enumerate(rows, start=1):
        if row.keys() != known:
            raise _other_features(number, row, names)
    get = operator.itemgetter(*names, names[0])  # one name too many: a single one would return no tuple
    found = [get(row)[:-1] for row in rows]
    if (array := _legal(description, found)) is not None:
        return array
    checked = [
        [_value(number, each, value) for each, value in zip(description.features, values, strict=True)]
        for number, values in enumerate(found, start=1)
    ]
    return np.array(checked, dtype=np.float64).reshape(len(rows), len(names))


def _legal(
    description: ChampionDescription, rows: Sequence[tuple[object, ...]]
) -> "npt.NDArray[np.float64] | None":
    """Rows as an array, all values at once; None where some value may not be used."""
    import numpy as np  # noqa: PLC0415 - as above

    if not {type(value) for values in rows for value in values} <= {float, int}:
        return None
    try:
        array = np.array(rows, dtype=np.float64).reshape(len(rows), len(description.features))
    except OverflowError:
        return None
    lowest = [-MOST if each.lowest is None else each.lowest for each in description.features]
    highest = [MOST if each.highest is None else each.highest for each in description.features]
    return array if ((array >= lowest) & (array <= highest)).all() else None


def _value(number: int, feature: FeatureDescription, value: object) -> float:
    if type(value) in {float, int} or (not isinstance(value, (bool, str)) and hasattr(value, "__float__")):
        try:
            found = float(value)  # type: ignore[arg-type]
        except (OverflowError, ValueError, TypeError):
            found = math.inf
        too_low = feature.lowest is not None and found < feature.lowest
        too_high = feature.highest is not None and found > feature.highest
        if math.isfinite(found) and not too_low and not too_high:
            return found
    low, high = feature.lowest, feature.highest
    span = " to ".join("any" if each is None else f"{each:g}" for each in (low, high))
    raise GenrelabError(
        f"row {number}: the value of {feature.name} cannot be used",
        found=repr(value)[:SHOWN],
        allowed=f"a number, {span} {feature.unit}".strip(),
        do=f"check the unit; half of the training rows have {feature.quantiles[2]:g} to {feature.quantiles[4]:g}",
    )


def _other_features(number: int, row: Mapping[str, object], names: Sequence[str]) -> GenrelabError:
    missing = [name for name in names if name not in row]
    unknown = [str(name)[:SHOWN] for name in row if name not in names]
    parts = [f"missing: {', '.join(missing[:20])}"] if missing else []
    parts += [f"unknown: {', '.join(unknown[:20])}"] if unknown else []
    return GenrelabError(
        f"row {number} has other features than the champion",
        found="; ".join(parts),
        allowed=", ".join(names[:60]),
    )


def _damaged(name: str, path: Path, error: Exception) -> GenrelabError:
    return GenrelabError(
        f"the compiled champion {name[:SHOWN]} cannot be read",
        found=f"{path.name}: {type(error).__name__}",
        do="remove its folder below data/champions; `genrelab app` compiles it again",
    )
