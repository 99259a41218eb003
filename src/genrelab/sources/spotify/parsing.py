"""From the text of a file to typed columns, and the reasons why a record is rejected.

Conventions: how a column is written (the form of its lists, words or numbers, percent) is decided once all of it has
been read; then it is parsed in chunks. Between the two, the text waits in a file, as do the parsed rows. Text is
trimmed before it is parsed as an id or a number; names stay as they came.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.ingested import QUARANTINE
from genrelab.lake.stored_rows import Rows, StoredRows, spill
from genrelab.runtime.errors import SourceError
from genrelab.runtime.files import name_of
from genrelab.sources.codes import counts_of
from genrelab.sources.csv_look import Look
from genrelab.sources.csv_records import Damaged
from genrelab.sources.missing import is_missing
from genrelab.sources.spotify.findings import Findings, rejected_rows
from genrelab.sources.spotify.genre_cells import GenreForm, parse_cells, recognise_form, why_refused
from genrelab.sources.spotify.layouts import Found, Repeats
from genrelab.sources.spotify.names import (
    ID_LENGTH,
    artist_ids,
    count_artists,
    count_missing_names,
    decoded_twice,
    first_of_lists,
    main_artists,
    separator_of,
    track_ids,
)
from genrelab.sources.spotify.units import WORDS, from_words, is_in_words, mode_of_key, numbers
from genrelab.tables.spotify import AUDIO_FEATURES, SPOTIFY_TRACKS

CHUNK_RECORDS = 50_000
MEASURED = tuple(name for name in AUDIO_FEATURES if name not in WORDS)
"""Features of which a track with sound has at least one that is not 0."""
LEAST_ZEROS = 3
"""Measured features that must be there, and 0, to tell that nothing was measured."""
ADDED_AT = "added_at"
NO_GENRES = GenreForm("no micro-genres")
DATE = r"^\d{4}-\d{2}-\d{2}"


@dataclass
class FileRead:
    """What one file gave.

    Args:
        look: How it is written.
        found: Its layout.
        table: Rows of `spotify_tracks`, in a file.
        rejected: Rows of `genrelab.lake.ingested.QUARANTINE`.
        added_at: When each row was added to a playlist, as text; blank where the file does not say; nothing where the
            layout does not repeat tracks.
        genre_form: How its genres are written.
        in_words: Columns written in words.
        without_features: Rows whose features were all 0.
        not_utf8: Lines decoded as Windows-1252.
        example: A word that was decoded as Windows-1252.
        utf8: Lines with characters beyond ASCII that are UTF-8.
        lost: Lines with a character that is lost (U+FFFD).
        separator: What stands between several artists.
        are_lists: Whether artists are written as lists.
        missing_names: Rows whose artist or title is written as programs write a missing one.
        decoded_twice: Rows whose artist or title another program decoded wrongly, and one of these names.
    """

    look: Look
    found: Found
    table: Rows = field(default_factory=SPOTIFY_TRACKS.schema.empty_table)
    rejected: pa.Table = field(default_factory=QUARANTINE.empty_table)
    added_at: Any = field(default_factory=lambda: pa.chunked_array([], pa.string()))
    genre_form: GenreForm = field(default=NO_GENRES)
    in_words: tuple[str, ...] = ()
    without_features: int = 0
    not_utf8: int = 0
    example: str = ""
    utf8: int = 0
    lost: int = 0
    separator: str = ""
    are_lists: bool = False
    missing_names: int = 0
    decoded_twice: tuple[int, str] = (0, "")

    @property
    def name(self) -> str:
        """Name of the file."""
        return name_of(self.look.path)


Texts = dict[str, Any]


def read_file(look: Look, found: Found, file: Path) -> FileRead:
    """Read one file.

    Args:
        look: How it is written.
        found: Its layout.
        file: A new file for its rows.

    Raises:
        SourceError: A column holds something else than the layout declares for all of it.
    """
    read = FileRead(look, found)
    damaged: dict[int, Damaged] = {}
    waiting = file.with_suffix(".texts")
    texts = spill(waiting, pa.schema(dict.fromkeys(found.positions, pa.string())), _texts(read, damaged))
    forms = _Forms(read, texts)
    broken: dict[int, list[tuple[str, str]]] = {}
    added: list[Any] = []
    read.table = spill(file, SPOTIFY_TRACKS.schema, _parsed(texts, forms, damaged, broken, added))
    waiting.unlink()
    if found.layout.repeats != Repeats.ROWS:
        read.added_at = pa.chunked_array(added or [pa.repeat("", len(read.table))], pa.string())
    forms.refuse_other_units(read.table)
    read.missing_names, read.decoded_twice = count_missing_names(read.table), decoded_twice(read.table)
    read.rejected = rejected_rows(look, broken, damaged)
    return read


def _parsed(
    texts: StoredRows,
    forms: "_Forms",
    damaged: Mapping[int, Damaged],
    broken: dict[int, list[tuple[str, str]]],
    added: list[Any],
) -> Iterator[pa.Table]:
    """Yield the rows, and collect which records break a rule, and when each row was added."""
    header, first_row = forms.read.look.header, 0
    for part in texts.batches(rows=CHUNK_RECORDS):
        chunk = {name: part[name].combine_chunks() for name in part.column_names}
        records = len(part)
        findings = Findings(records)
        table = _parse(chunk, forms, findings, first_row)
        for row in damaged.keys() & range(first_row, first_row + records):
            rule = f"record: {len(header)} fields"
            findings.note(row - first_row, rule, f"found {_described(damaged[row])}", alone=True)
        broken |= {first_row + row: said for row, said in findings.by_row.items()}
        kept = pa.array(~findings.bad)
        if ADDED_AT in chunk:
            added.append(chunk[ADDED_AT].filter(kept))
        first_row += records
        yield table if not findings.by_row else table.filter(kept)


def _described(record: Damaged) -> str:
    """What is wrong with a record, with its text where it is no record at all: a total, a remark."""
    is_line = len(record.fields) == 1
    return f"{record.reason}: {record.fields[0].strip()[:60]!r}" if is_line else record.reason


def _texts(read: FileRead, damaged: dict[int, Damaged]) -> Iterator[pa.Table]:
    """Yield the columns that are needed, as text, in chunks; damaged records are blank."""
    look = read.look
    blank = [""] * len(look.header)
    records: list[Sequence[str]] = []
    with look.opened() as lines:
        for row, record in enumerate(look.records(lines)):
            if isinstance(record, Damaged):
                damaged[row] = record
            records.append(blank if isinstance(record, Damaged) else record)
            if len(records) == CHUNK_RECORDS:
                yield pa.table(_columns(read, records))
                records.clear()
        if records:
            yield pa.table(_columns(read, records))
        read.not_utf8, read.utf8, read.lost = lines.repaired, lines.beyond_ascii, lines.lost
        read.example = lines.example


def _columns(read: FileRead, records: Sequence[Sequence[str]]) -> Texts:
    """The columns that are needed; where one is blank, of the next that holds the same."""
    columns = list(zip(*records, strict=True))
    texts = {name: pa.array(columns[place], pa.string()) for name, place in read.found.positions.items()}
    for name, places in read.found.others.items():
        for place in places:
            other = pa.array(columns[place], pa.string())
            if name == "genres":
                _refuse_two_lists(read, texts[name], other, place)
            is_blank = is_missing(texts[name])
            if name.endswith("_id"):  # a number of the file's own beside an id of Spotify
                is_blank = pc.or_(is_blank, pc.and_not(_holds_id(other), _holds_id(texts[name])))
            texts[name] = pc.if_else(is_blank, other, texts[name])
    if read.look.skip_blanks:
        texts |= {name: pc.utf8_trim_whitespace(texts[name]) for name in ("artist_name", "track_name")}
    return texts


def _holds_id(texts: Any) -> Any:
    return pc.match_substring_regex(texts, rf"[0-9A-Za-z]{{{ID_LENGTH}}}")


def _refuse_two_lists(read: FileRead, first: Any, second: Any, place: int) -> None:
    """Of two columns of genres, of which each record was taken to fill one, none may differ from the other."""
    both = pc.and_(pc.invert(pc.or_(is_missing(first), is_missing(second))), pc.not_equal(first, second))
    if not pc.any(both).as_py():
        return
    header = read.found.header
    names = [header[each].strip() for each in (read.found.positions["genres"], place)]
    found = [texts.filter(both)[0].as_py()[:60] for texts in (first, second)]
    raise SourceError(
        f"{read.look.path} has two genre columns: {' and '.join(names)}",
        found="; ".join(f"{name}: {text!r}" for name, text in zip(names, found, strict=True)),
        allowed="one column with the micro-genres of the artist, or two columns of which each record fills one",
        do=f"choose one: --map genres={names[1]}",
    )


class _Forms:
    """How each column of a file is written."""

    def __init__(self, read: FileRead, texts: StoredRows) -> None:
        self.read, self.layout = read, read.found.layout
        self.source, self.decimal = read.name, read.look.decimal
        self.genres: dict[str, GenreForm] = {}
        there = texts.column_names if len(texts) else []
        for name in ("genres", *self.layout.more_genres):
            if name in there:
                cells = [portion.unique() for portion in _portions(texts, name)]
                self.genres[name] = recognise_form(pa.concat_arrays(cells).unique())
        read.genre_form = self.genres.get("genres", NO_GENRES)
        read.are_lists = self.are_lists = self.layout.are_lists or (
            "artist_id" in there and all(map(_all_lists, _portions(texts, "artist_id")))
        )
        separators = self.layout.separators
        read.separator = separator_of(_portions(texts, "artist_name") if separators else (), separators)
        self.separator = read.separator
        read.in_words = tuple(name for name in WORDS if name in there and is_in_words(_counts(texts, name)))

    def refuse_other_units(self, table: StoredRows) -> None:
        """A column that is declared in percent must not hold shares."""
        for name, source in self.layout.columns.items():
            if not source.is_percent or name not in self.read.found.positions:
                continue
            largest, has_parts = None, False
            for values in _portions(table, name):
                percent = pc.multiply(values, 100.0)
                largest = max(filter(None, (largest, pc.max(values).as_py())), default=None)
                has_parts |= pc.any(pc.not_equal(percent, pc.round(percent))).as_py() or False
            if largest is not None and 0 < largest <= 0.01 and has_parts:  # noqa: PLR2004 - 1 percent
                raise SourceError(
                    f"{self.read.look.path} has {name} as a share of 1",
                    found=f"at most {100 * largest:g}",
                    allowed=f"percent, as in {self.layout.title}",
                    do="map the columns with --map, without the unit percent",
                )


def _portions(rows: StoredRows, name: str) -> Iterator[Any]:
    """Yield a column in portions, those in which it was written."""
    return (part[name] for part in rows.batches([name], CHUNK_RECORDS))


def _all_lists(cells: Any) -> bool:
    """Whether every cell that is not blank begins like a list."""
    begins = pc.starts_with(pc.utf8_ltrim_whitespace(cells), "[")
    fits = pc.or_(begins, pc.equal(pc.utf8_trim_whitespace(cells), ""))
    return bool(pc.all(fits).as_py() and pc.any(begins).as_py())


def _counts(texts: StoredRows, name: str) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for portion in _portions(texts, name):
        counts.update(counts_of(portion))
    return counts


def _parse(texts: Texts, forms: _Forms, findings: Findings, first_row: int) -> pa.Table:
    """Rows of `spotify_tracks`, legal or not."""
    records = len(findings.bad)
    rows = pa.array(np.arange(first_row + 1, first_row + records + 1))
    parsed: dict[str, Any] = {"source": pa.repeat(forms.source, records), "source_row": rows}
    parsed |= _identity(texts, forms, findings, rows)
    parsed["genres"] = _genres(texts, forms, findings)
    has_genres = pc.fill_null(pc.greater(pc.list_value_length(parsed["genres"]), 0), fill_value=False)
    parsed["genres_source"] = pc.if_else(has_genres, "pulls", pa.scalar(None, pa.string()))
    for name in (*AUDIO_FEATURES, "popularity"):
        parsed[name] = _number(name, texts, forms, findings)
    if "key" in forms.read.in_words:
        named = _modes_of_keys(texts["key"])
        differs = pc.fill_null(pc.not_equal(named, parsed["mode"]), fill_value=False)
        findings.add(
            "key: the mode of the column mode", differs, texts["key"], "the column mode has the other value"
        )
        parsed["mode"] = parsed["mode"] if "mode" in texts else named
    nothing_measured = _all_zero(parsed)
    if nothing_measured.any():
        forms.read.without_features += int((nothing_measured & ~findings.bad).sum())
        for name in AUDIO_FEATURES:
            parsed[name] = pc.if_else(
                pa.array(nothing_measured), pa.scalar(None, parsed[name].type), parsed[name]
            )
    has_features = np.zeros(records, dtype=bool)
    for name in AUDIO_FEATURES:
        has_features |= np.asarray(parsed[name].is_valid())
    parsed["features_source"] = pc.if_else(pa.array(has_features), "pulls", pa.scalar(None, pa.string()))
    when = pa.nulls(records, SPOTIFY_TRACKS["fetched_at"].type)
    parsed |= dict.fromkeys(("genres_fetched_at", "features_fetched_at", "fetched_at"), when)
    return pa.table(parsed, schema=SPOTIFY_TRACKS.schema)


def _identity(texts: Texts, forms: _Forms, findings: Findings, rows: Any) -> dict[str, Any]:
    """Artist and track: ids from the file, or made from the names."""
    names, ids = texts["artist_name"], texts.get("artist_id")
    if forms.are_lists:
        names = first_of_lists(names)
        ids = None if ids is None else first_of_lists(ids)
    else:
        count = _count_of_artists(texts, forms)
        names = main_artists(names, forms.separator, count)
        if ids is not None and forms.layout.separators:
            ids = pc.list_element(pc.split_pattern_regex(first_of_lists(ids), r"\s*[,;]\s*", max_splits=1), 0)
    for name, cells in (("artist_name", names), ("track_name", texts["track_name"])):
        findings.add(f"{name}: present", pc.equal(pc.utf8_trim_whitespace(cells), ""), cells)
        findings.add(f"{name}: text", pc.match_substring(cells, "\0"), cells)
        escaped = pc.match_substring(cells, r"\"")
        findings.add(f"{name}: quotes doubled", escaped, cells, "a quote is escaped with a backslash")
    made = track_ids(names, texts["track_name"], forms.source, rows) if "track_id" not in texts else None
    return {
        "artist_id": artist_ids(names) if ids is None else _ids(ids, "artist", findings),
        "artist_name": names,
        "track_id": _ids(texts["track_id"], "track", findings) if made is None else made,
        "track_name": texts["track_name"],
    }


def _count_of_artists(texts: Texts, forms: _Forms) -> Any:
    if forms.layout.count in texts:
        return numbers(texts[forms.layout.count], "count", is_whole=True)[0]
    return count_artists(texts["artist_id"]) if "artist_id" in texts else None


def _ids(texts: Any, kind: str, findings: Findings) -> Any:
    """Ids from bare ids, URIs or addresses."""
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.equal(trimmed, "")
    pattern = (
        rf"^(?:spotify:{kind}:|https?://(?:open|play)\.spotify\.com/(?:intl-[a-z]+/)?{kind}/"
        rf"|https?://api\.spotify\.com/v1/{kind}s/)?[0-9A-Za-z]{{{ID_LENGTH}}}(?:\?.*)?$"
    )
    is_legal = pc.match_substring_regex(trimmed, pattern)
    bare = pc.replace_substring_regex(trimmed, r"\?.*$", "") if _any(trimmed, "?") else trimmed
    found = pc.if_else(is_legal, pc.utf8_slice_codeunits(bare, -ID_LENGTH), pa.scalar(None, pa.string()))
    findings.add(f"{kind}_id: present", blank, texts)
    malformed = pc.invert(pc.or_(is_legal, blank))
    findings.add(f"{kind}_id: {ID_LENGTH} letters and digits", malformed, texts)
    return found


def _any(texts: Any, sign: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, sign)).as_py())


def _number(name: str, texts: Texts, forms: _Forms, findings: Findings) -> Any:
    kind = SPOTIFY_TRACKS[name].type
    if name not in texts:
        return pa.nulls(len(findings.bad), kind)
    if name in forms.read.in_words:
        values, broken, rule = from_words(texts[name], name)
    else:
        is_percent = forms.layout.columns[name].is_percent
        is_whole = pa.types.is_integer(kind)
        values, broken, rule = numbers(
            texts[name], name, is_whole=is_whole, decimal=forms.decimal, is_percent=is_percent
        )
        values = pc.divide(values, 100.0) if is_percent else values
    findings.add(rule, broken, texts[name])
    return values


def _modes_of_keys(texts: Any) -> Any:
    """The modes that keys name (`C# minor`); they count where the file has no column of modes."""
    encoded = texts.dictionary_encode()
    named = pa.array([mode_of_key(text) for text in encoded.dictionary.to_pylist()], pa.int64())
    return named.take(encoded.indices)


def _all_zero(parsed: Mapping[str, Any]) -> Any:
    """Rows in which every measured feature is 0 or missing: nothing was measured, since silence has a loudness."""
    zeros = np.zeros(len(parsed["energy"]), dtype=np.int64)
    others = zeros.copy()
    for name in MEASURED:
        values = parsed[name].to_numpy(zero_copy_only=False)
        zeros += values == 0
        others += ~((values == 0) | np.isnan(values))
    return (zeros >= LEAST_ZEROS) & (others == 0)


def _genres(texts: Texts, forms: _Forms, findings: Findings) -> Any:
    """Lists of micro-genres; those of further columns join them."""
    lists = None
    for name, form in forms.genres.items():
        found = parse_cells(texts[name], form)
        for row in np.flatnonzero(np.asarray(found.is_null())):
            text = texts[name][int(row)].as_py()
            why = why_refused(text, form)
            findings.note(int(row), "genres: a list of micro-genres", f"found {text[:200]!r} ({why})")
        lists = found if lists is None else _joined(found, lists)
    if lists is None:
        return pa.array([[]] * len(findings.bad), pa.list_(pa.string()))
    return lists


def _joined(first: Any, second: Any) -> Any:
    """The names of two lists, each once."""
    pairs = zip(first.to_pylist(), second.to_pylist(), strict=True)
    return pa.array(
        [list(dict.fromkeys([*(one or []), *(two or [])])) for one, two in pairs], pa.list_(pa.string())
    )
