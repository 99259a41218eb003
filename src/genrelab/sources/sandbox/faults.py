"""Misbehaviour on demand: which answers go wrong, and how.

Conventions: whether an answer goes wrong follows from the seed, the request and how often it was made before,
never from the order in which workers ask, so a run can be repeated. The same request goes wrong at most
`in_a_row` times in succession: a fault that never ends is no fault but another world.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ANSWER_FAULTS = (
    "rate_limited",
    "expired",
    "forbidden",
    "not_found",
    "server_error",
    "bad_gateway",
    "slow",
    "cut",
    "dropped",
    "invalid_json",
)
"""429, 401, 403, 404, 500, 502, a late answer, half an answer, none at all, and one that is no JSON."""
GENRE_FAULTS = tuple(name for name in ANSWER_FAULTS if name not in ("expired", "forbidden", "not_found"))
"""Those that MusicBrainz and Last.fm play: a 404 of theirs is an answer, and there is no token."""
ITEM_FAULTS = ("null_entries", "missing_rows")
"""Faults of single entries in an answer to a batch call."""
BATCH_FAULTS = ("reordered",)
FAULTS = (*ANSWER_FAULTS, *ITEM_FAULTS, *BATCH_FAULTS)


@dataclass
class Faults:
    """What goes wrong, and how often.

    Args:
        rates: Share of requests (of entries, for `ITEM_FAULTS`) by name of the fault, from `FAULTS`.
        seed: Of everything random.
        in_a_row: The same request or entry goes wrong at most this often in succession.
        retry_after: Seconds that a played 429 asks for; None leaves the header out.
        slow_seconds: Real seconds that a slow answer takes.
    """

    rates: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    in_a_row: int = 2
    retry_after: int | None = 1
    slow_seconds: float = 1.0

    def __post_init__(self) -> None:
        unknown = sorted(set(self.rates) - set(FAULTS))
        if unknown:
            raise ValueError(f"unknown faults {unknown}; known: {', '.join(FAULTS)}")
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[int, int]] = {}
        self.played: Counter[str] = Counter()

    @classmethod
    def every(cls, rate: float = 0.02, **settings: float | None) -> "Faults":
        """All faults together, each at this rate."""
        return cls(rates=dict.fromkeys(FAULTS, rate), **settings)  # type: ignore[arg-type]

    def of_answer(self, request: str) -> str | None:
        """The fault that this request meets, or None."""
        return self._draw(request, ANSWER_FAULTS)

    def of_genre_answer(self, request: str) -> str | None:
        """The fault that a request to a genre service meets, or None."""
        return self._draw(request, GENRE_FAULTS)

    def of_item(self, request: str, item: str) -> str | None:
        """The fault that one entry of a batch meets, or None."""
        return self._draw(f"{request} {item}", ITEM_FAULTS)

    def of_batch(self, request: str) -> str | None:
        """The fault that a batch as a whole meets, or None."""
        return self._draw(f"batch {request}", BATCH_FAULTS)

    def _draw(self, key: str, kinds: Iterable[str]) -> str | None:
        wanted = [(kind, self.rates[kind]) for kind in kinds if self.rates.get(kind)]
        if not wanted:
            return None
        with self._lock:
            visits, streak = self._seen.get(key, (0, 0))
            found = None
            if streak < self.in_a_row:
                chance = fraction(self.seed, key, visits)
                for kind, rate in wanted:
                    chance -= rate
                    if chance < 0:
                        found = kind
                        break
            self._seen[key] = (visits + 1, streak + 1 if found else 0)
            self.played.update([found] if found else [])
        return found


def fraction(*key: object) -> float:
    """A number from 0 to 1 that follows from the key alone."""
    return int.from_bytes(hashlib.md5(repr(key).encode(), usedforsecurity=False).digest()[:7]) / (1 << 56)
