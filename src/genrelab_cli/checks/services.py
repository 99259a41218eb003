"""The checks of `genrelab doctor` on the genre services (MusicBrainz, Last.fm): order, keys, reachability.

Conventions: the check requests the front page of a service, without a key or a query; any HTTP status counts as
reachable. Only a scrape of the API uses these services, so no request is made with other sources.
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
    """Check the services that supply genres for artists without genres on Spotify."""
    try:
        settings = load_settings()
    except GenrelabError:
        return []  # reported under settings
    order = ", ".join(settings.genre_origins) or "none"
    if settings.spotify != "api":
        return [Finding(AREA, OK, f"services a scrape queries, in this order: {order}")]
    findings = [Finding(AREA, OK, f"services queried, in this order: {order}")]
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
        findings.append(Finding(AREA, LOOK, "MusicBrainz requires a contact address, and none is set", do))
    return findings


def _lastfm(settings: Settings) -> list[Finding]:
    from genrelab.sources.scrape.parameters import LASTFM_API

    if not os.environ.get("LASTFM_API_KEY", "").strip():
        says = "LASTFM_API_KEY is not set: Last.fm is skipped"
        return [Finding(AREA, LOOK, says, "export LASTFM_API_KEY=..., or remove lastfm from scrape.genres")]
    return [
        Finding(AREA, OK, "LASTFM_API_KEY is set"),
        _reached(settings, "GENRELAB_LASTFM_API", LASTFM_API),
    ]


def _reached(settings: Settings, variable: str, usual: str) -> Finding:
    """Check that a service can be reached."""
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
