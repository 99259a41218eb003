"""Addresses where a reader can listen to a track: its page on Spotify, or a search on the Free Music Archive.

Conventions: a source is the name of a collection or of one of its tables: `spotify`, `spotify_binned`, `fma`,
`fma_tracks`. An empty address means that there is nothing to link to. Every address begins with `https://`, so that it
is safe as the target of a link.
"""

import re
from urllib.parse import urlencode

SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
SPOTIFY = "https://open.spotify.com/track/"
FMA = "https://freemusicarchive.org/search?"
LONGEST = 150
"""Characters of a search; longer ones find nothing."""


def listen_link(source: str, track_id: object, artist: object = None, title: object = None) -> str:
    """Return the address where a track can be heard; empty if there is none.

    The pages of the Free Music Archive go by names that its metadata does not hold, so that its tracks are searched by
    artist and title.

    Args:
        source: Collection or table of the track.
        track_id: Its id in the collection.
        artist: Name of the artist.
        title: Title of the track.

    >>> listen_link("spotify_binned", "3NAwm9vYQ7tK5UrHRdHcIW")
    'https://open.spotify.com/track/3NAwm9vYQ7tK5UrHRdHcIW'
    >>> listen_link("fma_tracks", 256, "Black Elk", "Toggle & Go")
    'https://freemusicarchive.org/search?quicksearch=Black+Elk+Toggle+%26+Go'
    >>> listen_link("spotify", '"><script>'), listen_link("origin_tracks", 3)
    ('', '')
    """
    if source.startswith("spotify"):
        return SPOTIFY + str(track_id) if SPOTIFY_ID.fullmatch(str(track_id)) else ""
    wanted = " ".join(f"{artist or ''} {title or ''}".split())[:LONGEST]
    if not source.startswith("fma") or not wanted:
        return ""
    return FMA + urlencode({"quicksearch": wanted}, errors="replace")
