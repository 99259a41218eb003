"""Artists and tracks of files that have no ids, or several artists in a cell.

Conventions
    - The main artist is the first one.
    - Without an id an artist is known by the name: `name:` and the name in small letters. A track without an id is
      known by its artist and title: `name:artist/title`. Such ids mean something within their source only.
    - A name that stands for no artist (`Various Artists`, `NA`) identifies no artist: its tracks differ from
      each other, and `genrelab.evaluation.groups` connects nothing by it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.sources.identity import NAME, stands_for_nobody
from genrelab.sources.spotify.genre_tokens import in_brackets

ID_LENGTH = 22
NAMES = ("artist_name", "track_name")
MAYBE_DECODED_TWICE = r"[\x{C2}-\x{F4}][^\x00-\x7F]"
LACKING_IN_1252 = "\x81\x8d\x8f\x90\x9d"
WRITTEN_FOR_MISSING = ("NA", "N/A", "#N/A", "NaN", "nan", "<NA>", "NULL", "null", "None")
"""Names as R, pandas and databases write a missing one; an artist may be called so."""


def fold_text(text: str) -> str:
    """A name without capitals and further blanks, for comparing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def separator_of(texts: Iterable[Any], separators: Sequence[str]) -> str:
    """The first of the separators that occurs in a column; nothing where none does.

    Args:
        texts: The column in portions.
        separators: What may stand between several artists, best first.
    """
    best, better = "", list(separators)
    for portion in texts:
        found = (each for each in better if pc.any(pc.match_substring(portion, each)).as_py())
        best = next(found, best)
        better = better[: better.index(best)] if best in better else better
        if not better:
            break
    return best


def main_artists(names: Any, separator: str, count: Any = None) -> Any:
    """The first artist of each cell.

    Args:
        names: Array of text.
        separator: What stands between several artists; nothing where a cell holds one.
        count: How many artists a cell holds, where the file says so: a single one is never cut.
    """
    if not separator:
        return names
    several = pc.match_substring(names, separator)
    if count is not None:
        several = pc.and_(several, pc.fill_null(pc.not_equal(count, 1), fill_value=True))
    if not pc.any(several).as_py():
        return names
    first = pc.list_element(pc.split_pattern(names, separator, max_splits=1), 0)
    return pc.if_else(several, pc.utf8_trim_whitespace(first), names)


def first_of_list(text: str) -> str:
    """The first name of a list in brackets; nothing where the text is none.

    >>> first_of_list("['Sergei Rachmaninoff', 'James Levine']")
    'Sergei Rachmaninoff'
    """
    try:
        return next((token.name.strip() for token in in_brackets(text.strip())), "")
    except ValueError:
        return ""


def first_of_lists(texts: Any) -> Any:
    """The first element of lists written as Python writes them; a cell that is no list stays as it is."""
    encoded = texts.dictionary_encode()
    found = [
        first_of_list(text) if text.lstrip().startswith("[") else text
        for text in encoded.dictionary.to_pylist()
    ]
    return pa.array(found, pa.string()).take(encoded.indices)


def count_artists(ids: Any) -> Any:
    """How many ids a cell holds."""
    return pc.count_substring_regex(ids, rf"[0-9A-Za-z]{{{ID_LENGTH}}}")


def artist_ids(names: Any) -> Any:
    """Ids made from names; null for a blank one."""
    encoded = names.dictionary_encode()
    folded = [fold_text(name) for name in encoded.dictionary.to_pylist()]
    return pa.array([NAME + name if name else None for name in folded], pa.string()).take(encoded.indices)


def track_ids(names: Any, titles: Any, source: str, rows: Any) -> Any:
    """Ids made from the artist's name and the title; where either is no name, from the place in the source."""
    made: list[str | None] = []
    for name, title, row in zip(names.to_pylist(), titles.to_pylist(), rows.to_pylist(), strict=True):
        artist, track = fold_text(name), fold_text(title)
        if not artist or not track:
            made.append(None)
        elif stands_for_nobody(artist) or track in MISSING_TITLES:
            made.append(f"{NAME}{artist}/{track} ({source} {row})")
        else:
            made.append(f"{NAME}{artist}/{track}")
    return pa.array(made, pa.string())


MISSING_TITLES = frozenset(word.casefold() for word in WRITTEN_FOR_MISSING)


def shared_ids(tables: Sequence[pa.Table]) -> tuple[list[pa.Table], int]:
    """The tables with the Spotify id of an artist whom another table knows by it, in place of an id made of the name.

    A name that several ids have stays as it is.

    Returns:
        The tables in the same order, and in how many rows the id was found.
    """
    ids: dict[str, set[str]] = {}
    for table in tables:
        names = table.select(["artist_id", "artist_name"])
        pairs = names.group_by(["artist_id", "artist_name"]).aggregate([])
        for artist, name in zip(
            pairs["artist_id"].to_pylist(), pairs["artist_name"].to_pylist(), strict=True
        ):
            if not artist.startswith(NAME):
                ids.setdefault(NAME + fold_text(name), set()).add(artist)
    known = {name: next(iter(found)) for name, found in ids.items() if len(found) == 1}
    return _with_ids(tables, known) if known else (list(tables), 0)


def _with_ids(tables: Sequence[pa.Table], known: dict[str, str]) -> tuple[list[pa.Table], int]:
    made, found = [], 0
    names, ids = pa.array(list(known)), pa.array(list(known.values()))
    for rows in tables:
        table = rows.select(rows.column_names)
        position = pc.index_in(table["artist_id"], value_set=names)
        found += len(table) - position.null_count
        place = table.schema.get_field_index("artist_id")
        column = pc.coalesce(ids.take(position.combine_chunks()), table["artist_id"].combine_chunks())
        made.append(table.set_column(place, table.schema.field("artist_id"), column))
    return made, found


def count_missing_names(table: Rows) -> int:
    """Rows whose artist or title is written as programs write a missing one."""
    words, found = pa.array(WRITTEN_FOR_MISSING), 0
    for part in batches_of(table, NAMES):
        masks = [pc.is_in(pc.utf8_trim_whitespace(part[name]), words) for name in NAMES]
        found += pc.sum(pc.or_(*masks)).as_py() or 0
    return found


def decoded_twice(table: Rows) -> tuple[int, str]:
    """Rows whose artist or title is UTF-8 that a program took for Windows-1252, and one of these names.

    >>> decoded_twice(pa.table({"artist_name": ["Caf\u00c3\u00a9", "Caf\u00e9"], "track_name": ["a", "b"]}))
    (1, 'CafÃ©')
    """
    found, examples = 0, dict.fromkeys(NAMES, "")
    for part in batches_of(table, NAMES):
        masks = []
        for name in NAMES:
            mask, words = _decoded_twice(part[name])
            masks.append(mask)
            examples[name] = examples[name] or (words[0].as_py() if len(words) else "")
        found += pc.sum(pc.or_(*masks)).as_py() or 0
    return found, next(filter(None, examples.values()), "")


def _decoded_twice(texts: Any) -> tuple[Any, Any]:
    candidates = texts.filter(pc.match_substring_regex(texts, MAYBE_DECODED_TWICE)).unique().to_pylist()
    words = pa.array([text for text in candidates if _is_decoded_twice(text)], pa.string())
    return pc.is_in(texts, value_set=words), words


def _is_decoded_twice(text: str) -> bool:
    try:
        b"".join(_byte_of(sign) for sign in text).decode()
    except UnicodeError:
        return False
    return True


def _byte_of(sign: str) -> bytes:
    """The byte that Windows-1252 reads as this sign; programs read the five that it lacks as they are."""
    return bytes([ord(sign)]) if sign in LACKING_IN_1252 else sign.encode("cp1252")
