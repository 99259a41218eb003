"""`gl.tables()` and `gl.table()`: the tables of the lake as frames."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, overload

import pyarrow as pa

from genrelab.lake.lake import Lake, in_source_order
from genrelab.lake.version import TableVersion
from genrelab.notebook.places import current_home, warn_of_sample
from genrelab.runtime.errors import GenrelabError
from genrelab.tables.provenance import PROVENANCE

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow.dataset as ds

FACTS = (
    "table",
    "version",
    "read",
    "rows",
    "quarantined",
    "duplicates",
    "sample",
    "source",
    "published_at",
)
PLACE = [column.name for column in PROVENANCE]


def tables() -> "pd.DataFrame":
    """Return the tables of the lake, as `genrelab tables` lists them.

    Returns:
        One row per table that can be opened, sorted by name: `table`, `version`, `read` (records in the source) =
        `rows` + `quarantined` + `duplicates`, `sample` (whether the rows are synthetic), `source`, `published_at`
        (ISO 8601, UTC).
    """
    import pandas as pd  # noqa: PLC0415 - the package is imported by what needs no frames

    newest = Lake(current_home()).newest().values()
    return pd.DataFrame([version.facts() for version in newest if version], columns=list(FACTS))


@overload
def table(
    name: str,
    columns: Sequence[str] | None = None,
    version: int | None = None,
    *,
    as_arrow: Literal[False] = False,
) -> "pd.DataFrame": ...
@overload
def table(
    name: str, columns: Sequence[str] | None = None, version: int | None = None, *, as_arrow: Literal[True]
) -> pa.Table: ...
def table(
    name: str, columns: Sequence[str] | None = None, version: int | None = None, *, as_arrow: bool = False
) -> "pd.DataFrame | pa.Table":
    """Return the rows of a table, in the order of its source where the table keeps it.

    Args:
        name: One of `gl.tables()`.
        columns: Columns to read, in this order; all by default. A column that is not read costs nothing.
        version: A version that `genrelab clean` has kept; the newest by default.
        as_arrow: Return an Arrow table, with the declared types; in a frame, whole numbers with missing ones among them
            are floats.

    Returns:
        One row per record, and the columns that docs/data-dictionary.md describes.

    Raises:
        GenrelabError: There is no such table, version or column.
    """
    lake = Lake(current_home())
    found = find_version(lake, name, version)
    dataset = open_dataset(lake, name, found.version)
    wanted = [columns] if isinstance(columns, str) else list(columns or dataset.schema.names)
    for column in wanted:
        require(column, dataset.schema.names, f"{name} has no column {column}")
    warn_of_sample(found)
    has_place = set(PLACE) <= set(dataset.schema.names)
    rows = dataset.to_table(columns=list(dict.fromkeys([*wanted, *(PLACE if has_place else [])])))
    rows = (in_source_order(rows) if has_place else rows).select(wanted)
    return rows if as_arrow else rows.to_pandas()


def open_dataset(lake: Lake, name: str, version: int | None) -> "ds.Dataset":
    """Return a version of a table as an Arrow dataset.

    Raises:
        GenrelabError: There is no such version, or its files were removed.
    """
    try:
        return lake.dataset(name, version)
    except FileNotFoundError as error:
        raise GenrelabError(
            f"files of the table {name} are missing",
            found=str(error).splitlines()[0],
            do=f"read its newest version, {lake.current(name).version}: `genrelab clean` removes the files of old ones",
        ) from error


def find_version(lake: Lake, name: str, version: int | None) -> TableVersion:
    """Return the newest (or a given) version of a table.

    Raises:
        GenrelabError: There is no such table or version.
    """
    require(name, lake.tables(), f"there is no table {name}")
    found = lake.versions(name)
    chosen = next((each for each in found if version in {None, each.version}), None)
    if chosen is None:
        raise GenrelabError(
            f"the table {name} has no version {version}",
            found=f"{len(found)} versions" if found else "no published version",
            allowed=", ".join(str(each.version) for each in reversed(found)),
            do="name one of these, or none for the newest",
        )
    return chosen


def require(name: str, names: Sequence[str], what: str) -> None:
    """Raise an error that lists the names like this one unless it is among the allowed ones.

    Raises:
        GenrelabError: It is not.
    """
    if name in names:
        return
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    shown = near if near and len(names) > MOST_SHOWN else names
    raise GenrelabError(
        what,
        found="" if name in what else repr(name),
        allowed=", ".join(shown) + (f" and {len(names) - len(near)} others" if shown is near else "")
        or "none yet: run `genrelab nightly`, or the flow that creates it",
        do=f"did you mean {' or '.join(near)}?" if near else "check the name",
    )


MOST_SHOWN = 30
"""An error lists all allowed names up to this many, and only those like the wrong one beyond."""
