"""The gaps of `fma_tracks`: by column, subset, genre and artist, and which of them occur together."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from genrelab.analyses.missing_values.agreement import all_or_none, intraclass
from genrelab.analyses.missing_values.pairs import associate
from genrelab.analyses.missing_values.references import LIMIT, ROWS, SHARES
from genrelab.analyses.missing_values.result import Gaps, Nullity, Part, TrackColumn
from genrelab.analyses.missing_values.shares import once, share_of
from genrelab.analyses.missing_values.tracks import Tracks
from genrelab.evaluation.results import Score
from genrelab.tables.fma import FMA_TRACKS, SUBSETS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PICTURED = 120
"""Rows of the picture of gaps."""
FEWEST_TRACKS = 10
"""Tracks that a genre needs to be listed."""
SAME = 5e-7
"""Difference of two shares that is rounding."""


def describe_gaps(tracks: Tracks, *, table_version: int = 0, is_sample: bool = False) -> Gaps:
    """Describe the gaps of the whole rows.

    Args:
        tracks: At least one whole row.
        table_version: Version of the table.
        is_sample: Whether it is sample data.
    """
    has_gap = np.asarray(tracks.missing.any(axis=0))
    places = np.flatnonzero(has_gap | np.isin(tracks.columns, list(SHARES)))
    names = [tracks.columns[place] for place in places]
    missing = tracks.missing[:, places]
    weights = once(tracks.artists)
    first, last = _days(tracks)
    is_all = len(missing) == ROWS and not is_sample
    columns = tuple(
        _column(name, missing[:, place], tracks, weights, is_all=is_all) for place, name in enumerate(names)
    )
    return Gaps(
        table_version=table_version,
        sample=is_sample,
        rows=len(tracks.is_whole),
        whole=len(missing),
        artists=int(tracks.artists.max()) + 1,
        albums=len(np.unique(tracks.albums[tracks.has_album])),
        first_added=first,
        last_added=last,
        emptied=tracks.emptied,
        never=tuple(name for name, gap in zip(tracks.columns, has_gap, strict=True) if not gap),
        columns=columns,
        limit=LIMIT,
        subsets=_subsets(tracks, missing),
        genres=_genres(tracks, missing),
        association=associate(tracks.columns, tracks.missing, weights),
        nullity=_nullity(tracks),
    )


def level_of(column: str) -> str:
    """Return whom FMA says a column of: `album`, `artist` or `track`.

    >>> level_of("album_type"), level_of("genre_top")
    ('album', 'track')
    """
    return FMA_TRACKS[column].official.partition(".")[0].replace("set", "track")


def _column(
    name: str, missing: BoolArray, tracks: Tracks, weights: FloatArray, *, is_all: bool
) -> TrackColumn:
    share = share_of(missing, tracks.artists)
    document = SHARES.get(name)
    on_album = tracks.has_album
    return TrackColumn(
        column=name,
        level=level_of(name),
        share=share,
        by_artist=float(missing @ weights),
        document=document,
        difference="" if document is None else difference_of(share, document, is_all=is_all),
        agreement=intraclass(missing, tracks.artists),
        album_agreement=intraclass(missing[on_album], tracks.albums[on_album]) if on_album.any() else None,
        all_or_none=all_or_none(missing, tracks.artists),
    )


def difference_of(share: Score, document: float, *, is_all: bool) -> str:
    """Return how a share differs from the student project's, as `TrackColumn.difference`.

    Args:
        share: Share of the whole rows.
        document: Share in the student project.
        is_all: Whether the rows are all tracks of the FMA.
    """
    if abs(share.value - document) < SAME:
        return "same"
    if is_all:
        return "edition"
    if share.may_be(document):
        return "chance"
    return "more" if share.value > document else "less"


def _days(tracks: Tracks) -> tuple[str, str]:
    known = tracks.added[~np.isnat(tracks.added)]
    if not len(known):
        return "", ""
    return str(known.min().astype("datetime64[D]")), str(known.max().astype("datetime64[D]"))


def _part(name: str, rows: BoolArray, tracks: Tracks, missing: BoolArray) -> Part:
    return Part(
        name,
        int(rows.sum()),
        len(np.unique(tracks.artists[rows])),
        tuple(missing[rows].mean(axis=0).tolist()),
    )


def _subsets(tracks: Tracks, missing: BoolArray) -> tuple[Part, ...]:
    """Return the subsets, each with those inside it."""
    found = []
    for place, name in enumerate(SUBSETS):
        rows = np.isin(tracks.subsets, SUBSETS[: place + 1])
        if rows.any():
            found.append(_part(name, rows, tracks, missing))
    return tuple(found)


def _genres(tracks: Tracks, missing: BoolArray) -> tuple[Part, ...]:
    """Return the top genres with enough tracks, the most tracks first, and those without one."""
    given = np.array([genre or "" for genre in tracks.genres], dtype=object)
    names, sizes = np.unique(given.astype(str), return_counts=True)
    order: Sequence[str] = [
        name
        for size, name in sorted(zip((-sizes).tolist(), names.tolist(), strict=True))
        if -size >= FEWEST_TRACKS
    ]
    return tuple(
        _part(name, given == name, tracks, missing) for name in sorted(order, key=lambda name: not name)
    )


def _nullity(tracks: Tracks) -> Nullity:
    places = np.flatnonzero(tracks.missing.any(axis=0))
    rows = np.unique(np.linspace(0, len(tracks.missing) - 1, PICTURED).astype(np.int64))
    drawn = ~tracks.missing[np.ix_(rows, places)]
    return Nullity(
        tuple(tracks.columns[place] for place in places),
        tuple("".join("1" if known else "0" for known in row) for row in drawn.tolist()),
        tuple(tracks.track_ids[rows].tolist()),
        tuple(drawn.sum(axis=1).tolist()),
    )
