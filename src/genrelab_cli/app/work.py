"""Running the work of a request: champions on first use, and a bounded number of threads."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from genrelab.serving.champion import ServedChampion
from genrelab_cli.app.answers import RequestError
from genrelab_cli.app.champions import Champions

LONGEST_WORK = 30.0
"""Seconds that a request may wait for a thread and compute."""

THREADS = 2
"""Each may hold the memory of a request of 10,000 rows."""

Found = TypeVar("Found")


class Work:
    """What all routes share.

    Args:
        champions: The champions of the home.
    """

    def __init__(self, champions: Champions) -> None:
        self.champions = champions
        self._threads = anyio.CapacityLimiter(THREADS)

    async def in_thread(self, work: Callable[..., Found], *arguments: Any) -> Found:
        """Return what a function returns in a thread, so that the server keeps answering.

        Raises:
            RequestError: It took too long (503); the thread still finishes.
        """
        try:
            async with asyncio.timeout(LONGEST_WORK):
                return await anyio.to_thread.run_sync(
                    work, *arguments, limiter=self._threads, abandon_on_cancel=True
                )
        except TimeoutError:
            raise RequestError(
                "the answer takes too long",
                HTTPStatus.SERVICE_UNAVAILABLE,
                found=f"more than {LONGEST_WORK:.0f} s",
                do="send fewer rows at a time, or ask again later",
            ) from None

    async def champion(self, name: str) -> ServedChampion:
        """Return a champion; loaded in a thread the first time.

        Raises:
            RequestError: As `Champions.get`.
        """
        if self.champions.is_loaded(name):
            return self.champions.get(name)
        return await self.in_thread(self.champions.get, name)
