"""The page of micro-genres: a search over all of them, with the rule that decides each, and the tracks behind it."""

from collections.abc import Sequence
from urllib.parse import quote

from genrelab.analyses.look_up.analysis import LOOK_UP
from genrelab.analyses.look_up.result import Decision, LookUp, MicroGenre, NamedTrack
from genrelab.report.figure import pack
from genrelab.report.listen import listen_link
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, count, listing

SOURCES = {"spotify": "Spotify", "fma": "FMA"}
NO_GENRE = "no genre"
NAME = "micro_genres"


def fill(found: LookUp) -> Summary:
    """Return every micro-genre: as rows of a table, and packed with all that is shown of a picked one."""
    sets = [one.name for one in found.sets]
    return {
        "finding": _finding(found, sets),
        "sets": sets,
        "rows": [_row(one, sets) for one in found.micro_genres],
        "total": count(len(found.micro_genres)),
        "of_spotify": count(sum(one.source == "spotify" for one in found.micro_genres)),
        "of_fma": count(sum(one.source == "fma" for one in found.micro_genres)),
        "packed": pack([_card(one) for one in found.micro_genres]),
        "search": [
            ("Micro-genres", one.name, micro_genre_page(one.name), SOURCES[one.source])
            for one in found.micro_genres
        ],
        "asked": 'genrelab rules explain "indie r&b"',
    }


def _finding(found: LookUp, sets: Sequence[str]) -> str:
    spotify = [one for one in found.micro_genres if one.source == "spotify"]
    if not spotify:
        return ""
    decided = [
        f"'{name}' {'gives' if place else 'is in use: it gives'} a genre to "
        + count(sum(one.decisions[name].genre is not None for one in spotify))
        + ("" if place else f" of Spotify's {count(len(spotify))} micro-genres")
        for place, name in enumerate(sets)
    ]
    return f"The rule set {'; '.join(decided)}."


def _row(one: MicroGenre, sets: Sequence[str]) -> Summary:
    return {
        "name": one.name,
        "address": f"?name={quote(one.name, safe='')}",
        "source": SOURCES[one.source],
        "tracks": count(one.tracks),
        "genres": [
            {"name": genre or NO_GENRE, "colour": genre_colour(genre) if genre else ""}
            for genre in (one.decisions[name].genre for name in sets)
        ],
        "reason": one.decisions[sets[0]].reason,
    }


def _card(one: MicroGenre) -> Summary:
    """Return what is shown of a picked micro-genre."""
    return {
        "name": one.name,
        "carried": f"{count(one.tracks)} {'track' if one.tracks == 1 else 'tracks'} of "
        f"{SOURCES[one.source]} {'carries' if one.tracks == 1 else 'carry'} it.",
        "sets": [
            {
                "set": name,
                "genre": decision.genre or NO_GENRE,
                "colour": genre_colour(decision.genre) if decision.genre else "",
                "link": genre_page(decision.genre),
                "reason": decision.reason,
                "tracks": _ends(decision),
            }
            for name, decision in one.decisions.items()
        ],
        "examples": [track_of(one.source, track) for track in one.examples],
    }


def _ends(decision: Decision) -> str:
    """Return where the tracks that carry the micro-genre end; empty if that is not known."""
    ends = [f"{genre or NO_GENRE} {count(tracks)}" for genre, tracks in decision.tracks.items()]
    return f"With their other micro-genres its tracks are in: {listing(ends)}." if ends else ""


def track_of(source: str, track: NamedTrack) -> Summary:
    """Return a track with its name and the address where it can be heard."""
    named = f" {DASH} ".join(part for part in (track.artist, track.title) if part)
    return {
        "name": named or f"{SOURCES[source]} track {track.track_id}, whose names are not known",
        "link": listen_link(source, track.track_id, track.artist, track.title),
    }


def genre_page(genre: str | None) -> str:
    """Return the address of the page of a genre; empty for none."""
    return f"genre.html?genre={quote(genre, safe='')}" if genre else ""


def micro_genre_page(name: str) -> str:
    """Return the address of a micro-genre on this page."""
    return f"{NAME}.html?name={quote(name, safe='')}"


PAGE = Page(
    name=NAME,
    label="Micro-genres",
    group="Genres",
    title="What do the rules do to a micro-genre?",
    question="Look up any micro-genre: the genre that each rule set gives it, the rule that decides and by which of its"
    " words, and tracks that carry it.",
    needs=(LOOK_UP.name,),
    command="genrelab bin-genres",
    fill=of_result(LOOK_UP, fill),
    has_charts=False,
)
