"""Runs a scrape: sends requests to the workers and processes the answers.

Conventions: workers only make requests; state, journal and plan belong to the main thread, so nothing here needs a
lock. Every answer is in the journal before a request that follows from it is made. An answer that may be a temporary
error (a 403 on a call that worked, a 404, an entry missing from a batch) is accepted only after `ROUNDS` rounds.

How a request is made does not belong here but in `genrelab.sources.scrape.client`, what is asked next in
`genrelab.sources.scrape.plan`.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from genrelab.runtime.errors import SettingsError
from genrelab.runtime.progress import track
from genrelab.sources.scrape import fetch
from genrelab.sources.scrape.api_capabilities import RECCOBEATS, ApiCapabilities
from genrelab.sources.scrape.client import ApiError, Client, UnreachableError, WaitTooLongError
from genrelab.sources.scrape.journal import Journal
from genrelab.sources.scrape.mentions import described
from genrelab.sources.scrape.parameters import SPOTIFY, Parameters
from genrelab.sources.scrape.plan import FEATURE_CALLS, Job, Plan
from genrelab.sources.scrape.rate_limiter import StoppedError
from genrelab.sources.scrape.state import State
from genrelab.sources.scrape.summary import MALFORMED, MOVED, REFUSED, UNKNOWN, UNREACHABLE, spell

log = logging.getLogger(__name__)

ROUNDS = 4
POLL_SECONDS = 0.5
UNREACHABLE_IN_A_ROW = 16
"""Consecutive jobs without a usable answer, after which the run ends."""
BAD_REQUEST, UNAUTHORISED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404


class Run:
    """One scrape.

    Args:
        parameters: What to scrape.
        state: The state of the scrape, kept up to date.
        journal: The journal that records results.
        client: Makes the requests.
    """

    def __init__(self, parameters: Parameters, state: State, journal: Journal, client: Client) -> None:
        self.parameters, self.state, self.journal, self.client = parameters, state, journal, client
        self.capabilities = ApiCapabilities(state.closed, self._found_closed)
        self.plan = Plan(parameters, state, self.capabilities)
        self.fetched = self.without_genres = self.withheld = 0
        self.failed: dict[str, dict[str, None]] = defaultdict(dict)
        self.stopped, self.wait_seconds = "", 0.0
        self._error: Exception | None = None
        self._in_flight: dict[Future[Any], Job] = {}
        self._misses: Counter[tuple[str, str]] = Counter()
        self._unreachable = 0
        self._is_open = False
        self._closed_unnoted: list[str] = []
        self._answers: dict[str, Callable[[Job, Any], None]] = {
            "term": self._term_answered,
            "artists": self._artists_answered,
            "artist": self._artist_answered,
            "tracks": self._tracks_answered,
            "features": self._features_answered,
        }

    def execute(self) -> None:
        """Make requests until everything is fetched or the run has to end.

        Raises:
            SettingsError: The credentials are rejected.
        """
        self._begin()
        started = self.parameters.clock.now()
        pool = ThreadPoolExecutor(self.parameters.workers, thread_name_prefix="scrape")
        try:
            with track("scraping Spotify", total=len(self.plan.asked), unit="artists") as advance:
                while self._fill(pool):
                    done, _ = wait(self._in_flight, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                    for future in done:
                        self._finish(self._in_flight.pop(future), future)
                    advance(len(self.plan.asked) - self.open_artists, note=self._progress(started))
        finally:
            self.client.stop()
            pool.shutdown(wait=True, cancel_futures=True)
        if self._error is not None:
            raise self._error

    @property
    def open_artists(self) -> int:
        """Number of unfinished artists."""
        return self.plan.open_artists + sum(job.artists for job in self._in_flight.values())

    def _begin(self) -> None:
        artists = self.parameters.artists
        self.failed[MALFORMED].update(dict.fromkeys(map(described, artists.malformed)))
        self.plan.add_artists(artists.ids)
        for term in artists.terms:
            if term in self.state.terms:
                self.plan.add_artists(self.state.terms[term])
            else:
                self.plan.add(Job("term", (term,)))
        self.failed[UNKNOWN].update(dict.fromkeys(self.plan.asked.keys() & self.state.unknown))

    def _fill(self, pool: ThreadPoolExecutor) -> bool:
        """Give jobs to idle workers; return False if no job is left."""
        while not (self.stopped or self._error) and len(self._in_flight) < self.parameters.workers:
            job = self.plan.next(self._in_flight.values())
            if job is None:
                break
            self._in_flight[pool.submit(self._ask, job)] = job
        return bool(self._in_flight)

    def _ask(self, job: Job) -> Any:
        """Make a job's requests; runs in a worker.

        Raises:
            UnreachableError: No usable answer came; an answer with fields of unexpected types is not usable.
        """
        try:
            return self._fetch(job)
        except (AttributeError, KeyError, TypeError) as error:
            log.debug("%s: an answer of an unexpected shape", job.kind, exc_info=True)
            raise UnreachableError(f"an answer of an unexpected shape: {error}") from error

    def _fetch(self, job: Job) -> Any:
        client, first = self.client, job.ids[0]
        match job.kind:
            case "term":
                size = fetch.LONG_SEARCH_PAGE if job.call else fetch.SEARCH_PAGE
                return fetch.fetch_term(client, first, self.parameters.artists_per_term, size)
            case "artists":
                return fetch.fetch_artists(client, job.ids)
            case "artist":
                return fetch.fetch_artist(client, first)
            case "tracks" if job.call:
                return fetch.fetch_top_tracks(client, first)
            case "tracks":
                return fetch.fetch_by_search(client, first, job.name, self.parameters.tracks_per_artist)
        return fetch.fetch_features(client, job.origin, job.ids)

    def _finish(self, job: Job, future: Future[Any]) -> None:
        try:
            answer = future.result()
        except StoppedError:
            if job.call in self.capabilities.given_up:
                self._next_source(job)
            else:
                self.plan.first(job)
        except WaitTooLongError as error:
            self._wait_too_long(job, error)
        except UnreachableError as error:
            self._no_answer(job, error)
        except ApiError as error:
            self._unreachable = 0
            self._refused(job, error)
        except SettingsError as error:
            self.plan.first(job)
            self._error = self._error or error
        else:
            self._unreachable = 0
            if job.call:
                self.capabilities.accepted(job.call)
            if job.call != RECCOBEATS:
                self._has_access()
            self._answers[job.kind](job, answer)

    # Answers.

    def _term_answered(self, job: Job, answer: tuple[list[str], str]) -> None:
        ids, page = answer
        self._note("term", term=job.ids[0], ids=ids, page=page)
        self.plan.add_artists(ids)

    def _artists_answered(self, job: Job, answer: tuple[dict[str, Any], str]) -> None:
        found, page = answer
        for artist_id in job.ids:
            if artist_id in found:
                self._know(artist_id, found[artist_id], page)
            else:
                self.plan.add(Job("artist", (artist_id,)))

    def _artist_answered(self, job: Job, answer: tuple[Any, str]) -> None:
        facts, page = answer
        if facts is None:
            self.failed[MOVED][job.ids[0]] = None
        else:
            self._know(job.ids[0], facts, page)

    def _know(self, artist_id: str, facts: dict[str, Any], page: str) -> None:
        self._note("artist", id=artist_id, **facts, page=page)
        self.fetched += 1
        if not facts["genres"]:
            self.without_genres += 1
            self.withheld += artist_id in self.state.named[SPOTIFY]
        self.plan.add(Job("tracks", (artist_id,)))

    def _tracks_answered(self, job: Job, answer: fetch.Tracks) -> None:
        artist_id = job.ids[0]
        self._note(
            "tracks",
            id=artist_id,
            tracks=answer.tracks,
            via=answer.via,
            has_more=answer.has_more,
            page=answer.digest,
        )
        self._want_features(self.state.lacks_features(artist_id))

    def _features_answered(self, job: Job, answer: tuple[dict[str, Any], str]) -> None:
        found, page = answer
        for track_id, values in found.items():
            self._note("features", id=track_id, origin=job.origin, values=values, page=page)
        again = []
        for track_id in job.ids:
            if track_id in found:
                continue
            self._misses[job.origin, track_id] += 1
            if self._misses[job.origin, track_id] < ROUNDS:
                again.append(track_id)
            else:
                del self._misses[job.origin, track_id]
                self._want_features([track_id], after=job.origin)
        self.plan.missed_features(job.origin, again)

    def _want_features(self, track_ids: list[str], after: str = "") -> None:
        for track_id in self.plan.want_features(track_ids, after):
            # A source that was only unreachable is asked again by the next run.
            if not self.capabilities.given_up & set(FEATURE_CALLS.values()):
                self._note("missing", id=track_id)

    # Refusals.

    def _refused(self, job: Job, error: ApiError) -> None:
        if error.status == UNAUTHORISED:
            self.plan.first(job)
            self._error = self._error or _refusal(error)
        elif job.call and self.capabilities.refused(job.call, error.status):
            self._other_way(job)
        elif job.kind == "artists" and error.status == BAD_REQUEST:
            # Spotify considers one of the ids malformed: requested one by one, the others succeed.
            for artist_id in job.ids:
                self.plan.add(Job("artist", (artist_id,)))
        elif error.status != BAD_REQUEST and job.rounds + 1 < ROUNDS:
            self.plan.later(job)
        elif error.status == FORBIDDEN and not self._is_open:
            self.plan.first(job)
            self._error = self._error or _refusal(error)
        else:
            self._fail(job, error)

    def _other_way(self, job: Job) -> None:
        """Retry: the same call while its failure may be temporary, else the next way."""
        if job.kind != "features" or self.capabilities.allows(job.call):
            self.plan.first(job)
        else:
            self._next_source(job)

    def _next_source(self, job: Job) -> None:
        """Move the tracks that wait for a closed source of audio features to the next source."""
        self._want_features([*job.ids, *self.plan.withdraw(job.origin)], after=job.origin)

    def _fail(self, job: Job, error: ApiError) -> None:
        if job.kind == "features":
            self._want_features(list(job.ids), after=job.origin)
        elif job.kind == "artist" and error.status == NOT_FOUND:
            self._note("unknown", id=job.ids[0])
            self.failed[UNKNOWN][job.ids[0]] = None
        elif error.status == BAD_REQUEST:
            self.failed[MALFORMED].update(dict.fromkeys(job.ids))
        else:
            self.failed[f"{REFUSED} ({error})"].update(dict.fromkeys(job.ids))

    def _no_answer(self, job: Job, error: UnreachableError) -> None:
        if job.call == RECCOBEATS:
            if job.rounds + 1 < ROUNDS:
                self.plan.later(job)
            else:
                self.capabilities.give_up(RECCOBEATS)
                self._next_source(job)
            return
        self._unreachable += 1
        if self._unreachable >= UNREACHABLE_IN_A_ROW:
            self.plan.first(job)
            self._stop(f"Spotify gives no usable answer ({error})")
        elif job.rounds + 1 < ROUNDS:
            self.plan.later(job)
        elif job.kind == "features":
            self._want_features(list(job.ids), after=job.origin)
        else:
            self.failed[UNREACHABLE].update(dict.fromkeys(job.ids))

    def _wait_too_long(self, job: Job, error: WaitTooLongError) -> None:
        if job.call == RECCOBEATS:
            self.capabilities.give_up(RECCOBEATS)
            self.client.reccobeats_pace.stop()  # workers waiting there would wait as long
            self._next_source(job)
            return
        self.plan.first(job)
        self.wait_seconds = max(self.wait_seconds, error.seconds)
        self._stop(
            f"Spotify asks to wait {spell(error.seconds)} ({error.reason or 'rate limit'}),"
            f" longer than scrape.max_wait ({spell(self.parameters.max_wait)})"
        )

    def postpone(self, reason: str, seconds: float) -> None:
        """Make no requests in this run: Spotify asked an earlier run to wait, and the wait is not over."""
        self.wait_seconds = seconds
        self._stop(reason)

    def _stop(self, reason: str) -> None:
        self.stopped = self.stopped or reason
        self.client.stop()

    def _found_closed(self, call: str) -> None:
        self._closed_unnoted.append(call)
        if self._is_open:
            self._has_access()

    def _has_access(self) -> None:
        """Return whether any call was answered; if none was, the credentials allow nothing."""
        self._is_open = True
        for call in self._closed_unnoted:
            self._note("closed", call=call)
        self._closed_unnoted.clear()

    def _note(self, kind: str, **facts: Any) -> None:
        self.state.apply(self.journal.add(kind, **facts))

    def _progress(self, started: float) -> str:
        seconds = max(self.parameters.clock.now() - started, 1e-3)
        done = max(len(self.plan.asked) - self.open_artists - self.plan.skipped, 0)
        rate = sum(self.client.requests.values()) / seconds
        note = f"{rate:.1f} requests/s"
        if done:
            note += f", {spell(self.open_artists / done * seconds)} left"
        if pause := self.client.pace.pause:
            note += f", waiting {spell(pause)} because Spotify asks to"
        return note


def _refusal(error: ApiError) -> SettingsError:
    return SettingsError(
        "Spotify refuses every request with these credentials",
        found=str(error),
        allowed="an app that may use the Web API; in development mode its owner needs Spotify Premium",
        do="check the app in Spotify's developer dashboard, then run again: fetched data are kept",
    )
