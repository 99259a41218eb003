"""Summary of what is missing: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.missing_values.result import MissingValues


def summarise(found: MissingValues) -> Summary:
    """Summarise the tables, and the gaps of the tracks."""
    gaps = found.gaps
    if gaps is None:
        said = found.why
    else:
        measured = [one.agreement for one in gaps.gappy if one.agreement is not None]
        said = (
            f"{len(gaps.gappy)} columns of {gaps.whole:,} whole rows of {gaps.rows:,} lack more than "
            f"{gaps.limit:.0%} here or in the student project"
        )
        if measured:
            said += (
                f"; {sum(measured) / len(measured):.0%} of the variance of these gaps lies between artists"
            )
    return Summary(
        said,
        [
            {
                "table": one.table,
                "rows": one.rows,
                "columns": len(one.columns),
                "complete": one.never,
                "without any value": one.always,
                "cells missing": round(one.share, 4),
            }
            for one in found.tables
        ],
        "Missing values by table.",
    )
