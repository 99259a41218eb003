"""Ways in which people's programs save FMA's files again, each with what must become of it."""

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import pandas as pd
import pyarrow as pa
from fma_files import IDS
from fma_mutations import LEGAL, LEVELS, RIGHT, ROWS, Mutation

from genrelab.sources.fma.names import columns_by_name, fold
from genrelab.tables import TABLES

Frame = pd.DataFrame
Way = tuple[str, Callable[[Frame], bytes], str, dict[str, Any]]
"""Name, from the frame to bytes, what is expected, and more of `Mutation`."""
WayOfBytes = tuple[str, Callable[[bytes], bytes], str, dict[str, Any]]


def frame(data: bytes, levels: int, **options: Any) -> Frame:
    """The file as pandas users read it."""
    chosen: dict[str, Any] = {"header": list(range(levels)) if levels > 1 else 0, "index_col": 0} | options
    return pd.read_csv(io.BytesIO(data), **chosen)


def saved(table: Frame, encoding: str = "utf-8", **options: Any) -> bytes:
    """The file that pandas writes."""
    return table.to_csv(**options).encode(encoding)


def flat(table: Frame, join: Callable[[Any], str]) -> Frame:
    """One header row."""
    return table.set_axis([join(names) for names in table.columns], axis=1)


def named(table: Frame, name: str | None) -> Frame:
    """Another name of the index."""
    return table.rename_axis(index=name)


def every_third(table: Frame) -> Frame:
    """Row numbers for ids, then a part of the rows."""
    return table.reset_index(drop=True).iloc[1::3]


def _of_index() -> Iterator[Way]:
    """What becomes of the ids."""
    yield "saved as it was", saved, RIGHT, {}
    yield (
        "reset_index, row numbers first",
        lambda t: saved(t.reset_index()),
        RIGHT,
        {"told": "ids are read from"},
    )
    yield "reset_index, no row numbers", lambda t: saved(t.reset_index(), index=False), RIGHT, {}
    yield "index=False", lambda t: saved(t, index=False), "id column is missing", {}
    yield "ids dropped", lambda t: saved(t.reset_index(drop=True)), "row numbers", {}
    yield (
        "row numbers named track_id",
        lambda t: saved(named(t.reset_index(drop=True), "track_id")),
        "row numbers",
        {},
    )
    yield (
        "row numbers from 1",
        lambda t: saved(t.set_axis(pd.RangeIndex(1, len(t) + 1, name="track_id"))),
        "row numbers",
        {},
    )
    yield (
        "shuffled row numbers",
        lambda t: saved(named(t.reset_index(drop=True).sample(frac=1, random_state=1), "track_id")),
        "row numbers",
        {},
    )
    yield "a part of the row numbers", lambda t: saved(every_third(t)), "not named track_id", {}
    doubtful = {"is_warned": True}
    yield (
        "a part of them, named",
        lambda t: saved(named(every_third(t), "track_id")),
        "may be row numbers",
        doubtful,
    )
    yield "index without a name", lambda t: saved(named(t, None)), RIGHT, {"told": "has no name"}
    yield "index named index", lambda t: saved(named(t, "index")), RIGHT, {"told": "has no name"}


def _of_header() -> Iterator[Way]:
    """What becomes of the header rows."""
    yield "flat by _", lambda t: saved(flat(t, "_".join)), RIGHT, {"told": "one header row"}
    yield "flat by .", lambda t: saved(flat(t, ".".join)), RIGHT, {}
    yield "flat by blanks, in capitals", lambda t: saved(flat(t, lambda n: " ".join(n).upper())), RIGHT, {}
    yield "flat tuples", lambda t: saved(flat(t, str)), RIGHT, {}
    yield (
        "flat, without a name",
        lambda t: saved(named(flat(t, "_".join), None)),
        RIGHT,
        {"told": "has no name"},
    )
    yield "flat, row numbers first", lambda t: saved(flat(t.reset_index(), "_".join)), RIGHT, {}
    yield "flat, index=False", lambda t: saved(flat(t, "_".join), index=False), "id column is missing", {}
    yield "flat, ids dropped", lambda t: saved(flat(t, "_".join).reset_index(drop=True)), "row numbers", {}
    yield "last header row only", lambda t: saved(flat(t, lambda n: n[-1])), "it lacks the", {}
    yield "first header row only", lambda t: saved(flat(t, lambda n: n[0])), "it lacks the", {}
    yield "merged cells, as Excel writes them", lambda t: _merged(saved(t), t.columns.nlevels), RIGHT, {}
    yield "levels in another order", lambda t: saved(t.swaplevel(0, 1, axis=1)), "header", {}
    yield "one column of values", lambda t: saved(t.iloc[:, :0]), "header", {}
    yield "no header", lambda t: saved(t, header=False), "no header", {}
    yield "transposed", lambda t: saved(t.T), "transposed", {}


def _merged(data: bytes, levels: int) -> bytes:
    """Each name of the upper header rows once, above the first of its columns."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    header = rows[:levels]
    for level in range(levels - 1):
        merged = [
            cell if place < 1 or any(row[place] != row[place - 1] for row in header[: level + 1]) else ""
            for place, cell in enumerate(header[level])
        ]
        rows[level] = merged
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _of_text() -> Iterator[Way]:
    """How the text is written."""
    yield "semicolons", lambda t: saved(t, sep=";"), RIGHT, {"told": "semicolons"}
    yield "semicolons and decimal commas", lambda t: saved(t, sep=";", decimal=","), RIGHT, {}
    yield "tabs", lambda t: saved(t, sep="\t"), RIGHT, {"told": "tabs"}
    yield "vertical bars", lambda t: saved(t, sep="|"), RIGHT, {"told": "vertical bars"}
    yield "everything quoted", lambda t: saved(t, quoting=csv.QUOTE_ALL), RIGHT, {}
    yield "texts quoted", lambda t: saved(t, quoting=csv.QUOTE_NONNUMERIC), RIGHT, {}
    yield "decimal commas, quoted", lambda t: saved(t, decimal=","), RIGHT, {}
    yield "Windows line ends", lambda t: saved(t, lineterminator="\r\n"), RIGHT, {}
    yield "carriage returns", lambda t: saved(t, lineterminator="\r"), "carriage return", {}
    yield "byte order mark", lambda t: saved(t, "utf-8-sig"), RIGHT, {}
    yield "UTF-16", lambda t: saved(t, "utf-16"), RIGHT, {"told": "UTF-16"}
    yield "UTF-32", lambda t: saved(t, "utf-32"), RIGHT, {"told": "UTF-32"}
    yield "blanks for a delimiter", lambda t: saved(t, sep=" "), "no commas", {}
    yield (
        "as German Excel",
        lambda t: saved(t, "utf-8-sig", sep=";", decimal=",", lineterminator="\r\n"),
        RIGHT,
        {},
    )
    yield "ids as decimals", lambda t: saved(t.set_axis(t.index.astype(float), axis=0)), RIGHT, {}
    yield (
        "ids with thousands",
        lambda t: saved(t.set_axis(pd.Index([f"{n + 1000:,}" for n in t.index], name="track_id"))),
        "not a whole number",
        {},
    )


def _of_columns_and_rows(levels: int) -> Iterator[Way]:
    """What becomes of columns and rows."""
    yield "columns reversed", lambda t: saved(t.iloc[:, ::-1]), RIGHT, {"told": "a different order"}
    yield (
        "columns shuffled",
        lambda t: saved(t.sample(frac=1, axis=1, random_state=1)),
        RIGHT,
        {"told": "a different order"},
    )
    yield "rows reversed", lambda t: saved(t.iloc[::-1]), RIGHT, {}
    yield "every second row", lambda t: saved(t.iloc[::2]), RIGHT, {"rows": ROWS // 2}
    yield "one column less", lambda t: saved(t.iloc[:, 1:]), RIGHT, {"told": "missing", "lost": True}
    yield "a column twice", lambda t: saved(pd.concat([t, t.iloc[:, :1]], axis=1)), "duplicate", {}
    yield (
        "a column of somebody's own",
        lambda t: saved(t.assign(mine=1)),
        RIGHT,
        {"told": "columns that are ignored"},
    )
    yield (
        "a column renamed",
        lambda t: saved(t.set_axis(pd.MultiIndex.from_tuples([*t.columns[:-1], ("x",) * levels]), axis=1)),
        "unknown: x",
        {},
    )
    yield "rows twice", lambda t: saved(pd.concat([t, t])), RIGHT, {"told": "earlier record"}
    yield (
        "a title above the header",
        lambda t: b"FMA metadata\n" + saved(t),
        RIGHT,
        {"told": "above the header"},
    )
    yield "Excel's line sep=;", lambda t: b"sep=;\n" + saved(t, sep=";"), RIGHT, {"told": "above the header"}
    yield "blank lines at the end", lambda t: saved(t) + b"\n\n\n", RIGHT, {}
    yield (
        "ids of other tracks",
        lambda t: saved(t.set_axis(pd.Index(IDS[90:120], name="track_id"))),
        "share no",
        {},
    )


def _of_bytes(levels: int) -> Iterator[WayOfBytes]:
    """Ways that begin with another reading of the file, or with none."""

    def again(**how: Any) -> Callable[[bytes], Frame]:
        return lambda data: frame(data, levels, **how)

    naive, levelled = again(header=0, index_col=None, dtype=str), again(index_col=None)
    below = again(header=list(range(levels + 1)), index_col=None)
    yield (
        "read without header and index, saved",
        lambda d: saved(naive(d)),
        RIGHT,
        {"told": "ids are read from"},
    )
    yield "read without header and index, index=False", lambda d: saved(naive(d), index=False), RIGHT, {}
    yield "read without index, saved", lambda d: saved(levelled(d)), RIGHT, {"told": "ids are read from"}
    yield "read without index, index=False", lambda d: saved(levelled(d), index=False), RIGHT, {}
    yield "read with one header row more", lambda d: saved(below(d), index=False), RIGHT, {}
    yield (
        "read with the last header row only",
        lambda d: saved(frame(d, levels, header=levels - 1), index=False),
        "it lacks the",
        {},
    )
    yield "as R writes it", lambda d: saved(naive(d), quoting=csv.QUOTE_ALL), RIGHT, {}
    yield "gzip", gzip.compress, "gzip", {}
    yield "nothing", lambda _: b"", "is empty", {}
    yield (
        "half of it",
        lambda d: d[: d.rindex(b"\n", 0, len(d) - 40) + 20],
        RIGHT,
        {"rows": ROWS - 1, "told": "fields"},
    )
    yield "half of its header", lambda d: d[:200], "header", {}
    yield "Parquet", lambda _: b"PAR1" + bytes(range(256)) * 20 + b"PAR1", "Parquet", {}
    yield "JSON", lambda _: b'{"track": {"title": {"2": "Home"}}}', "JSON", {}
    yield "a web page", lambda _: b"<html>\n<body>404</body>\n</html>\n\n\n", "web page", {}


def _words() -> Iterator[Mutation]:
    for word in ("nan", "NA", "None", "NULL", "-"):
        for member in ("features", "echonest"):
            yield Mutation(member, f"{word} for no value", _with_word(member, word), lost=True)
        yield Mutation(
            "tracks", f"{word} for no value", _with_word("tracks", word), told="a word such as nan", lost=True
        )


def _with_word(member: str, word: str) -> Callable[[bytes], bytes]:
    """Missing numbers and dates written as a word; missing texts stay empty, or nobody could tell."""

    def change(data: bytes) -> bytes:
        table = frame(data, LEVELS[member])
        known = columns_by_name(TABLES[f"fma_{member}"])
        numbers = [name for name in table.columns if not pa.types.is_string(known[fold(".".join(name))].type)]
        table = table.astype(dict.fromkeys(numbers, object))
        table[numbers] = table[numbers].where(table[numbers].notna(), word)
        table[numbers[0]] = word
        return saved(table)

    return change


def _of_tracks() -> Iterator[Mutation]:
    def on(how: Callable[[Frame], Frame], **options: Any) -> Callable[[bytes], bytes]:
        return lambda data: saved(how(frame(data, 2)), **options)

    genres, tags = ("track", "genres"), ("track", "tags")
    split = ("set", "split")
    yield Mutation("tracks", "cp1252", lambda d: saved(frame(d, 2), "cp1252"), told="cp1252")
    yield Mutation(
        "tracks",
        "two encodings",
        lambda d: d.replace('Café ""3'.encode(), b'Caf\xe9 ""3'),
        told="U+FFFD",
        lost=True,
    )
    yield Mutation(
        "tracks",
        "lists of NumPy",
        on(lambda t: _mapped(t, genres, lambda c: c.replace(",", " "))),
    )
    yield Mutation("tracks", "tags of NumPy", on(lambda t: _mapped(t, tags, lambda c: c.replace(",", " "))))
    yield Mutation(
        "tracks",
        "lists as tuples",
        on(lambda t: _mapped(t, genres, lambda c: f"({c[1:-1]},)" if c != "[]" else "()")),
    )
    yield Mutation(
        "tracks",
        "lists without brackets",
        on(lambda t: _mapped(t, genres, lambda c: c[1:-1] or "x")),
        told="not a list",
        rows=10,
    )
    yield Mutation(
        "tracks",
        "lists joined by |",
        on(lambda t: _mapped(t, genres, lambda c: c[1:-1].replace(", ", "|") or "x")),
        "not a list",
    )
    yield Mutation("tracks", "without the split", on(lambda t: t.drop(columns=[split])), "missing: set.split")
    yield Mutation(
        "tracks", "without the genres", on(lambda t: t.drop(columns=[genres])), "missing: track.genres"
    )
    yield Mutation("tracks", "only the columns of tracks", on(lambda t: t["track"]), "it lacks the")
    yield Mutation(
        "tracks",
        "dates as in Germany",
        on(lambda t: _mapped(t, ("track", "date_created"), lambda c: f"{c[8:10]}.{c[5:7]}.{c[:4]}")),
        "not a date",
    )
    yield Mutation(
        "tracks",
        "plays with thousands",
        on(lambda t: _mapped(t, ("track", "listens"), "{:,}".format)),
        told="not a whole number",
        rows=1,
    )


def _mapped(table: Frame, column: Any, change: Callable[[Any], Any]) -> Frame:
    table[column] = table[column].map(change)
    return table


def _of_genres() -> Iterator[Mutation]:
    def on(save: Callable[[Frame], bytes], **options: Any) -> Callable[[bytes], bytes]:
        return lambda data: save(frame(data, 1, **options))

    yield Mutation("genres", "row numbers first", on(saved, index_col=None), rows=3, told="ids are read from")
    yield Mutation("genres", "index=False", on(lambda t: saved(t, index=False)), "id column is missing")
    yield Mutation(
        "genres", "ids dropped", on(lambda t: saved(t.reset_index(drop=True))), "not named genre_id"
    )
    yield Mutation(
        "genres", "index without a name", on(lambda t: saved(named(t, None))), "not named genre_id"
    )
    yield Mutation(
        "genres",
        "row numbers named genre_id",
        on(lambda t: saved(named(t.reset_index(drop=True), "genre_id"))),
        "may be row numbers",
    )
    yield Mutation("genres", "semicolons", on(lambda t: saved(t, sep=";")), rows=3, told="semicolons")
    yield Mutation("genres", "UTF-16", on(lambda t: saved(t, "utf-16")), rows=3)
    yield Mutation("genres", "columns reversed", on(lambda t: saved(t.iloc[:, ::-1])), rows=3)
    yield Mutation("genres", "without titles", on(lambda t: saved(t.drop(columns="title"))), "missing: title")
    yield Mutation("genres", "another table", lambda _: LEGAL["echonest"], "header")
    yield Mutation("tracks", "another table", lambda _: LEGAL["features"], "header")
    yield Mutation("features", "another table", lambda _: LEGAL["tracks"], "header")


def all_mutations() -> list[Mutation]:
    """Every one, each name once."""
    found = []
    for member in ("tracks", "echonest", "features"):
        levels = LEVELS[member]
        ways = chain(_of_index(), _of_header(), _of_text(), _of_columns_and_rows(levels))
        for name, save, expected, options in ways:
            if (member, name) != ("tracks", "ids of other tracks"):  # it is what the others have to match
                change = partial(_changed, save=save, levels=levels)
                found.append(Mutation(member, name, change, expected, **options))
        for name, change_bytes, expected, options in _of_bytes(levels):
            found.append(Mutation(member, name, change_bytes, expected, **options))
    return [*found, *_words(), *_of_tracks(), *_of_genres()]


def _changed(data: bytes, *, save: Callable[[Frame], bytes], levels: int) -> bytes:
    return save(frame(data, levels))
