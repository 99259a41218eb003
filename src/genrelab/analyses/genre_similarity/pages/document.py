"""The student project's findings on similar genres, beside ours in every collection.

The student project (on the Free Music Archive) takes the genre with the second highest probability;
its Rock, Electronic, Classical, Folk and Jazz are compared with the bins of the same music (`palette.SAME_MUSIC`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from genrelab.analyses.genre_similarity.pages.words import leads
from genrelab.analyses.genre_similarity.result import FEWEST_ARTISTS, Collection, Genre, Pair
from genrelab.report.figure import Cell, Column, Grid, table, text_column
from genrelab.report.palette import SAME_MUSIC
from genrelab.report.wording import DASH, count, percent

LARGE = ("Rock", "Electronic")
"""Genres that the student project finds in most others."""
PAIRS = (
    ("Hip-Hop", "Electronic"),
    ("Experimental", "Electronic"),
    ("Classical", "Folk"),
    ("Classical", "Jazz"),
)
"""Genres that the student project calls similar."""
OF_DOCUMENT = "fma-top-genre"
"""The collection that the student project studied."""
DEFINITION = (
    "A student project on FMA's top genres calls two genres similar if one often has the second highest probability "
    "for tracks of the other, whichever has the highest; it split tracks at random, so that its model knew other "
    "tracks of most artists. Where a model is wrong, the second highest is often the track's own genre; the runner-up "
    "here is the most probable genre that the track does not carry. Its findings, judged by the same collection:"
)


@dataclass(frozen=True)
class Verdict:
    """A finding of the student project, and what becomes of it here."""

    claim: str
    says: str


def named(found: Collection, genre: str) -> str:
    """Return the name of one of the student project's genres in a collection; empty where it has none."""
    same = SAME_MUSIC.get(genre, genre)
    return genre if genre in found.by_name else same if same in found.by_name else ""


def verdicts(collections: Sequence[Collection]) -> list[Verdict]:
    """Judge the student project's findings on its own collection; none without that collection."""
    found = next((one for one in collections if one.name == OF_DOCUMENT), None)
    if found is None:
        return []
    return [*(_large(found, genre) for genre in LARGE), *(_pair(found, *pair) for pair in PAIRS)]


def _large(found: Collection, genre: str) -> Verdict:
    claim = f"{genre} resembles most other genres:"
    if not (own := named(found, genre)):
        return Verdict(claim, f"not tested, no track of {genre} here.")
    first, most = len(found.favours(own)), len(found.genres) - 1
    beyond = len(found.exceeds(own))
    is_count, is_beyond = first > most / 2, beyond > most / 2
    verdict = (
        "confirmed"
        if is_count and is_beyond
        else "confirmed by count, not beyond its number of tracks"
        if is_count
        else "not confirmed"
    )
    return Verdict(
        claim,
        f"{verdict}. {leads(found, own)}; over all genres it is a runner-up more often than by the priors for "
        f"{count(beyond)} of {count(most)}.",
    )


def _pair(found: Collection, genre: str, other: str) -> Verdict:
    claim = f"{genre} resembles {other}:"
    own, pair = _found(found, genre, other)
    if own is None or pair is None:
        return Verdict(claim, "not tested, one of the two has no track here.")
    said = f"{percent(pair.share.value)} of its tracks, {percent(pair.prior)} by the priors"
    if pair.second is not None:
        said += f" ({percent(pair.second)} by the student project's definition)"
    if own.artists < FEWEST_ARTISTS:
        return Verdict(
            claim, f"cannot be judged by {count(own.tracks)} tracks of {count(own.artists)} artists; {said}."
        )
    verdict = (
        "confirmed"
        if pair.is_more
        else "not confirmed: less often than by the priors"
        if pair.is_less
        else ("not confirmed: within chance of the priors")
    )
    return Verdict(claim, f"{verdict}. {said[0].upper()}{said[1:]}.")


def _found(found: Collection, genre: str, other: str) -> tuple[Genre | None, Pair | None]:
    own = found.by_name.get(named(found, genre))
    return own, own.pair(named(found, other)) if own else None


def document_table(collections: Sequence[Collection]) -> Grid:
    """Return the student project's findings in every collection."""

    def large(found: Collection, genre: str) -> Cell:
        if not (own := named(found, genre)):
            return Cell(DASH)
        beyond = len(found.exceeds(own))
        return Cell(
            f"{count(len(found.favours(own)))} of {len(found.genres) - 1}",
            f"beyond the priors: {count(beyond)}",
        )

    def pair(found: Collection, genre: str, other: str) -> Cell:
        own, one = _found(found, genre, other)
        if own is None or one is None:
            return Cell(DASH)
        few = own.artists < FEWEST_ARTISTS
        below = f"priors {percent(one.prior)}" + (", too few artists" if few else "")
        return Cell(percent(one.share.value), below, mark="best" if one.is_more else "")

    return table(
        [text_column("Finding"), *(Column(one.label, one.name) for one in collections)],
        [
            *(
                [f"{genre} is the most frequent runner-up", *(large(one, genre) for one in collections)]
                for genre in LARGE
            ),
            *(
                [f"{genre}: runner-up {other}", *(pair(one, genre, other) for one in collections)]
                for genre, other in PAIRS
            ),
        ],
        caption="Rock, Electronic, Classical, Folk and Jazz stand for the bins rock, dance, classical, country/folk "
        "and jazz/blues in Spotify's collections. Bold: more often than the priors explain, beyond chance.",
    )
