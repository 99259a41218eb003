"""The module through which Prefect loads the flows: `genrelab_cli.served.nightly` is the flow `nightly`.

Prefect starts each run in a process that looks for modules in the current folder first, where the user may have a
`flows.py`. Loading the flows through this package puts our packages first.
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
    """Return the entry point that Prefect loads for a flow."""
    return f"{__name__}.{name}"
