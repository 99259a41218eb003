"""Pin names with their extras beside the names alone: `python tools/pin_extras.py requirements.lock`.

pip before 23.3, which comes with Python 3.11, does not take the pin of `sqlalchemy` for `sqlalchemy[asyncio]`, which
Prefect asks for: it finds the newest version, misses its hash in the lock and stops, from the day on which that
version appears. uv writes the names alone. Which extras are asked for is read from the packages that are installed
where this runs, so it runs in the development environment.
"""

import re
import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REASON = "# pip before 23.3 takes the pin of a name for the name without its extras alone.\n"


def main() -> None:
    """Append the missing pins to a lock file that uv wrote."""
    lock = Path(sys.argv[1])
    text = lock.read_text(encoding="utf-8").partition(REASON)[0]
    pinned = dict(re.findall(r"^([a-z0-9._-]+)(==.*\n(?:    --hash=.*\n)+)", text, flags=re.MULTILINE))
    wanted = sorted({with_extras for asker, with_extras in extras_asked_for() if asker in pinned})
    pins = [f"{name}[{extras}]{pinned[name]}" for name, extras in wanted if name in pinned]
    lock.write_text(text + REASON + "".join(pins), encoding="utf-8")


def extras_asked_for() -> list[tuple[str, tuple[str, str]]]:
    """Return the extras that installed packages require, by package name."""
    requirements = [
        (canonicalize_name(each.metadata["Name"]), Requirement(line))
        for each in distributions()
        for line in each.requires or []
    ]
    active: dict[str, set[str]] = {}
    while True:
        found = [
            (asker, (canonicalize_name(one.name), ",".join(sorted(one.extras))))
            for asker, one in requirements
            if one.extras and _applies(one, active.get(asker, set()))
        ]
        before = {name: set(extras) for name, extras in active.items()}
        for _, (name, extras) in found:
            active.setdefault(name, set()).update(extras.split(","))
        if active == before:
            return found


def _applies(requirement: Requirement, extras: set[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


if __name__ == "__main__":
    main()
