"""Time as scraper and stand-in see it: a faster clock makes an hour of waiting a matter of seconds."""

import threading
import time


class Clock:
    """Seconds that may pass faster than real ones.

    Args:
        speed: Seconds of this clock in one real second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        """Seconds since some moment; only differences mean anything."""
        return time.monotonic() * self.speed

    def sleep(self, seconds: float, until: threading.Event | None = None) -> None:
        """Wait; an event ends the wait early."""
        if seconds > 0:
            (until or threading.Event()).wait(seconds / self.speed)
