"""Which servers of a home run now, and where: recorded by the command that starts them.

Conventions: one record per server and port in `.prefect/servers/`. A record counts while its process lives: process ids
are reused and homes are copied, so it also holds when the process began, and the home.
"""

from pathlib import Path

from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import Home
from genrelab.runtime.processes import boot_id, is_alive

HOST = "127.0.0.1"


def note_server(home: Home, name: str, port: int, pid: int) -> None:
    """Record which process serves a port, so that other commands of this home recognise the server."""
    # A copied home includes the record.
    record = {"pid": pid, "born": _born(pid), "home": str(home.root)}
    write_json(_folder(home) / f"{name}-{port}.json", record)


def is_ours(home: Home, name: str, port: int) -> bool:
    """Whether a server of this home, started by another command, listens on a port."""
    record = read_json(_folder(home) / f"{name}-{port}.json")
    if not record or record.get("home") != str(home.root) or record.get("born") != _born(record["pid"]):
        return False
    return is_alive(record["pid"])


def address_of(home: Home, name: str) -> str | None:
    """Return where a server of this home runs now; None if it does not.

    Args:
        home: The home.
        name: `prefect`, `mlflow`, `report` or `app`.
    """
    ports = [path.stem.rpartition("-")[2] for path in _folder(home).glob(f"{name}-*.json")]
    running = [int(port) for port in ports if port.isdecimal() and is_ours(home, name, int(port))]
    return f"http://{HOST}:{max(running)}" if running else None


def _folder(home: Home) -> Path:
    return home.prefect / "servers"


def _born(pid: int) -> str:
    """Boot id and start time of a process, because process ids are reused; empty on systems other than Linux."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return f"{boot_id()} {facts.rpartition(')')[2].split()[19]}"  # field 22; the name before it may contain blanks
