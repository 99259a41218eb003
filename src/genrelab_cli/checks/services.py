"""What `genrelab doctor` says of the services that name genres: who is asked, with what, and who answers.

Conventions: a service is asked for its front page, without a key and without a query; whatever status it answers
with, it can be reached. Only a scrape of the API asks anybody, so with other sources no request is made.
"""

import http.client
import os
import urllib.error
import urllib.parse
import urllib.request

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings, load_settings
from genrelab_cli.checks.environment import LOOK, OK, TIMEOUT_SECONDS, Finding

AREA = "genres"


def genre_services(_home: Home) -> list[Finding]:
    """Who is asked for the genres of artists that Spotify names none for."""
    try:
        settings = load_settings()
    except GenrelabError:
        return []  # told under settings
    order = ", ".join(settings.genre_origins) or "nobody"
    if settings.spotify != "api":
        return [Finding(AREA, OK, f"asked by a scrape, in this order: {order}")]
    findings = [Finding(AREA, OK, f"asked in this order: {order}")]
    if "musicbrainz" in settings.genre_origins:
        findings += _musicbrainz(settings)
    if "lastfm" in settings.genre_origins:
        findings += _lastfm(settings)
    return findings


def _musicbrainz(settings: Settings) -> list[Finding]:
    from genrelab.sources.scrape.parameters import MUSICBRAINZ_API

    findings = [_reached(settings, "GENRELAB_MUSICBRAINZ_API", MUSICBRAINZ_API)]
    if not settings.contact:
        do = 'contact = "me@example.org" under [scrape] in genrelab.toml'
        findings.append(Finding(AREA, LOOK, "MusicBrainz asks for a contact, and none is set", do))
    return findings


def _lastfm(settings: Settings) -> list[Finding]:
    from genrelab.sources.scrape.parameters import LASTFM_API

    if not os.environ.get("LASTFM_API_KEY", "").strip():
        says = "LASTFM_API_KEY is not set: Last.fm is passed over"
        return [Finding(AREA, LOOK, says, "export LASTFM_API_KEY=..., or leave lastfm out of scrape.genres")]
    return [
        Finding(AREA, OK, "LASTFM_API_KEY is set"),
        _reached(settings, "GENRELAB_LASTFM_API", LASTFM_API),
    ]


def _reached(settings: Settings, variable: str, usual: str) -> Finding:
    """Whether anybody answers at the address of a service."""
    from genrelab.sources.scrape.genre_services import user_agent

    address = urllib.parse.urlsplit(os.environ.get(variable, "").strip() or usual)
    request = urllib.request.Request(  # noqa: S310 - the service's address, or the one that the user named
        f"{address.scheme}://{address.netloc}/", headers={"User-Agent": user_agent(settings.contact)}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - see above
            pass
    except urllib.error.HTTPError:
        pass
    except (OSError, ValueError, http.client.HTTPException) as error:
        says = f"{address.hostname} cannot be reached: {type(error).__name__}"
        return Finding(AREA, LOOK, says, f"check the network, or set {variable}")
    return Finding(AREA, OK, f"{address.hostname} answers")
