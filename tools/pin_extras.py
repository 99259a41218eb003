"""Pin a name with its extra beside the name alone: `python tools/pin_extras.py requirements.lock`.

pip before 23.3, which comes with Python 3.11, does not take the pin of `sqlalchemy` for `sqlalchemy[asyncio]`, which
Prefect asks for: it finds the newest version, misses its hash in the lock and stops. uv writes one of the two lines.
"""

import re
import sys
from pathlib import Path

EXTRAS = {"sqlalchemy": "asyncio"}
REASON = "# pip before 23.3 takes the pin of a name for the name without its extra alone.\n"


def main() -> None:
    """Append the missing pins to a lock file that uv wrote."""
    lock = Path(sys.argv[1])
    text = lock.read_text(encoding="utf-8").partition(REASON)[0]
    pins = []
    for name, extra in EXTRAS.items():
        pin = re.search(rf"^{name}(==.*\n(?:    --hash=.*\n)+)", text, flags=re.MULTILINE)
        if pin is None:
            sys.exit(f"{lock} has no pin of {name}: take it out of EXTRAS in {__file__}")
        pins.append(f"{name}[{extra}]{pin.group(1)}")
    lock.write_text(text + REASON + "".join(pins), encoding="utf-8")


if __name__ == "__main__":
    main()
