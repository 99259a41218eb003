"""Links from a report to MLflow and Prefect, which run where their commands started them.

Conventions: the pages link to the default ports of `genrelab ui`. `servers.js` beside them holds the real
addresses, which the pages follow. `genrelab ui` and every report rewrite it, so that no page is written again when a
port changes. `[links]` in genrelab.toml names servers elsewhere.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from genrelab.runtime.files import write_atomically
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.running_servers import address_of

SCRIPT = "servers.js"
DEFAULTS = {"mlflow": "http://127.0.0.1:5000", "prefect": "http://127.0.0.1:4200"}
_WRITTEN = re.compile(r"^window\.genrelabServers = (.*);$", re.MULTILINE)


def run_link(run_id: str) -> str:
    """Return the address of a run in MLflow; empty without an id."""
    return f"{DEFAULTS['mlflow']}/#/runs/{quote(run_id, safe='')}" if run_id else ""


def flow_run_link(flow_run_id: str) -> str:
    """Return the address of a flow run in Prefect; empty without an id."""
    return f"{DEFAULTS['prefect']}/runs/flow-run/{quote(flow_run_id, safe='')}" if flow_run_id else ""


def server_links(home: Home) -> dict[str, str]:
    """Return where MLflow and Prefect are: as the settings or the environment say, else where they run now."""
    links = load_operations(home).links
    named = {
        "mlflow": links.mlflow or os.environ.get("MLFLOW_TRACKING_URI", ""),
        "prefect": links.prefect or os.environ.get("PREFECT_UI_URL", ""),
    }
    # an address with a password is not for readers
    shown = {name: one for name, one in named.items() if one.startswith("http") and "@" not in one}
    running = {name: address for name in named if (address := address_of(home, name))}
    return running | shown


def read_servers(report: Path) -> dict[str, str]:
    """Return the addresses that a report follows; the default ones where it names none."""
    try:
        found = _WRITTEN.search((report / SCRIPT).read_text("utf-8"))
        given = json.loads(found[1])["now"] if found else {}
    except (OSError, ValueError, KeyError):
        given = {}
    return DEFAULTS | {name: str(given[name]) for name in DEFAULTS if given.get(name)}


def write_servers(report: Path, servers: Mapping[str, str]) -> None:
    """Write where the servers run beside the pages of a report; those that are not named stay."""
    now = read_servers(report) | {name: servers[name].rstrip("/") for name in DEFAULTS if servers.get(name)}
    text = json.dumps({"written": DEFAULTS, "now": now}).replace("<", "\\u003c")
    write_atomically(report / SCRIPT, f"window.genrelabServers = {text};\n".encode())
