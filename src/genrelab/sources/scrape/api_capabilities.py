"""Which calls the credentials may make: found out by asking, never assumed.

Conventions: a call is unknown until it was answered; one success opens it for the rest of the run. It is
closed when it was refused `STRIKES` times without ever having been answered: a single 403 can be an accident,
and closing a call for good would change what is scraped.
"""

from collections import Counter
from collections.abc import Callable, Iterable

ARTISTS, TOP_TRACKS, FEATURES, LONG_SEARCH, RECCOBEATS = (
    "several artists",
    "top tracks",
    "audio features",
    "long search",
    "ReccoBeats",
)
"""Calls that not all credentials may make, by the names people read."""
STRIKES = 3
REFUSALS = {
    ARTISTS: (403, 404, 410),
    TOP_TRACKS: (403, 404, 410),
    FEATURES: (403, 404, 410),
    LONG_SEARCH: (400, 403),
    RECCOBEATS: (403,),
}
"""Statuses that mean: not for these credentials, or gone."""


class ApiCapabilities:
    """What the credentials may do.

    Args:
        closed: Calls known to be closed.
        note: Called with the name of a call when it is found closed.
    """

    def __init__(self, closed: Iterable[str], note: Callable[[str], None]) -> None:
        self._closed, self._open = set(closed), set[str]()
        self._strikes: Counter[str] = Counter()
        self._note = note
        self.given_up: set[str] = set()

    @property
    def closed(self) -> tuple[str, ...]:
        """Closed calls, sorted."""
        return tuple(sorted(self._closed))

    def allows(self, call: str) -> bool:
        """Whether the call is worth trying."""
        return call not in self._closed and call not in self.given_up

    def is_unknown(self, call: str) -> bool:
        """Whether it was neither answered nor closed."""
        return self.allows(call) and call not in self._open

    def accepted(self, call: str) -> None:
        """The call was answered."""
        self._open.add(call)

    def refused(self, call: str, status: int) -> bool:
        """The call was not answered.

        Returns:
            Whether the status can mean that it is closed; then ask `allows` again.
        """
        if status not in REFUSALS[call] or call in self._open:
            return False
        self._strikes[call] += 1
        if self._strikes[call] >= STRIKES:
            self._closed.add(call)
            self._note(call)
        return True

    def give_up(self, call: str) -> None:
        """Leave the call alone for the rest of this run, without saying so to later ones."""
        self.given_up.add(call)
