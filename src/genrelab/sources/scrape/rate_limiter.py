"""How fast to ask: a pace that learns what the server accepts and that all workers share.

Conventions: the limit is taken to be so many requests in a rolling window of 30 seconds, as Spotify documents
it, with the number unknown. The pace starts slowly and doubles until the first 429; what had been served in
the window before it is then the limit. From there on requests are spread evenly just below it, and now and
then a little more is tried. Times are seconds of `Clock`.

Source: Web API guide, "Rate Limits". The number 30 is Spotify's; the rest is ours and measured in
`benchmarks/scraper.py`.
"""

import threading
from bisect import bisect_left, bisect_right
from collections import deque

from genrelab.sources.scrape.clock import Clock

WINDOW = 30.0
DOUBLING_SECONDS = 5.0
MOST_PER_SECOND = 1_000.0
FEWEST = 10
"""Requests in a window below which a 429 says nothing about the limit."""
FIRST_MARGIN, WIDEST_MARGIN = 0.01, 0.1
"""Share of the learnt limit that is left unused, but at least one request; wider when 429s come too often."""
REMEMBERED = 3
"""429s whose windows are remembered: in-flight requests make the count of one come out too low."""
HARD_DROP, NEAR, NEARLY = 0.7, 0.8, 0.95
SLOWEST_PER_SECOND = 0.2
RECOVERY = 1.25
FIRST_STEP, LARGEST_STEP = 0.01, 0.16
"""Share by which more is tried from window to window; doubles as long as the server agrees."""
PATIENCE = 400
"""Requests to serve after a 429 before a little more is tried: about one in 400 is refused."""
CATCH_UP_SECONDS = 1.0
"""Time of which the slots are made up for when workers were late."""
BACKOFF_FIRST, BACKOFF_LONGEST = 2.0, 60.0
SHORTEST_PAUSE = 1.0
"""Seconds of a pause that was cut off from which it counts as one."""


class StoppedError(Exception):
    """The run was asked to stop; the request was not made."""


class AdaptiveRateLimiter:
    """Lets requests through one at a time.

    Args:
        clock: Whose seconds count.
        start_per_second: Requests per second to begin with.
    """

    def __init__(self, clock: Clock, start_per_second: float = 4.0) -> None:
        self.clock = clock
        self.limit: float | None = None
        self.waits, self.refused, self.sent = 0, 0, 0
        self.pauses, self.waited = 0, 0.0
        self._per_second = start_per_second
        self._target, self._margin = 0.0, FIRST_MARGIN
        self._step = FIRST_STEP
        self._events: deque[int] = deque(maxlen=REMEMBERED)
        self._doubled_at: float | None = None
        self._next_slot = 0.0
        self._paused_until = float("-inf")
        self._last_event, self._sent_at_event = float("-inf"), 0
        self._grown_at = float("-inf")
        self._bare_refusals = 0
        self._admitted: list[float] = []
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
        """Let no more requests through."""
        self._stop.set()

    def rest(self, seconds: float) -> None:
        """Wait before a retry; stopping ends the wait."""
        self.clock.sleep(seconds, self._stop)

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
                        self._admitted.append(now)
                        step = 1 / self.per_second
                        self._next_slot = max(self._next_slot + step, now - CATCH_UP_SECONDS)
                        return now
                    pause = max(0.0, self._paused_until - now)
                self.clock.sleep(wait, self._stop)
                if pause:
                    self._sat_out(min(pause, self.clock.now() - now))
        raise StoppedError

    def _sat_out(self, seconds: float) -> None:
        """Count what was waited of a pause: what a run that ends does not sit out was only announced."""
        with self._lock:
            self.waited += seconds
            self.pauses += not self.pause or (self._stop.is_set() and seconds >= SHORTEST_PAUSE)

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
            position = bisect_left(self._admitted, entered)
            if self._admitted[position : position + 1] == [entered]:
                del self._admitted[position]  # it was not served
            self._paused_until = max(self._paused_until, now + wait)
            if entered > self._last_event:  # requests in flight beside the first refused one say nothing new
                self.waits += 1
                self._learn(now, self._count(entered))
                self._last_event, self._sent_at_event = now, self.sent
            return wait

    def _learn(self, now: float, served: int) -> None:
        """Take what had been served in the window before a 429 for the limit, unless it is a surprise."""
        self._grown_at, self._step = now, FIRST_STEP
        if self.limit is None and served < FEWEST:
            self._per_second = max(self._per_second / 2, SLOWEST_PER_SECOND)
            return
        if self.limit is not None and served < NEAR * self.limit:  # others use the quota too, or it shrank
            self.limit = max(0.9 * self.limit, FEWEST)
            self._events.clear()
            self._target = max(FEWEST, min(self._bound(), max(served, HARD_DROP * self._target)))
            return
        is_soon = self.limit is not None and self.sent - self._sent_at_event < PATIENCE
        self._margin = min(2 * self._margin, WIDEST_MARGIN) if is_soon else FIRST_MARGIN
        self._events.append(served)
        self.limit = float(max(self._events))
        self._target = self._bound()

    def _bound(self) -> float:
        """What is used of the learnt limit."""
        limit = self.limit or 0.0
        return max(FEWEST, limit - max(1.0, self._margin * limit))

    def _seconds_to_slot(self, now: float) -> float:
        self._grow(now)
        slot = max(self._next_slot, self._paused_until)
        most = max(1, int(self._target))
        if self.limit is not None and self._count(now) >= most:
            slot = max(slot, self._admitted[-most] + WINDOW)
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
        if self._target < NEARLY * self._bound():
            self._target = min(RECOVERY * self._target, self._bound())
        elif self.sent - self._sent_at_event >= PATIENCE and self._count(now) >= NEAR * self._target:
            self._target = max((1 + self._step) * self._target, self._target + 1)
            self._step = min(2 * self._step, LARGEST_STEP)

    def _count(self, moment: float) -> int:
        """Requests let through in the window that ends at a moment, those refused left out."""
        if self._admitted and self._admitted[0] < moment - 4 * WINDOW:
            del self._admitted[: bisect_right(self._admitted, moment - 2 * WINDOW)]
        return bisect_left(self._admitted, moment) - bisect_right(self._admitted, moment - WINDOW)
