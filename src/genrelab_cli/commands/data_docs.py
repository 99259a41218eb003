"""`genrelab data-docs`: build Great Expectations' Data Docs for the tables of the lake."""

from collections.abc import Sequence

from genrelab.lake.lake import Lake
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home


def build_data_docs(names: Sequence[str]) -> None:
    """Validate the tables again and build the pages in `data/validation_docs`.

    Raises:
        GenrelabError: A table is unknown, not published, or validated through its column profile.
    """
    from expectations.data_docs import build
    from genrelab.tables import TABLES

    home = Home.find()
    lake = Lake(home)
    newest = {name: version for name, version in lake.newest().items() if version and version.counts.rows}
    held = {name: TABLES[name] for name in newest if name in TABLES}
    by_row = {name: table for name, table in held.items() if not (table.is_wide and name.startswith("fma_"))}
    unknown = sorted(set(names) - set(by_row))
    if unknown or not by_row:
        raise GenrelabError(
            "there are no rows to check",
            found=", ".join(unknown) or "an empty lake",
            allowed=", ".join(by_row) or "published tables",
            do="name one of them, or run `genrelab nightly` first; wide FMA tables are validated by column profile",
        )
    folder = home.root / "data" / "validation_docs"
    page = build(folder, ((by_row[name], lake.read(name)) for name in (names or by_row)))
    print(f"{page.as_uri()}")
    print("These pages load scripts from the internet. The report has a validation page that works offline.")
