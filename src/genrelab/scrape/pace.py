"""How fast to ask: a pace that learns what the server accepts and that all workers share.

Conventions: the limit is taken to be so many requests in a rolling window of 30 seconds, as Spotify documents
it, with the number unknown. The pace starts slowly and doubles until the first 429; what had been served in
the window before it is then the limit. From there on requests are spread evenly just below it, and now and
then a little more is tried. Times are seconds of `Clock`.

Source: Web API guide, "Rate Limits". The number 30 is Spotify's; the rest is ours and measured in
`benchmarks/scraper.py`.
"""

import threading
from collections import deque

from genrelab.scrape.clock import Clock

WINDOW = 30.0
DOUBLING_SECONDS = 5.0
MOST_PER_SECOND = 1_000.0
FEWEST = 10
"""Requests in a window below which a 429 says nothing about the limit."""
SAFETY = 0.98
"""Share of the learnt limit that is used: requests do not arrive in the rhythm in which they were sent."""
HARD_DROP, NEAR = 0.7, 0.8
RECOVERY, PROBE = 1.25, 1.01
PROBE_BUDGET = 0.003
"""Share of requests that may be refused before trying for more ends."""
PATIENT_WINDOWS = 8
CATCH_UP_SECONDS = 1.0
"""Time of which the slots are made up for when workers were late."""
BACKOFF_FIRST, BACKOFF_LONGEST = 2.0, 60.0


class StoppedError(Exception):
    """The run has been told to stop; the request was not made."""


class Pace:
    """A door that lets requests through one at a time.

    Args:
        clock: Whose seconds count.
        start_per_second: Requests per second to begin with.
    """

    def __init__(self, clock: Clock, start_per_second: float = 4.0) -> None:
        self.clock = clock
        self.limit: float | None = None
        self.waits, self.waited, self.refused, self.sent = 0, 0.0, 0, 0
        self._per_second = start_per_second
        self._target = 0.0
        self._doubled_at: float | None = None
        self._next_slot = 0.0
        self._paused_until = float("-inf")
        self._last_event = float("-inf")
        self._grown_at = float("-inf")
        self._bare_refusals = 0
        self._window: deque[float] = deque()
        self._turn, self._lock, self._stop = threading.Lock(), threading.Lock(), threading.Event()

    @property
    def per_second(self) -> float:
        """Requests per second that the pace now allows."""
        return self._per_second if self.limit is None else self._target / WINDOW

    @property
    def pause(self) -> float:
        """Seconds that the server still wants to be left alone."""
        return max(0.0, self._paused_until - self.clock.now())

    def stop(self) -> None:
        """Let nobody through any more."""
        self._stop.set()

    def enter(self) -> float:
        """Wait for a slot.

        Returns:
            When the request was let through, for `refuse`.

        Raises:
            StoppedError: The pace was stopped.
        """
        with self._turn:
            while not self._stop.is_set():
                with self._lock:
                    now = self.clock.now()
                    wait = self._seconds_to_slot(now)
                    if wait <= 0:
                        self.sent += 1
                        self._window.append(now)
                        step = 1 / self.per_second
                        self._next_slot = max(self._next_slot + step, now - CATCH_UP_SECONDS)
                        return now
                self._stop.wait(wait / self.clock.speed)
        raise StoppedError

    def refuse(self, entered: float, retry_after: float | None) -> float:
        """The server answered 429: pause, and learn from it.

        Args:
            entered: What `enter` returned for the request.
            retry_after: Seconds that the server asked for, where it did.

        Returns:
            Seconds until requests go on.
        """
        with self._lock:
            now = self.clock.now()
            if retry_after is None:
                wait = min(BACKOFF_FIRST * 2.0**self._bare_refusals, BACKOFF_LONGEST)
                self._bare_refusals += 1
            else:
                wait, self._bare_refusals = max(0.0, retry_after), 0
            self.refused += 1
            if entered in self._window:
                self._window.remove(entered)
            if now + wait > self._paused_until:
                self.waited += now + wait - max(now, self._paused_until)
                self._paused_until = now + wait
            if entered > self._last_event:  # requests in flight beside the first refused one say nothing new
                self.waits += 1
                self._last_event = now
                self._learn(now)
            return wait

    def _learn(self, now: float) -> None:
        self._forget(now)
        served = len(self._window)
        self._grown_at = now
        if self.limit is None:
            if served < FEWEST:
                self._per_second = max(self._per_second / 2, 0.2)
                return
            self.limit, self._target = float(served), served * SAFETY
            return
        self.limit = float(served) if served >= NEAR * self.limit else max(0.9 * self.limit, FEWEST)
        lowered = max(served, HARD_DROP * self._target)
        self._target = max(min(SAFETY * self.limit, lowered), FEWEST)

    def _seconds_to_slot(self, now: float) -> float:
        self._forget(now)
        self._grow(now)
        slot = max(self._next_slot, self._paused_until)
        if self.limit is not None and len(self._window) >= max(1, int(self._target)):
            slot = max(slot, self._window[-max(1, int(self._target))] + WINDOW)
        return slot - now

    def _grow(self, now: float) -> None:
        if self._paused_until > now:
            return
        if self.limit is None:
            if self._doubled_at is None:
                self._doubled_at = now
            if now - self._doubled_at >= DOUBLING_SECONDS:
                self._per_second = min(2 * self._per_second, MOST_PER_SECOND)
                self._doubled_at = now
            return
        if now - max(self._grown_at, self._paused_until) < WINDOW:
            return
        self._grown_at = now
        if self._target < 0.95 * SAFETY * self.limit:
            self._target = min(RECOVERY * self._target, SAFETY * self.limit)
        elif (
            self.refused <= PROBE_BUDGET * self.sent or now - self._last_event > PATIENT_WINDOWS * WINDOW
        ) and len(self._window) >= NEAR * self._target:
            self._target = max(PROBE * self._target, self._target + 1)
            self.limit = max(self.limit, self._target / SAFETY)

    def _forget(self, now: float) -> None:
        while self._window and self._window[0] <= now - WINDOW:
            self._window.popleft()
