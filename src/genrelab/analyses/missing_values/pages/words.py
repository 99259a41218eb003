"""Names of columns and parts, and what the gaps mean, in words."""

from collections.abc import Sequence

from genrelab.analyses.missing_values.references import SHARES
from genrelab.analyses.missing_values.result import Gaps, TrackColumn
from genrelab.report.wording import count, decimal, percent, plural
from genrelab.tables.fma import FMA_TRACKS

NO_GENRE = "no single root"
FEWEST_ARTISTS = 5
"""Artists that a genre needs to be compared in words: the blanks of fewer are theirs."""
CLEAR = 0.5
"""Share of the variance between artists from which a gap is one of the artist."""
DIFFERENCES = {
    "": "",
    "same": "the same",
    "edition": "another edition of the file",
    "chance": "within chance",
    "more": "more is missing here",
    "less": "less is missing here",
}
SUBSETS = {"small": "small", "medium": "medium, with small", "large": "large: all"}


def official(column: str) -> str:
    """Return the name of a column as FMA writes it: `artist.bio`."""
    return FMA_TRACKS[column].official if column in FMA_TRACKS else column


def source_of(found: Gaps) -> str:
    """Say which rows the shares are of, and why not all."""
    text = f"{plural(found.whole, 'track')} by {plural(found.artists, 'artist')}"
    if found.is_complete:
        return f"Shares are of all {text}."
    worst = max(found.emptied, key=lambda one: one[1])
    return (
        f"Shares are of {text}, the rows that this copy has whole. The other {count(found.rows - found.whole)} were "
        f"emptied on the way: FMA fills every count and id, -1 where it knows none, and here "
        f"{official(worst[0])} is blank in {plural(worst[1], 'row')}. Their blanks say nothing of the FMA."
    )


def why_apart(found: Gaps) -> str:
    """Say why shares differ from the student project."""
    compared = [one for one in found.columns if one.document is not None]
    if not compared:
        return ""
    chance = sum(one.difference in ("same", "chance") for one in compared)
    text = f"Of {len(compared)} shares in the student project, {chance} "
    text += "are the same or lie within the interval of ours" if chance != 1 else "is the same or within ours"
    apart = [one for one in compared if one.difference in ("more", "less")]
    if found.sample:
        return f"{text}. These tracks are sample data, whose gaps were drawn."
    if not apart:
        return f"{text}."
    less = sum(one.difference == "less" for one in apart)
    day = (
        found.first_added
        if found.first_added == found.last_added
        else f"{found.first_added} to {found.last_added}"
    )
    added = f"These tracks were added on {day}" if day else "These tracks are no random part"
    return (
        f"{text}; of {less} less is missing here, of {len(apart) - less} more. {added}, by "
        f"{plural(found.artists, 'artist')} who came first, while the student project counts tracks of all years: "
        "the interval allows for other artists, not for other years."
    )


def levels(found: Gaps) -> str:
    """Say to whom gaps belong: the artist, the album or the track."""
    measured = [one for one in found.gappy if one.agreement is not None]
    if not measured:
        return "No gap can be compared within artists: no artist has several tracks, or no gap is sometimes there."
    of_artist = [one for one in measured if (one.agreement or 0) >= CLEAR]
    stated = [one for one in measured if one.level == "artist"]
    mean = sum(one.agreement or 0 for one in measured) / len(measured)
    tracks = [one for one in measured if one.level == "track"]
    text = (
        f"On average {percent(mean, 0)} of the variance of a gap lies between artists, and for "
        f"{len(of_artist)} of {len(measured)} columns it is {percent(CLEAR, 0)} or more. {len(stated)} of "
        "them are fields of the artist, which each of their tracks repeats."
    )
    if tracks:
        own = sum(one.agreement or 0 for one in tracks) / len(tracks)
        text += (
            f" Even the {len(tracks)} fields of the track itself have {percent(own, 0)} of it between "
            "artists: who leaves a field blank once tends to leave it blank."
        )
    return text


def advice(found: Gaps) -> list[str]:
    """Return what a user of the data should conclude, one sentence each."""
    lines = [
        (
            f"Count artists, not tracks: {plural(found.whole, 'row')} carry the answers of "
            f"{plural(found.artists, 'artist')}. An interval that takes tracks for independent is too narrow, and a "
            "random split of tracks puts the same blanks on both sides."
        )
    ]
    far = max(found.gappy, key=lambda one: abs(one.by_artist - one.share.value), default=None)
    if far:
        lines.append(
            f"A share of tracks is not a share of artists: {official(far.column)} is missing for "
            f"{percent(far.share.value)} of the tracks and for {percent(far.by_artist)} of the artists."
        )
    bounded = [one for one in found.association.document if one.document_of_bound is not None]
    inner = [one for one in bounded if (one.document or 0) < 1]
    if inner:
        top = max(inner, key=lambda one: one.document_of_bound or 0)
        rare, other = sorted((top.first, top.second), key=lambda name: SHARES[name])
        lines.append(
            f"A small phi is no coin flip. The student project's {decimal(top.document, 2)} of {official(top.first)}"
            f" and "
            f"{official(top.second)} is {percent(top.document_of_bound, 0)} of what their shares allow: a track "
            f"without {official(rare)} hardly ever has {official(other)}."
        )
    apart = widest(found)
    if apart:
        column, most, high, least, low = apart
        lines.append(
            f"A blank is information. {official(column.column)} is missing for {percent(high, 0)} of {most} and "
            f"{percent(low, 0)} of {least}: a mean in its place hides that, and a model that is given the blank may "
            "learn the artist instead of the music."
        )
    return lines


def widest(found: Gaps) -> tuple[TrackColumn, str, float, str, float] | None:
    """Return the column whose share differs most between two genres, with the genres and shares."""
    genres = [one for one in found.genres if one.name and one.artists >= FEWEST_ARTISTS]
    if len(genres) < 2:  # noqa: PLR2004 - one genre differs from none
        return None
    places = {one.column: number for number, one in enumerate(found.columns)}

    def ends(column: TrackColumn) -> Sequence[tuple[float, str]]:
        return sorted((one.shares[places[column.column]], one.name) for one in genres)

    named = [one for one in found.gappy if one.column != "genre_top"]
    if not named:
        return None
    column = max(named, key=lambda one: ends(one)[-1][0] - ends(one)[0][0])
    (low, first), (high, last) = ends(column)[0], ends(column)[-1]
    return column, last, high, first, low
