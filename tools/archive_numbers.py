"""Tables of docs/archive.md on missing values, languages, licences and outliers, from the records of a home.

`tools/real_numbers.py` writes them.
"""

from genrelab.analyses.archive.analysis import ARCHIVE
from genrelab.analyses.archive.languages import DOCUMENT
from genrelab.analyses.archive.pages.outlier_charts import RULES, TREATMENTS
from genrelab.analyses.archive.result import Archive, Kinds, Trial
from genrelab.analyses.missing_values.analysis import MISSING_VALUES
from genrelab.analyses.missing_values.pages.words import DIFFERENCES, official
from genrelab.analyses.missing_values.result import Gaps, MissingValues
from genrelab.evaluation.results import Difference
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab_cli.numbers import markdown
from tasks.run.step import facts_of

NONE = "-"


def plain(value: float | None, digits: int = 3) -> str:
    """Return a number."""
    return NONE if value is None else f"{value:.{digits}f}"


def shares(found: Gaps) -> str:
    """Return the share missing of every column beside the document."""
    rows = sorted(found.gappy, key=lambda one: (one.level, -one.share.value))
    return markdown(
        (
            "column",
            "missing here (95 % interval)",
            "artists counted once",
            "between artists",
            "document",
            "difference",
        ),
        [
            (
                official(one.column),
                str(one.share),
                plain(one.by_artist),
                plain(one.agreement, 2),
                plain(one.document),
                DIFFERENCES[one.difference] or NONE,
            )
            for one in rows
        ],
    )


def pairs(found: Gaps) -> str:
    """Return the document's pairs with their phi, here and there."""
    return markdown(
        ("columns", "phi here", "of its bound", "artists counted once", "document", "of its bound"),
        [
            (
                f"{official(one.first)}, {official(one.second)}",
                *(plain(value) for value in (one.phi, one.of_bound, one.by_artist)),
                plain(one.document),
                plain(one.document_of_bound),
            )
            for one in found.association.document
        ],
    )


def kinds(found: Kinds, word: str) -> str:
    """Return the shares of the kinds of a column."""
    return markdown(
        (word, "tracks", "artists", "share of tracks (95 % interval)", "artists counted once", "document"),
        [
            (one.name, f"{one.tracks:,}", f"{one.artists:,}", str(one.share), plain(one.by_artist),
             plain(DOCUMENT.get(one.name)))
            for one in found.kinds
        ],
    )  # fmt: skip


def treatments(found: Trial) -> str:
    """Return what each treatment of outliers changes."""
    return markdown(
        (
            "outliers",
            "rule",
            "cells changed",
            "training tracks",
            "accuracy",
            "log loss",
            "change of the log loss",
        ),
        [
            (
                TREATMENTS[one.treatment],
                RULES[one.rule] or NONE,
                plain(one.changed),
                f"{one.rows:,}",
                str(one.accuracy),
                plain(one.log_loss.value),
                _difference(one.log_loss_change) if one.rule else NONE,
            )
            for one in found.treatments
        ],
    )


def _difference(change: Difference) -> str:
    if change.low is None or change.high is None:
        return f"{change.value:+.3f}"
    return f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"


def tables_of(home: Home) -> dict[str, str]:
    """The tables of the description of the archive, if it ran in a home on real data."""
    tables: dict[str, str] = {}
    missing = decode(MissingValues, facts_of(home, MISSING_VALUES.name))
    if missing and missing.gaps and not missing.sample:
        tables |= {"missing-shares": shares(missing.gaps), "missing-pairs": pairs(missing.gaps)}
    archive = decode(Archive, facts_of(home, ARCHIVE.name))
    if archive and archive.profile and not archive.sample:
        tables |= {
            "archive-languages": kinds(archive.profile.languages, "language"),
            "archive-licences": kinds(archive.profile.licences, "licence"),
        }
        if archive.outliers and archive.outliers.trial:
            tables["outlier-treatments"] = treatments(archive.outliers.trial)
    return tables
