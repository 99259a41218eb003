"""The pace learns what a server allows."""

import heapq
import random

import pytest
from scrape_setup import Virtual

from genrelab.sources.sandbox.limiter import Limiter
from genrelab.sources.scrape.rate_limiter import WINDOW, AdaptiveRateLimiter, StoppedError


def play(limit, requests, *, workers=8, latency=0.2, change=None):
    """Let workers ask a limited server; returns its limiter and the pace."""
    here, there, order = Virtual(), Virtual(), random.Random(3)  # noqa: S311
    pace, server = AdaptiveRateLimiter(here), Limiter(limit, there)
    awaited = []
    while len(server.served) < requests:
        if change and len(server.served) == change[0]:
            server.limit = change[1]
        while len(awaited) >= workers or (awaited and awaited[0][0] <= here.time):
            at, _, entered, wait = heapq.heappop(awaited)
            here.time = max(here.time, at)
            if wait is not None:
                pace.refuse(entered, wait)
        entered = pace.enter()
        there.time = max(there.time, entered + order.random() * latency / 2)
        heapq.heappush(awaited, (entered + latency, pace.sent, entered, server.retry_after()))
    return server, pace


@pytest.mark.parametrize("limit", [60, 90, 180, 300, 900])
def test_uses_the_allowed_rate(limit):
    """Against a limit it was not told it uses nine tenths, with under one in a hundred refused."""
    server, _ = play(limit, 20_000)
    used, refused, counted = server.share_used()

    assert used >= 0.9
    assert refused < 0.01
    assert counted > 15_000


def test_follows_a_limit_that_drops():
    """When the server allows a third of what it did, the pace follows."""
    server, pace = play(300, 6_000, change=(2_000, 100))

    assert 80 <= pace.per_second * WINDOW <= 102
    assert len(server.refused) / len(server.served) < 0.02


def test_follows_a_limit_that_rises():
    """When the server allows more, the pace finds out by and by."""
    _, pace = play(100, 20_000, change=(2_000, 200))

    assert pace.per_second * WINDOW > 150


def test_starts_slowly():
    """The first seconds see few requests: a burst is what a new client is punished for."""
    clock = Virtual()
    pace = AdaptiveRateLimiter(clock)
    while clock.time < 5:
        pace.enter()

    assert pace.sent <= 26


def test_retry_after_is_kept():
    """Nobody is let through before the server said."""
    clock = Virtual()
    pace = AdaptiveRateLimiter(clock)
    entered = pace.enter()
    pace.refuse(entered, 17)

    assert pace.enter() - entered >= 17
    assert pace.waits == 1
    assert pace.waited == pytest.approx(17, abs=0.1)


def test_what_is_not_sat_out_was_not_waited():
    """A pause that the server announced counts only as far as somebody waited for it."""
    clock = Virtual()
    pace = AdaptiveRateLimiter(clock)
    pace.refuse(pace.enter(), 80_000)
    assert (pace.pauses, pace.waited) == (0, 0.0)
    pace.enter()

    assert pace.pauses == 1
    assert pace.waited == pytest.approx(80_000, abs=1)


def test_429_without_retry_after():
    """Without a Retry-After the waits double."""
    clock = Virtual()
    pace = AdaptiveRateLimiter(clock)
    waits = [pace.refuse(pace.enter(), None) for _ in range(4)]

    assert waits == [2, 4, 8, 16]


def test_one_event_per_pause():
    """Requests in flight beside the first refused one do not lower the pace again."""
    clock = Virtual()
    pace = AdaptiveRateLimiter(clock)
    entered = [pace.enter() for _ in range(40)]
    pace.refuse(entered[-3], 1)
    before = pace.per_second
    pace.refuse(entered[-2], 1)
    pace.refuse(entered[-1], 1)

    assert pace.per_second == before
    assert pace.waits == 1


def test_stopped():
    """A stopped pace lets nobody through."""
    pace = AdaptiveRateLimiter(Virtual())
    pace.stop()

    with pytest.raises(StoppedError):
        pace.enter()
