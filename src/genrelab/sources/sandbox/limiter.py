"""The rate limits of the stand-in: so many requests in a rolling window, as Spotify describes its own.

Source: Web API guide, "Rate Limits": calls are counted in a rolling 30 second window.
"""

import math
import threading
from collections import deque

from genrelab.sources.scrape.clock import Clock

WINDOW_SECONDS = 30.0


class Limiter:
    """Counts requests in a rolling window.

    Args:
        limit: Requests allowed in any window; None for any number.
        clock: That the window goes by.
        seconds: Length of the window.
    """

    def __init__(self, limit: int | None, clock: Clock, seconds: float = WINDOW_SECONDS) -> None:
        self.limit, self.clock, self.seconds = limit, clock, seconds
        self.served: list[float] = []
        self.refused: list[float] = []
        self._window: deque[float] = deque()
        self._lock = threading.Lock()

    def retry_after(self) -> int | None:
        """Count a request.

        Returns:
            None when it may be served, else the whole seconds until the next one may.
        """
        with self._lock:
            now = self.clock.now()
            while self._window and self._window[0] <= now - self.seconds:
                self._window.popleft()
            if self.limit is not None and len(self._window) >= self.limit:
                self.refused.append(now)
                return max(1, math.ceil(self._window[0] + self.seconds - now))
            self._window.append(now)
            self.served.append(now)
            return None

    def share_used(self, skip_seconds: float = 2 * WINDOW_SECONDS) -> tuple[float, float, int]:
        """How much of the allowed rate was used after the first windows.

        Returns:
            The share of the allowed rate, the share of requests that were refused, and the requests counted.
        """
        if not self.served or self.limit is None:
            return 0.0, 0.0, 0
        start = self.served[0] + skip_seconds
        served = sum(moment >= start for moment in self.served)
        refused = sum(moment >= start for moment in self.refused)
        seconds = self.served[-1] - start
        if seconds <= 0:
            return 0.0, 0.0, 0
        return (
            served / (self.limit * seconds / self.seconds),
            refused / (served + refused),
            served + refused,
        )
