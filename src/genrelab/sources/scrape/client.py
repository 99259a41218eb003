"""The HTTP client: rate limiting, retries, and storage of every answer.

Conventions: after a 429 the request waits as long as the server says and is repeated. After a 401 the token is renewed
once. Server errors, timeouts, broken connections and answers that are not JSON are retried with jitter. Every other
status is raised as `ApiError` for the caller. spotipy gets our own `requests.Session`: with its own, a 429 would sleep
inside it and lose Retry-After.

What an answer means for an artist does not belong here but in `genrelab.sources.scrape.run`.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOauthError

from genrelab import __version__
from genrelab.runtime.errors import SettingsError
from genrelab.sources.scrape.pages import Pages
from genrelab.sources.scrape.parameters import Parameters
from genrelab.sources.scrape.rate_limiter import AdaptiveRateLimiter
from genrelab.sources.scrape.secrets import Mask

RETRIES = 4
FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
LONGEST_WAIT = 30 * 86_400.0
"""Longer than any plausible wait: a server once sent a time in milliseconds as seconds."""
TOKEN_RENEWALS = 10
"""Token renewals for one request: other workers may expire the token too, so a few 401s do not mean bad credentials."""
RATE_LIMITED, UNAUTHORISED, SERVER_ERRORS = 429, 401, range(500, 600)
WRONG_CREDENTIALS = (400, 401)
"""Answers of a token service to bad credentials (RFC 6749, section 5.2)."""
USER_AGENT = f"genrelab/{__version__}"
"""ReccoBeats answers 403 to the default User-Agent of requests."""


class ApiError(Exception):
    """The API refused the request.

    Args:
        status: HTTP status.
        message: From the body.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}".strip())
        self.status, self.message = status, message


class UnreachableError(Exception):
    """No usable answer came after all retries."""


class WaitTooLongError(Exception):
    """The server asks for a longer pause than the run may wait.

    Args:
        seconds: Length of the pause.
        reason: The server's reason.
    """

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds, self.reason = seconds, reason


@dataclass(frozen=True)
class Page:
    """An answer of a service.

    Args:
        body: Parsed JSON.
        digest: sha256 of the bytes, which identifies the raw page.
    """

    body: Any
    digest: str


class Session(requests.Session):
    """A session that keeps its last answer, because spotipy returns the parsed body only.

    Args:
        address: Address of the service.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self.last: requests.Response | None = None
        # Loopback needs no proxy, and looking for one takes a third of the time of a loopback request.
        self.trust_env = urlsplit(address).hostname not in ("127.0.0.1", "localhost", "::1")

    def request(self, *args: Any, **settings: Any) -> requests.Response:
        """Send the request and keep the answer as `last`."""
        self.last = None
        self.last = super().request(*args, **settings)
        return self.last


class _Token:
    """One token for all workers, with the interface of a spotipy auth manager."""

    def __init__(self, parameters: Parameters, mask: Mask) -> None:
        self.session = Session(parameters.spotify_token)
        self._mask, self._lock = mask, threading.Lock()
        self._cache = MemoryCacheHandler()  # spotipy's default writes the token to a file
        self._manager = SpotifyClientCredentials(
            parameters.client_id,
            parameters.client_secret,
            requests_session=self.session,
            requests_timeout=parameters.timeout,
            cache_handler=self._cache,
        )
        self._manager.OAUTH_TOKEN_URL = parameters.spotify_token

    def get_access_token(self, as_dict: bool = False) -> str:  # noqa: ARG002 - spotipy passes it
        """Return the token; fetch one if there is none or it is about to expire."""
        with self._lock:
            try:
                token: str = self._manager.get_access_token(as_dict=False)
            except (SpotifyOauthError, requests.RequestException, KeyError, TypeError, ValueError) as error:
                raise _TokenError(self.session.last) from error
            self._mask.learn(token)
            return token

    def renew(self, refused: str) -> None:
        """Drop the token, unless another worker has done so already."""
        with self._lock:
            held = self._cache.get_cached_token()
            if held and held["access_token"] == refused:
                self._cache.save_token_to_cache(None)


class _TokenError(Exception):
    """The token service returned no token.

    Args:
        response: Its answer, if there was one.
    """

    def __init__(self, response: requests.Response | None) -> None:
        super().__init__("no answer" if response is None else f"status {response.status_code}")
        self.response = response


class Client:
    """The HTTP client of all workers.

    Args:
        parameters: Credentials, addresses and limits.
        pages: Store of raw answers.
        mask: Hides secrets.
    """

    def __init__(self, parameters: Parameters, pages: Pages, mask: Mask) -> None:
        self.parameters, self.pages, self.mask = parameters, pages, mask
        self.pace = AdaptiveRateLimiter(parameters.clock, parameters.start_per_second)
        self.reccobeats_pace = AdaptiveRateLimiter(parameters.clock, parameters.start_per_second)
        self.requests: Counter[str] = Counter()
        self.retries = 0
        self._token = _Token(parameters, mask)
        self._own, self._lock = threading.local(), threading.Lock()
        self._jitter = random.Random()  # noqa: S311 - no secret is drawn

    def stop(self) -> None:
        """Send no further requests."""
        self.pace.stop()
        self.reccobeats_pace.stop()

    def spotify(self, name: str, call: Callable[[spotipy.Spotify], Any]) -> Page:
        """Make a call through spotipy.

        Args:
            name: Name under which the request is counted.
            call: Makes exactly one request.

        Raises:
            ApiError: Spotify answered with another error status.
            UnreachableError: No usable answer came.
            WaitTooLongError: Spotify asks for a longer pause than `max_wait`.
            SettingsError: The credentials are rejected.
            StoppedError: The run was stopped.
        """
        client = self._spotipy()
        session: Session = client._session  # noqa: SLF001 - ours, handed in below

        def ask() -> Any:
            session.last = None
            return call(client)

        return self._ask(name, ask, session, self.pace)

    def reccobeats(self, track_ids: list[str]) -> Page:
        """Ask ReccoBeats for audio features; raises as `spotify` does."""
        session = self._session("reccobeats", self.parameters.reccobeats_api)
        session.headers["User-Agent"] = USER_AGENT

        def ask() -> Any:
            response = session.get(
                self.parameters.reccobeats_api + "audio-features",
                params={"ids": ",".join(track_ids)},
                timeout=self.parameters.timeout,
            )
            response.raise_for_status()
            return response.json()

        return self._ask("reccobeats/audio-features", ask, session, self.reccobeats_pace)

    def _ask(self, name: str, ask: Callable[[], Any], session: Session, pace: AdaptiveRateLimiter) -> Page:
        failures = renewals = 0
        waited = 0.0
        while True:
            entered = pace.enter()
            with self._lock:
                self.requests[name] += 1
            body, response, problem = self._try(ask, session)
            status = response.status_code if response is not None else None
            if status == RATE_LIMITED and response is not None:
                waited += self._wait(response, pace, entered, waited)
                continue
            if not problem and status == requests.codes.ok and response is not None:
                return Page(body, self.pages.add(response.url, self.mask.bytes(response.content)))
            if not problem and status == UNAUTHORISED and renewals < TOKEN_RENEWALS:
                renewals += 1
                self._token.renew(_token_of(response))
                continue
            if not problem and status not in SERVER_ERRORS:
                raise ApiError(status or 0, self.mask.text(_message(response)))
            failures += 1
            if failures > RETRIES:
                raise UnreachableError(problem or f"status {status}")
            with self._lock:
                self.retries += 1
            pace.rest(self._backoff(failures))

    def _try(self, ask: Callable[[], Any], session: Session) -> tuple[Any, requests.Response | None, str]:
        """Make a request once; return the parsed answer, the response, and why it cannot be used."""
        try:
            body = ask()
        except _TokenError as error:
            self._judge_token(error)
            return None, error.response, f"no token: {error}"
        except requests.HTTPError:
            return None, session.last, ""
        except requests.RequestException as error:
            return None, None, type(error).__name__
        except (spotipy.SpotifyException, AttributeError, TypeError):
            # spotipy fails on an error body that is not an object and on an answer that is not JSON; the response
            # itself is still available.
            if session.last is None:
                raise
            body = None
        is_answered = session.last is not None and session.last.ok
        problem = "an answer that is not a JSON object" if is_answered and not isinstance(body, dict) else ""
        return body, session.last, problem

    def _wait(
        self, response: requests.Response, pace: AdaptiveRateLimiter, entered: float, waited: float
    ) -> float:
        wait = pace.refuse(entered, retry_after(response))
        if waited + wait > self.parameters.max_wait:
            raise WaitTooLongError(wait, self.mask.text(_message(response)))
        return wait

    def _backoff(self, failures: int) -> float:
        """Return an exponential delay with full jitter, so that workers do not retry all at once."""
        most = min(FIRST_BACKOFF * 2 ** (failures - 1), LONGEST_BACKOFF)
        return self._jitter.uniform(0.1 * most, most)

    def _judge_token(self, error: _TokenError) -> None:
        """Raise an error if the credentials are wrong; other errors of the token service may be temporary."""
        response = error.response
        if response is None or response.status_code not in WRONG_CREDENTIALS:
            return
        raise SettingsError(
            "Spotify rejects the credentials",
            found=self.mask.text(f"{response.status_code} {_message(response)}"),
            allowed="the client id and secret of an app from Spotify's developer dashboard",
            do="check SPOTIPY_CLIENT_ID and SPOTIPY_CLIENT_SECRET",
        ) from None

    def _spotipy(self) -> spotipy.Spotify:
        client = getattr(self._own, "client", None)
        if client is None:
            client = spotipy.Spotify(
                requests_session=self._session("spotify", self.parameters.spotify_api),
                auth_manager=self._token,
                requests_timeout=self.parameters.timeout,
            )
            client.prefix = self.parameters.spotify_api
            self._own.client = client
        return client

    def _session(self, name: str, address: str) -> Session:
        session = getattr(self._own, name, None)
        if session is None:
            session = Session(address)
            setattr(self._own, name, session)
        return session


def _token_of(response: requests.Response | None) -> str:
    header = response.request.headers.get("Authorization", "") if response is not None else ""
    return header.removeprefix("Bearer ")


def _message(response: requests.Response | None) -> str:
    """Return the message of an error body, in any of its known formats."""
    if response is None:
        return ""
    try:
        body = response.json()
    except ValueError:
        return response.text[:200]
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        return " ".join(str(error[key]) for key in ("message", "reason") if error.get(key))
    return str(error)[:200]


def retry_after(response: requests.Response) -> float | None:
    """Return the seconds of the Retry-After header, which may also be a date (RFC 9110, section 10.2.3).

    None if the header has no usable value: a wait of 0 seconds would repeat the request without end.
    """
    value = response.headers.get("Retry-After", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None
