"""Artifacts in the Prefect UI: tables, texts and links.

Links point to the loopback address of `genrelab ui`, because browsers block links from web pages to local files.
"""

from collections.abc import Iterable, Mapping, Sequence

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from genrelab.lake.version import TableVersion
from tasks.run.notify import report_url


def publish_table_summary(versions: Iterable[TableVersion]) -> None:
    """Publish the record counts, caveats, warnings and notes of tables."""
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
    """Publish a table in the Prefect UI."""
    create_table_artifact(table=[dict(row) for row in rows], key=_key(key), description=description)


def publish_text(key: str, text: str) -> None:
    """Publish a Markdown text in the Prefect UI."""
    create_markdown_artifact(markdown=text, key=_key(key))


def publish_report_link() -> None:
    """Publish a link to the newest report."""
    create_link_artifact(
        link=report_url(), link_text="the report", key="report", description="Served by `genrelab ui`."
    )


def _key(name: str) -> str:
    """Turn a name into a key for Prefect: lower-case letters, digits and dashes."""
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())
