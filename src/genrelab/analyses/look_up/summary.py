"""The result in a line."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.look_up.result import LookUp


def summarise(found: LookUp) -> Summary:
    """Return how many micro-genres and genres can be looked up."""
    spotify = sum(one.source == "spotify" for one in found.micro_genres)
    fma = len(found.micro_genres) - spotify
    genres = len({(one.task, one.genre) for one in found.genres})
    return Summary(
        f"{spotify:,} micro-genres of Spotify and {fma:,} genres of the FMA explained by {len(found.sets)} rule sets;"
        f" tracks of {genres:,} genres"
    )
