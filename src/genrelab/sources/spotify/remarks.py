"""Notes and caveats about the files that were read.

Conventions: a note is information; a caveat says that the table means something else than usual (a guess, an id made
from a name, a missing column). Files with the same remark share one sentence.
"""

from collections.abc import Callable, Mapping, Sequence

from genrelab.sources.spotify.folder import shortened
from genrelab.sources.spotify.parsing import FileRead
from genrelab.sources.spotify.units import WORDS

SHOWN_WORD = 30
"""Characters of a name in a remark."""
Remark = Callable[[FileRead], str]


def remarks(reads: Sequence[FileRead], merged: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return the notes and the caveats.

    Args:
        reads: The files.
        merged: Rows that repeat a track with other values, by title of the layout.
    """
    notes = _by_sentence(reads, NOTES)
    notes += [
        f"{count:,} rows of {title} repeat a track with other genres, popularity or values: they count as duplicates;"
        f" the newest values and all genres are kept"
        for title, count in merged.items()
    ]
    return notes, _by_sentence(reads, CAVEATS)


def _by_sentence(reads: Sequence[FileRead], kinds: Sequence[Remark]) -> list[str]:
    """Each sentence once, with the files that it applies to."""
    found = []
    for remark in kinds:
        names: dict[str, list[str]] = {}
        for read in reads:
            if sentence := remark(read):
                names.setdefault(sentence, []).append(read.name)
        found += [f"{_files(of)}: {sentence}" for sentence, of in names.items()]
    return found


def _files(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} files ({names[0]} to {names[-1]})"


def layout(read: FileRead) -> str:
    """The layout and the encoding of a file, in words."""
    written = str(read.look)
    if read.not_utf8 and not read.utf8:
        written = written.replace(read.look.encoding, "Windows-1252", 1)
    return f"{read.found.layout.title}; {written}"


def _passed_over(read: FileRead) -> str:
    names = [name or "a column without a name" for name in read.found.passed_over]
    return f"columns ignored: {shortened(names)}" if names else ""


def _no_popularity(read: FileRead) -> str:
    return "" if "popularity" in read.found.positions else "no column popularity: the values are missing"


def _in_words(read: FileRead) -> str:
    columns = ", ".join(f"{name} as {WORDS[name][1]}" for name in read.in_words)
    return f"numbers read from words: {columns}" if columns else ""


def _percent(read: FileRead) -> str:
    names = [
        name
        for name, source in read.found.layout.columns.items()
        if source.is_percent and name in read.found.positions
    ]
    return f"converted from percent to shares: {', '.join(names)}" if names else ""


def _without_features(read: FileRead) -> str:
    count = read.without_features
    return f"rows whose audio features are all 0 (treated as missing): {count:,}" if count else ""


def _main_artist(read: FileRead) -> str:
    if read.are_lists:
        return "the first artist of each list is the main artist"
    return (
        f"several artists separated by {read.separator.strip()!r}: the first is the main artist"
        if read.separator
        else ""
    )


def _windows_1252(read: FileRead) -> str:
    if not read.not_utf8:
        return ""
    if read.utf8:
        return (
            f"mixed encodings: lines decoded as Windows-1252: {read.not_utf8:,}, other non-ASCII lines, as UTF-8:"
            f" {read.utf8:,}"
        )
    return (
        f"not UTF-8: lines decoded as Windows-1252: {read.not_utf8:,}, e.g. {read.example[:SHOWN_WORD]!r};"
        " if that is not a word, the file has another encoding: save it as UTF-8"
    )


def _decoded_twice(read: FileRead) -> str:
    count, example = read.decoded_twice
    if not count:
        return ""
    return (
        "artists or titles that look like UTF-8 read as Windows-1252 by another program"
        f" ({example[:SHOWN_WORD]!r}), published unchanged: {count:,}"
    )


def _lost(read: FileRead) -> str:
    return f"lines with the replacement character U+FFFD: {read.lost:,}" if read.lost else ""


def _artist_by_name(read: FileRead) -> str:
    if "artist_id" in read.found.positions:
        return ""
    return "no artist ids: an artist is identified by name, within this source only"


def _track_by_name(read: FileRead) -> str:
    if "track_id" in read.found.positions:
        return ""
    return "no track ids: a track is identified by artist and title, within this source only"


def _missing(read: FileRead) -> str:
    return f"no column {', '.join(read.found.missing)}: the values are missing" if read.found.missing else ""


def _genres_chosen(read: FileRead) -> str:
    if not read.found.doubtful:
        return ""
    taken = read.found.positions["genres"]
    others = ", ".join(read.found.header[place].strip() for place in read.found.doubtful if place != taken)
    if "genres" in read.found.others:
        return (
            f"genres are read from {read.found.header[taken].strip()}, and from {others} where that is blank"
        )
    return f"genres are read from {read.found.header[taken].strip()}, which holds lists, not from {others}"


def _genre_form(read: FileRead) -> str:
    return read.genre_form.caveat


def _missing_names(read: FileRead) -> str:
    count = read.missing_names
    return f"rows whose artist or title is NA or similar, published unchanged: {count:,}" if count else ""


NOTES: tuple[Remark, ...] = (
    layout,
    _main_artist,
    _in_words,
    _percent,
    _without_features,
    _passed_over,
    _no_popularity,
)
IN_A_LOOK: tuple[Remark, ...] = (layout, _main_artist, _passed_over)
"""Notes that `genrelab ingest-spotify --look` shows in another form."""
CAVEATS: tuple[Remark, ...] = (
    _windows_1252,
    _decoded_twice,
    _lost,
    _genres_chosen,
    _genre_form,
    _artist_by_name,
    _track_by_name,
    _missing,
    _missing_names,
)
