"""The stand-in over real HTTP on loopback: token service, Web API, ReccoBeats, MusicBrainz and Last.fm in one.

Conventions: addresses end in a slash, as the settings ask for. Requests are counted by
the name of the call, the token service apart. The server listens on 127.0.0.1 only, on a port the system
chooses.

What the calls answer does not belong here but in `genrelab.sources.sandbox.calls` and
`genrelab.sources.sandbox.genre_services`.
"""

import base64
import json
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from genrelab.runtime.own_pages import OwnPagesHandler
from genrelab.sources.sample import Catalogue
from genrelab.sources.sandbox import objects
from genrelab.sources.sandbox.calls import WORLDS, Answer, Calls, Query
from genrelab.sources.sandbox.faults import Faults
from genrelab.sources.sandbox.genre_services import BUSY, XML, GenreServices
from genrelab.sources.sandbox.limiter import Limiter
from genrelab.sources.scrape.clock import Clock

CREDENTIALS = ("sandbox-client", "sandbox-secret")
LASTFM_KEY = "sandbox-lastfm-key"
SPOTIFY_SERVICE, RECCOBEATS, MUSICBRAINZ, LASTFM = "spotify", "reccobeats", "musicbrainz", "lastfm"
OK, FORBIDDEN, RATE_LIMITED = 200, 403, 429
REFUSED_AGENTS = ("python-requests", "Python-urllib", "python-httpx")
"""ReccoBeats answers 403 to these (seen with Python's default)."""
BODIES: dict[str, Answer] = {
    "expired": (401, objects.error(401, "The access token expired")),
    "forbidden": (403, objects.error(403, "Forbidden")),
    "not_found": (404, objects.error(404, "non existing id")),
    "server_error": (500, objects.error(500, "Server error")),
    "bad_gateway": (502, objects.error(502, "Bad gateway")),
}
"""Answers of the faults that are an answer."""


@dataclass
class Reply:
    """What goes over the wire.

    Args:
        status: HTTP status.
        body: Bytes.
        headers: Beside the usual ones.
        fault: `cut`, `dropped` or `slow` where the connection itself misbehaves.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    fault: str | None = None


class Sandbox:
    """A stand-in of the Spotify Web API, ReccoBeats, MusicBrainz and Last.fm; a context manager.

    Args:
        catalogue: What it serves.
        world: One of `WORLDS`.
        faults: What goes wrong; nothing by default.
        limit: Requests that the Web API allows in any 30 seconds.
        reccobeats_limit: The same for ReccoBeats.
        musicbrainz_limit: The same for MusicBrainz in any second.
        clock: That limits and tokens go by.
        credentials: Client id and secret that are accepted.
        token_seconds: How long a token lasts.
        lastfm_key: Key of Last.fm that is accepted.
        options: For `genrelab.sources.sandbox.calls.Calls`: `genres`, `hidden`, `unknown`.
        genre_options: For `genrelab.sources.sandbox.genre_services.GenreServices`: `linked`, `listed`, `voted`,
            `tagged`.

    Attributes:
        closed_until: By name of a genre service, the moment of `clock` until which it answers that it is too busy.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        world: str = "extended",
        *,
        faults: Faults | None = None,
        limit: int | None = None,
        reccobeats_limit: int | None = None,
        musicbrainz_limit: int | None = 1,
        clock: Clock | None = None,
        credentials: tuple[str, str] = CREDENTIALS,
        token_seconds: int = 3600,
        lastfm_key: str = LASTFM_KEY,
        options: dict[str, Any] | None = None,
        genre_options: dict[str, Any] | None = None,
    ) -> None:
        if world not in WORLDS:
            raise ValueError(f"unknown world {world!r}; known: {', '.join(WORLDS)}")
        self.clock = clock or Clock()
        self.faults = faults or Faults()
        self.limiter = Limiter(limit, self.clock)
        self.reccobeats_limiter = Limiter(reccobeats_limit, self.clock)
        self.counts: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.targets: Counter[str] = Counter()
        self.credentials, self.token_seconds = credentials, token_seconds
        self.calls = Calls(catalogue, WORLDS[world], **(options or {}))
        self.musicbrainz_limiter = Limiter(musicbrainz_limit, self.clock, seconds=1.0)
        self.genre_services = GenreServices(catalogue, key=lastfm_key, **(genre_options or {}))
        self.closed_until: dict[str, float] = {}
        self._tokens: dict[str, float] = {}
        self._made = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def played(self) -> Counter[str]:
        """Faults so far, by name."""
        return self.faults.played

    @property
    def repeated(self) -> int:
        """Requests that had been made before, the token service apart."""
        return sum(count - 1 for request, count in self.targets.items() if not request.startswith("POST"))

    @property
    def requests(self) -> int:
        """Requests so far, the token service apart."""
        return sum(count for name, count in self.counts.items() if name != "token")

    @property
    def api_url(self) -> str:
        """Address of the Web API."""
        return f"{self._address}/v1/"

    @property
    def token_url(self) -> str:
        """Address of the token service."""
        return f"{self._address}/api/token"

    @property
    def reccobeats_url(self) -> str:
        """Address of ReccoBeats."""
        return f"{self._address}/reccobeats/v1/"

    @property
    def musicbrainz_url(self) -> str:
        """Address of MusicBrainz's web service."""
        return f"{self._address}/ws/2/"

    @property
    def lastfm_url(self) -> str:
        """Address of Last.fm's API."""
        return f"{self._address}/2.0/"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that make genrelab and spotipy talk to this server."""
        return {
            "GENRELAB_SPOTIFY_API": self.api_url,
            "GENRELAB_SPOTIFY_TOKEN": self.token_url,
            "GENRELAB_RECCOBEATS_API": self.reccobeats_url,
            "GENRELAB_MUSICBRAINZ_API": self.musicbrainz_url,
            "GENRELAB_LASTFM_API": self.lastfm_url,
            "SPOTIPY_CLIENT_ID": self.credentials[0],
            "SPOTIPY_CLIENT_SECRET": self.credentials[1],
        }

    @property
    def _address(self) -> str:
        if self._server is None:
            raise RuntimeError("the sandbox is not running: use it as a context manager")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "Sandbox":  # noqa: PYI034 - a name is plainer than Self
        handler = type("Handler", (_Handler,), {"sandbox": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def revoke_tokens(self) -> None:
        """Make every token given out so far invalid."""
        with self._lock:
            self._tokens.clear()

    def reply(self, method: str, target: str, headers: dict[str, str], body: str) -> Reply:
        """Answer one request.

        Args:
            method: `GET` or `POST`.
            target: Path and query.
            headers: By lower-case name.
            body: Of a POST.
        """
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        path = tuple(part for part in parts.path.split("/") if part)
        name = call_name(path)
        request = f"{method} {target}"
        with self._lock:
            self.counts[name] += 1
            self.targets[request] += 1
        if (service := service_of(path)) in (MUSICBRAINZ, LASTFM):
            return self._genres_reply(service, request, path, query, headers)
        is_reccobeats = service == RECCOBEATS
        reply = self._limited(path, is_reccobeats=is_reccobeats)
        fault = None if reply else self.faults.of_answer(request)
        if fault in BODIES and not (fault == "expired" and (is_reccobeats or name == "token")):
            if fault == "expired":
                self.revoke_tokens()
            reply = _json(*BODIES[fault])
        elif fault == "rate_limited":
            reply = self._too_many(self.faults.retry_after)
        if reply is None:
            if name == "token":
                status, answer = self._token(headers, body)
            else:
                status, answer = self._authorised(path, query, headers, is_reccobeats=is_reccobeats)
            reply = _json(status, self._disturbed(request, answer) if status == OK else answer)
        if fault in ("slow", "cut", "dropped"):
            reply.fault = fault
        elif fault == "invalid_json":
            reply.body = reply.body[: max(1, len(reply.body) // 2)]
        with self._lock:
            self.statuses[reply.status] += 1
        return reply

    def _genres_reply(
        self, service: str, request: str, path: tuple[str, ...], query: Query, headers: dict[str, str]
    ) -> Reply:
        """Answer a request to MusicBrainz or Last.fm."""
        fault = self.faults.of_genre_answer(request)
        is_busy = fault == "rate_limited" or self.closed_until.get(service, 0.0) > self.clock.now()
        wait = self.musicbrainz_limiter.retry_after() if service == MUSICBRAINZ else None
        if is_busy or wait is not None:
            status, answer = BUSY if service == MUSICBRAINZ else self.genre_services.lastfm_busy()
            after = self.faults.retry_after if wait is None else wait
            reply = _json(status, answer, {} if after is None else {"Retry-After": str(after)})
        elif fault in BODIES:
            reply = _json(*BODIES[fault])
        elif service == MUSICBRAINZ:
            status, answer = self.genre_services.musicbrainz(path[2:], query, headers)
            reply = Reply(status, XML.encode()) if answer is XML else _json(status, answer)
        else:
            reply = _json(*self.genre_services.lastfm(query))
        if fault in ("slow", "cut", "dropped"):
            reply.fault = fault
        elif fault == "invalid_json":
            reply.body = reply.body[: max(1, len(reply.body) // 2)]
        with self._lock:
            self.statuses[reply.status] += 1
        return reply

    def _limited(self, path: tuple[str, ...], *, is_reccobeats: bool) -> Reply | None:
        if path[:1] == ("api",):
            return None
        wait = (self.reccobeats_limiter if is_reccobeats else self.limiter).retry_after()
        return None if wait is None else self._too_many(wait)

    def _too_many(self, wait: int | None) -> Reply:
        reason = self.calls.world.quota_reason
        message = "Too many requests" if reason else "API rate limit exceeded"
        return _json(
            RATE_LIMITED,
            objects.error(RATE_LIMITED, message, reason),
            {} if wait is None else {"Retry-After": str(wait)},
        )

    def _token(self, headers: dict[str, str], body: str) -> Answer:
        expected = base64.b64encode(":".join(self.credentials).encode()).decode()
        if headers.get("authorization") != f"Basic {expected}":
            return 400, {"error": "invalid_client", "error_description": "Invalid client"}
        if dict(parse_qsl(body)).get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        with self._lock:
            self._made += 1
            token = f"sandbox-token-{self._made}"
            self._tokens[token] = self.clock.now() + self.token_seconds
        return OK, {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds}

    def _authorised(
        self, path: tuple[str, ...], query: Query, headers: dict[str, str], *, is_reccobeats: bool
    ) -> Answer:
        if is_reccobeats:
            if headers.get("user-agent", "").startswith(REFUSED_AGENTS):
                return FORBIDDEN, {"error": "Forbidden"}
            return self.calls.reccobeats(query) if path[2:] == ("audio-features",) else (404, {})
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, float("-inf")) <= self.clock.now():
            message = "The access token expired" if token else "No token provided"
            return 401, objects.error(401, message)
        return self._call(path[1:], query)

    def _call(self, path: tuple[str, ...], query: Query) -> Answer:  # noqa: C901 - one case per call
        calls = self.calls
        match path:
            case ("search",):
                return calls.search(query)
            case ("artists",):
                return calls.artists(query)
            case ("artists", name):
                return calls.artist(name)
            case ("artists", name, "top-tracks"):
                return calls.top_tracks(name)
            case ("artists", name, "albums"):
                return calls.albums(name, query)
            case ("albums", name, "tracks"):
                return calls.album_tracks(name, query)
            case ("tracks",):
                return calls.tracks(query)
            case ("tracks", name):
                return calls.track(name)
            case ("audio-features",):
                return calls.features(query)
            case ("audio-features", name):
                return calls.features_of_one(name)
        return 404, objects.error(404, "Service not found")

    def _disturbed(self, request: str, answer: Any) -> Any:
        """Faults of single entries; only where the caller can tell, in calls that name their entries."""
        if "ids=" not in request or not isinstance(answer, dict):
            return answer
        key = next(iter(answer))
        rows: list[Any] = []
        for row in answer[key]:
            name = row and str(row.get("href", row["id"])).rsplit("/", 1)[-1]
            fault = self.faults.of_item(key, row["id"] if key != "content" else name) if row else None
            if fault == "null_entries" and key != "content":
                rows.append(None)
            elif fault is None:
                rows.append(row)
        if self.faults.of_batch(request):
            rows.reverse()
        return {key: rows}


def service_of(path: tuple[str, ...]) -> str:
    """Which of the services is asked."""
    match path:
        case ("reccobeats", *_):
            return RECCOBEATS
        case ("ws", "2", *_):
            return MUSICBRAINZ
        case ("2.0",):
            return LASTFM
    return SPOTIFY_SERVICE


def call_name(path: tuple[str, ...]) -> str:
    """The name under which a call is counted: its path with the ids left out.

    >>> call_name(("v1", "artists", "4Z8W4fKeB5YxbusRsdQVPb", "top-tracks"))
    'artists/{id}/top-tracks'
    """
    match path:
        case ("api", "token"):
            return "token"
        case ("ws", "2", kind, *rest):
            return f"musicbrainz/{kind}" + ("/{id}" if rest else "")
        case ("2.0",):
            return "lastfm"
        case ("reccobeats", _, *rest):
            return "reccobeats/" + "/".join(rest)
        case (_, kind, _, *rest):
            return "/".join((kind, "{id}", *rest))
        case (_, kind):
            return kind
    return "unknown"


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(body, ensure_ascii=False).encode(), dict(headers or {}))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(OwnPagesHandler, BaseHTTPRequestHandler):
    """Moves requests and replies between the socket and the sandbox."""

    sandbox: Sandbox
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Answer a call."""
        self._answer("")

    def do_POST(self) -> None:
        """Answer the token service's call."""
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Stay silent: the sandbox counts."""

    def _answer(self, body: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.sandbox.reply(self.command, self.path, headers, body)
        if reply.fault == "slow":
            threading.Event().wait(self.sandbox.faults.slow_seconds)
        if reply.fault == "dropped":
            self._hang_up()
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.fault == "cut":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self._hang_up()
            return
        self.wfile.write(reply.body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
