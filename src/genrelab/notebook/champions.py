"""`gl.champions()` and `gl.champion()`: the models in use, as promotion compiled them."""

from typing import TYPE_CHECKING

from genrelab.notebook.places import current_home, warn_once
from genrelab.serving.champion import ServedChampion, load_champion
from genrelab.serving.description import champion_names, describe

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("champion", "version", "task", "model", "table", "rows", "labels", "features", "sample", "since")


def champions() -> "pd.DataFrame":
    """Return the champions of the home.

    Returns:
        One row per champion: `champion` (its name), `version`, `task`, `model`, `table`, `rows` (trained on), `labels`
        and `features` (how many), `sample` (whether the rows were synthetic), `since` (ISO 8601, UTC).
    """
    import pandas as pd  # noqa: PLC0415 - a champion is loaded by what needs no frames

    home = current_home()
    found = [describe(home, name) for name in champion_names(home)]
    rows = [
        (
            one.name,
            one.version,
            one.task,
            one.model,
            one.table,
            one.trained_rows,
            len(one.labels),
            len(one.features),
            one.is_sample,
            one.since,
        )
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def champion(name: str, version: int | None = None) -> ServedChampion:
    """Return a champion, ready to predict.

    Args:
        name: One of `gl.champions()`.
        version: A version that the home has kept; the one in use by default.

    Returns:
        `predict(frame)` takes n rows with a column per feature and returns n rows: `genre`, `probability`,
        `second_genre`, `second_probability`, `probabilities`, and `genres` where a track has several. `description`
        names the features with their legal ranges, the labels, the scores, and the table and version of the training.

    Raises:
        GenrelabError: There is no such champion, or none has been promoted yet.
    """
    found = load_champion(current_home(), name, version)
    if found.description.is_sample:
        warn_once(
            f"champion {name} {found.description.version}",
            f"{name} version {found.description.version} was trained on synthetic sample data",
        )
    return found
