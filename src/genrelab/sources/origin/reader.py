"""Geographical origin of music: the UCI text files, and a synthetic file of the same layout.

Dataset: 1,059 tracks of traditional music from 33 countries; 68 features extracted with MARSYAS (or 116 with
the chromatic ones), latitude and longitude of the country's capital.
Source: UCI Machine Learning Repository, "Geographical Original of Music".
Cite: Zhou, Claire and King, "Predicting the Geographical Origin of Music", ICDM 2014.
License: CC BY 4.0.

Conventions: no header, commas, one track a line, the two coordinates last, in degrees. Features arrive
standardised and stay as they are. Whether a coordinate is on the globe is not judged here but by the suite.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from genrelab.lake.ingested import Ingested, Reject, rejects_table
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import hash_file, name_of
from genrelab.runtime.progress import track
from genrelab.sources.origin.sample import write_sample
from genrelab.tables.origin import CHROMATIC_FEATURES, DEFAULT_FEATURES, ORIGIN_TRACKS, feature_names

__all__ = ["read_origin", "write_sample"]

COORDINATES = ("latitude", "longitude")
WIDTHS = {features + len(COORDINATES): features for features in (DEFAULT_FEATURES, CHROMATIC_FEATURES)}
"""Columns in a file, and the features among them."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
SNIFFED_BYTES = 4096
ZIP = b"PK\x03\x04"


def read_origin(path: Path) -> Ingested:
    """Read a file of 68 or 116 features and two coordinates.

    Args:
        path: `default_features_1059_tracks.txt`, or the variant with chromatic features.

    Returns:
        Rows of `origin_tracks` (the 48 chromatic features missing where the file has none), rejected records,
        and what was noted.

    Raises:
        SourceError: There is no such file, it is no text, it is empty, or it has another number of columns.
    """
    path = Path(path)
    lines, notes = _lines(path)
    records = [[field.strip() for field in line.split(",")] for line in lines]
    if records and not any(NUMBER.fullmatch(field) for field in records[0]):
        notes.append(f"{name_of(path)}: a header, passed over")
        del records[0]
    if not records:
        raise SourceError(
            f"{path} holds no track",
            found="an empty file",
            allowed=f"lines of {_widths()} numbers",
            do="fetch the file again from the UCI Machine Learning Repository",
        )
    width = Counter(len(record) for record in records).most_common(1)[0][0]
    if width not in WIDTHS:
        raise SourceError(
            f"{path} has another number of columns",
            found=f"{width} columns in most lines, {records[0][0][:40]!r} first",
            allowed=f"{_widths()} columns separated by commas: 68 or 116 features, latitude, longitude",
            do="name the file default_features_1059_tracks.txt or its variant with chromatic features",
        )
    names = [*feature_names(WIDTHS[width]), *COORDINATES]
    kept: list[list[float]] = []
    rows: list[int] = []
    rejects: list[Reject] = []
    with track(f"reading {name_of(path)}", len(records), "tracks") as advance:
        for row, record in enumerate(records, start=1):
            broken = _broken_rules(record, names)
            if broken:
                rules, reasons = zip(*broken, strict=True)
                rejects.append(Reject(name_of(path), row, rules, reasons, _named(record, names)))
            else:
                rows.append(row)
                kept.append([float(field) for field in record])
        advance(len(records))
    columns = dict(zip(names, zip(*kept, strict=True), strict=True)) if kept else {}
    data = pa.table(
        {
            "source": pa.repeat(name_of(path), len(rows)),
            "source_row": pa.array(rows, pa.int64()),
            **{
                name: pa.array(columns[name], pa.float64())
                if name in columns
                else pa.nulls(len(rows), pa.float64())
                for name in ORIGIN_TRACKS.names
                if name not in {"source", "source_row"}
            },
        },
        schema=ORIGIN_TRACKS.schema,
    )
    source = {"name": name_of(path), "bytes": path.stat().st_size, "sha256": hash_file(path)}
    return Ingested(data, rejects_table(rejects), len(records), tuple(notes), (source,))


def _lines(path: Path) -> tuple[list[str], list[str]]:
    """Lines that are not blank, and what was noted about them."""
    if not path.is_file():
        raise SourceError(
            f"there is no file {path}",
            found="a folder" if path.is_dir() else "no such file",
            allowed="the text file with features and coordinates",
            do="check the path given as the origin source",
        )
    content = path.read_bytes()
    if content.startswith(ZIP) or b"\0" in content[:SNIFFED_BYTES]:
        raise SourceError(
            f"{path} is not a text file",
            found="a zip archive" if content.startswith(ZIP) else "bytes that are no text",
            allowed="numbers separated by commas",
            do="unpack it first and name default_features_1059_tracks.txt" if content.startswith(ZIP) else "",
        )
    lines = [line for line in content.decode("utf-8-sig", errors="replace").splitlines() if line.strip()]
    broken = sum("\N{REPLACEMENT CHARACTER}" in line for line in lines)
    notes = [f"{name_of(path)}: bytes that are not UTF-8 replaced in lines: {broken:,}"] if broken else []
    return lines, notes


def _broken_rules(record: Sequence[str], names: Sequence[str]) -> list[tuple[str, str]]:
    """Rules that a record breaks, each with its reason."""
    if len(record) != len(names):
        rule = f"record: {len(names)} fields"
        return [(rule, f"{rule}; found {len(record)} fields")]
    broken = []
    for name, field in zip(names, record, strict=True):
        if not (NUMBER.fullmatch(field) and math.isfinite(float(field))):
            rule = f"{name}: a number"
            broken.append((rule, f"{rule}; found {field[:200]!r}" if field else f"{rule}; found nothing"))
    return broken


def _named(record: Sequence[str], names: Sequence[str]) -> dict[str, object]:
    named: dict[str, object] = dict(zip(names, record, strict=False))
    if len(record) > len(names):
        named["further fields"] = list(record[len(names) :])
    return named


def _widths() -> str:
    return " or ".join(map(str, WIDTHS))
