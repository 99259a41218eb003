"""What is to be asked next.

Conventions: the last stages go first (audio features, then tracks, then artists), so that little is left half
done and the queues stay short however many artists there are. A call that may be closed is asked by one
worker alone until its first answer is there.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from genrelab.sources.scrape.api_capabilities import (
    ARTISTS,
    FEATURES,
    LONG_SEARCH,
    RECCOBEATS,
    TOP_TRACKS,
    ApiCapabilities,
)
from genrelab.sources.scrape.fetch import ARTISTS_BATCH, FEATURES_BATCH
from genrelab.sources.scrape.parameters import RECCOBEATS as FROM_RECCOBEATS
from genrelab.sources.scrape.parameters import SPOTIFY, Parameters
from genrelab.sources.scrape.state import State

KINDS = ("features", "tracks", "artist", "term")
TRACKS_AHEAD = 100
"""Artists whose tracks may wait to be asked for; keeps memory flat."""
FEATURE_CALLS = {SPOTIFY: FEATURES, FROM_RECCOBEATS: RECCOBEATS}


@dataclass(frozen=True)
class Job:
    """Something to ask.

    Args:
        kind: `artists` for a batch, or one of `KINDS`.
        ids: Artist ids, track ids, or the search term.
        call: The call of `genrelab.sources.scrape.api_capabilities` that it makes, where not all credentials may.
        origin: Of audio features.
        name: Of the artist, where tracks are searched for by it.
        rounds: Rounds in which it has failed.
    """

    kind: str
    ids: tuple[str, ...]
    call: str = ""
    origin: str = ""
    name: str = ""
    rounds: int = 0

    @property
    def artists(self) -> int:
        """Artists that are not dealt with before this is answered."""
        return len(self.ids) if self.kind in ("artists", "artist", "tracks") else 0


class Plan:
    """Queues of what is to be asked.

    Args:
        parameters: What to scrape.
        state: What is known so far.
        capabilities: What the credentials may do.
    """

    def __init__(self, parameters: Parameters, state: State, capabilities: ApiCapabilities) -> None:
        self.parameters, self.state, self.capabilities = parameters, state, capabilities
        self.asked: dict[str, None] = {}
        self.skipped = 0
        self._todo: deque[str] = deque()
        self._jobs: dict[str, deque[Job]] = {kind: deque() for kind in KINDS}
        self._later: list[Job] = []
        self._lacking: dict[str, dict[str, None]] = {origin: {} for origin in parameters.origins}
        self._missed: dict[str, dict[str, None]] = {origin: {} for origin in parameters.origins}

    @property
    def open_artists(self) -> int:
        """Artists waiting here."""
        queued = sum(job.artists for jobs in self._jobs.values() for job in jobs)
        return len(self._todo) + queued + sum(job.artists for job in self._later)

    def add_artists(self, ids: Iterable[str]) -> None:
        """Ask for what is not known of these artists; each counts once."""
        for artist_id in ids:
            if artist_id in self.asked:
                continue
            self.asked[artist_id] = None
            known = self.state.artists.get(artist_id)
            if artist_id in self.state.unknown:
                self.skipped += 1
            elif known is None:
                self._todo.append(artist_id)
            elif known.tracks is None:
                self.add(Job("tracks", (artist_id,)))
            elif lacking := self.state.lacks_features(artist_id):
                self.want_features(lacking)
            else:
                self.skipped += 1

    def add(self, job: Job) -> None:
        """Ask this as soon as its kind has its turn."""
        self._jobs[job.kind].append(job)

    def first(self, job: Job) -> None:
        """Ask this before anything else of its kind."""
        if job.kind == "artists":
            self._todo.extendleft(reversed(job.ids))
        else:
            self._jobs[job.kind].appendleft(job)

    def later(self, job: Job) -> None:
        """Ask this when nothing else is left, in another round."""
        self._later.append(replace(job, rounds=job.rounds + 1))

    def missed_features(self, origin: str, ids: Iterable[str]) -> None:
        """Ask a source again in another round: the tracks that it left out, of all batches together."""
        self._missed[origin].update(dict.fromkeys(ids))

    def want_features(self, ids: Iterable[str], after: str = "") -> list[str]:
        """Ask the first open source of audio features, or the first open one after `after`.

        Returns:
            Tracks for which no source is left.
        """
        origins = list(self.parameters.origins)
        rest = origins[origins.index(after) + 1 :] if after else origins
        allowed = [origin for origin in rest if self.capabilities.allows(FEATURE_CALLS[origin])]
        if not allowed:
            return list(ids)
        self._lacking[allowed[0]].update(dict.fromkeys(ids))
        return []

    def withdraw(self, origin: str) -> list[str]:
        """Tracks that were waiting for audio features of a source, which is not asked any more."""
        ids = [*self._lacking[origin], *self._missed[origin]]
        self._lacking[origin].clear()
        self._missed[origin].clear()
        for jobs in (self._jobs["features"], self._later):
            ids += [name for job in jobs if job.origin == origin for name in job.ids]
        self._jobs["features"] = deque(job for job in self._jobs["features"] if job.origin != origin)
        self._later = [job for job in self._later if job.origin != origin]
        return ids

    def next(self, in_flight: Collection[Job]) -> Job | None:
        """The next job that may be made now, or None while others have to end first."""
        for origin in self._lacking:
            self._batch_features(origin)
        for kind in KINDS:
            if self._jobs[kind] and not self._is_probed(
                job := self._with_call(self._jobs[kind][0]), in_flight
            ):
                self._jobs[kind].popleft()
                return job
        if self._todo and len(self._jobs["tracks"]) < TRACKS_AHEAD:
            job = self._next_artists()
            if not self._is_probed(job, in_flight):
                for _ in job.ids:
                    self._todo.popleft()
                return job
        if in_flight or not (self._later or any(self._lacking.values()) or any(self._missed.values())):
            return None
        for job in self._later:
            self.first(job) if job.kind == "artists" else self.add(job)
        self._later.clear()
        for origin, missed in self._missed.items():
            self._lacking[origin].update(missed)
            missed.clear()
            self._batch_features(origin, rest=True)
        return self.next(in_flight)

    def _next_artists(self) -> Job:
        if self.capabilities.allows(ARTISTS):
            size = min(ARTISTS_BATCH, len(self._todo))
            return Job("artists", tuple(self._todo[at] for at in range(size)), call=ARTISTS)
        return Job("artist", (self._todo[0],))

    def _with_call(self, job: Job) -> Job:
        """The cheapest way that is allowed by now."""
        calls = {"tracks": TOP_TRACKS, "term": LONG_SEARCH}
        call = calls.get(job.kind)
        if call is None:
            return job
        if self.capabilities.allows(call):
            return replace(job, call=call)
        return replace(job, call="", name=self.state.artists[job.ids[0]].name if call == TOP_TRACKS else "")

    def _is_probed(self, job: Job, in_flight: Collection[Job]) -> bool:
        """Whether another worker awaits the first answer to the same call."""
        return bool(
            job.call
            and self.capabilities.is_unknown(job.call)
            and any(other.call == job.call for other in in_flight)
        )

    def _batch_features(self, origin: str, *, rest: bool = False) -> None:
        """Make full batches of the tracks that lack features, and with `rest` one of what is left."""
        lacking, size = self._lacking[origin], FEATURES_BATCH[origin]
        while len(lacking) >= size or (rest and lacking):
            ids = tuple(name for name, _ in zip(lacking, range(size), strict=False))
            for name in ids:
                del lacking[name]
            self.add(Job("features", ids, call=FEATURE_CALLS[origin], origin=origin))
