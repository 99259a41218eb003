"""From the text of a pull to typed columns, and the reasons why a record is rejected.

Conventions: work is done by column; a `Findings` gathers, row by row, which rules a record breaks. Text is
trimmed before it is parsed as an id or a number; names stay as they came.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.csv_records import Damaged, Record
from genrelab.ingested import Reject, rejects_table
from genrelab.spotify.genre_cells import FormFinder, parse_cells, parse_genres, why_refused
from genrelab.spotify.records import Layout
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

__all__ = ["Findings", "parse_genres", "parse_records"]

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
ID_LENGTH = 22
LARGEST_WHOLE = 2**53
"""Whole numbers up to here are exact in a float."""

Mask = npt.NDArray[np.bool_]


class Findings:
    """Which rules the records of a chunk break.

    Args:
        records: Number of records.
    """

    def __init__(self, records: int) -> None:
        self.bad: Mask = np.zeros(records, dtype=bool)
        self.by_row: dict[int, list[tuple[str, str]]] = {}

    def add(self, rule: str, broken: Any, texts: Any, why: Callable[[str], str] = lambda _: "") -> None:
        """Note that the rows marked in `broken` break a rule; `texts` holds what was found, `why` says more of it."""
        for row in np.flatnonzero(np.asarray(broken)):
            self.bad[row] = True
            found = texts[int(row)].as_py()
            reason = "found nothing" if not (found or "").strip() else f"found {found[:200]!r}"
            more = f" ({because})" if (because := why(found or "")) else ""
            self.by_row.setdefault(int(row), []).append((rule, f"{rule}; {reason}{more}"))


def parse_records(
    records: Sequence[Record], layout: Layout, *, source: str, first_row: int, genres: FormFinder
) -> tuple[pa.Table, pa.Table]:
    """Parse a chunk of records.

    Args:
        records: Fields, or damaged records.
        layout: Where the columns are.
        source: Name of the file.
        first_row: Number of the first record in its file.
        genres: What the column of micro-genres was found to be so far.

    Returns:
        Rows of `spotify_tracks`, and rows of `genrelab.ingested.QUARANTINE`.
    """
    width = len(layout.header)
    blank = [""] * width
    fields = [blank if isinstance(record, Damaged) else record for record in records]
    columns = list(zip(*fields, strict=True)) if fields else [()] * width
    text = {name: pa.array(columns[position], pa.string()) for name, position in layout.positions.items()}
    findings = Findings(len(records))
    parsed: dict[str, Any] = {
        "source": pa.repeat(source, len(records)),
        "source_row": pa.array(np.arange(first_row, first_row + len(records))),
        "artist_id": _ids(text["artist_id"], "artist", findings),
        "artist_name": _names(text["artist_name"], "artist_name", findings),
        "track_id": _ids(text["track_id"], "track", findings),
        "track_name": _names(text["track_name"], "track_name", findings),
        "genres": _genre_lists(text["genres"], findings, genres),
    }
    has_genres = pc.fill_null(pc.greater(pc.list_value_length(parsed["genres"]), 0), fill_value=False)
    parsed["genres_source"] = pc.if_else(has_genres, "pulls", pa.scalar(None, pa.string()))
    for name in (*AUDIO_FEATURES, "popularity"):
        is_whole = pa.types.is_integer(SPOTIFY_TRACKS[name].type)
        if name in text:
            parsed[name] = _numbers(text[name], name, findings, is_whole=is_whole)
        else:
            parsed[name] = pa.nulls(len(records), SPOTIFY_TRACKS[name].type)
    has_features = np.zeros(len(records), dtype=bool)
    for name in AUDIO_FEATURES:
        has_features |= np.asarray(parsed[name].is_valid())
    parsed["features_source"] = pc.if_else(pa.array(has_features), "pulls", pa.scalar(None, pa.string()))
    for name in ("genres_fetched_at", "features_fetched_at", "fetched_at"):
        parsed[name] = pa.nulls(len(records), SPOTIFY_TRACKS[name].type)

    for row, record in enumerate(records):
        if isinstance(record, Damaged):
            findings.bad[row] = True
            rule = f"record: {width} fields"
            findings.by_row[row] = [(rule, f"{rule}; found {record.reason}")]
    table = pa.table(parsed, schema=SPOTIFY_TRACKS.schema)
    rejects = [
        Reject(
            source=source,
            source_row=first_row + row,
            rules=tuple(rule for rule, _ in findings.by_row[row]),
            reasons=tuple(reason for _, reason in findings.by_row[row]),
            record=_record(records[row], layout.header),
        )
        for row in sorted(findings.by_row)
    ]
    kept = table if not rejects else table.filter(pa.array(~findings.bad))
    return kept, rejects_table(rejects)


def _ids(texts: Any, kind: str, findings: Findings) -> Any:
    """Ids from bare ids, URIs or addresses."""
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(trimmed, "")
    pattern = (
        rf"^(?:spotify:{kind}:|https?://open\.spotify\.com/(?:intl-[a-z]+/)?{kind}/)?"
        rf"(?P<id>[0-9A-Za-z]{{{ID_LENGTH}}})(?:\?.*)?$"
    )
    found = pc.struct_field(pc.extract_regex(trimmed, pattern), "id")
    findings.add(f"{kind}_id: present", blank, texts)
    malformed = pc.and_(pc.is_null(found), pc.invert(blank))
    findings.add(f"{kind}_id: {ID_LENGTH} letters and digits", malformed, texts)
    return found


def _names(texts: Any, name: str, findings: Findings) -> Any:
    findings.add(f"{name}: present", pc.equal(pc.utf8_trim_whitespace(texts), ""), texts)
    return texts


def _numbers(texts: Any, name: str, findings: Findings, *, is_whole: bool) -> Any:
    """Numbers, with blank cells missing; what is no number is a finding."""
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(trimmed, "")
    is_number = pc.match_substring_regex(trimmed, NUMBER)
    plain = pc.utf8_ltrim(trimmed, "+")
    values = pc.cast(pc.if_else(is_number, plain, pa.scalar(None, pa.string())), pa.float64())
    is_number = pc.fill_null(pc.is_finite(values), fill_value=False)  # 1e999 is written like a number
    rule = f"{name}: a {'whole ' if is_whole else ''}number"
    if not is_whole:
        findings.add(rule, pc.invert(pc.or_(is_number, blank)), texts)
        return pc.if_else(is_number, values, None)
    whole = pc.and_(
        is_number,
        pc.fill_null(
            pc.and_(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), float(LARGEST_WHOLE))),
            fill_value=False,
        ),
    )
    findings.add(rule, pc.invert(pc.or_(whole, blank)), texts)
    return pc.cast(pc.if_else(whole, values, None), pa.int64())


def _genre_lists(texts: Any, findings: Findings, finder: FormFinder) -> Any:
    """Lists of micro-genres, in the form of their column."""
    finder.add(texts.unique())
    form = finder.form()
    parsed = parse_cells(texts, form)
    findings.add(
        "genres: a list of micro-genres", parsed.is_null(), texts, why=lambda text: why_refused(text, form)
    )
    return parsed


def _record(record: Record, header: Sequence[str]) -> dict[str, object]:
    fields = record.fields if isinstance(record, Damaged) else record
    names = [name.strip() or f"column {number}" for number, name in enumerate(header, start=1)]
    named: dict[str, object] = dict(zip(names, fields, strict=False))
    if len(fields) > len(names):
        named["further fields"] = list(fields[len(names) :])
    return named
