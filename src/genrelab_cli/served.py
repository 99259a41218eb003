"""The flows as `genrelab serve` has Prefect load them: `genrelab_cli.served.nightly` is the flow `nightly`.

Prefect starts each run in a process that looks for modules in the current folder first, where a user's own `flows.py`
may lie. Loading through this package puts our own places first.
"""

from typing import Any

from flows import find_flow
from genrelab_cli.own_packages import come_first_in_children

come_first_in_children()


def __getattr__(name: str) -> Any:
    try:
        return find_flow(name)
    except ModuleNotFoundError:
        raise AttributeError(name) from None


def entrypoint(name: str) -> str:
    """What Prefect is told to load for a flow."""
    return f"{__name__}.{name}"
