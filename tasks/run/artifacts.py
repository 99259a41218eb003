"""What a run leaves for people in the Prefect UI: tables, lines of text, and links.

Links lead to the loopback address that `genrelab ui` serves: a browser blocks file links from a page that came
over http.
"""

from collections.abc import Iterable, Mapping, Sequence

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from genrelab.lake.version import TableVersion
from tasks.run.notify import report_url


def publish_table_summary(versions: Iterable[TableVersion]) -> None:
    """Where the records of each table went, what changes its meaning, and what the suite warned of."""
    found = list(versions)
    publish_rows(
        "tables-" + "-".join(version.table for version in found),
        [
            {
                "table": version.table,
                "version": version.version,
                "read": version.counts.read,
                "published": version.counts.rows,
                "quarantined": version.counts.quarantined,
                "duplicates": version.counts.duplicates,
                "sample": "yes" if version.is_sample else "no",
                "caveats": len(version.caveats),
            }
            for version in found
        ],
        "Records read = published + quarantined + exact duplicates.",
    )
    lines = [
        f"- **{version.table}** {kind}: {line}"
        for kind, of in (("caveat", "caveats"), ("warning", "warnings"), ("note", "notes"))
        for version in found
        for line in getattr(version, of)
    ]
    if lines:
        publish_text("notes-" + "-".join(version.table for version in found), "\n".join(lines))


def publish_rows(key: str, rows: Sequence[Mapping[str, object]], description: str) -> None:
    """A table in the Prefect UI."""
    create_table_artifact(table=[dict(row) for row in rows], key=_key(key), description=description)


def publish_text(key: str, text: str) -> None:
    """A Markdown text in the Prefect UI."""
    create_markdown_artifact(markdown=text, key=_key(key))


def publish_report_link() -> None:
    """A link to the newest report."""
    create_link_artifact(
        link=report_url(), link_text="the report", key="report", description="Served by `genrelab ui`."
    )


def _key(name: str) -> str:
    """Prefect allows lower-case letters, digits and dashes."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())
