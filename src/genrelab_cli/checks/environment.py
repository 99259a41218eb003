"""What `genrelab doctor` looks at outside the data: packages, settings, disk, ports, credentials, servers."""

import base64
import http.client
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from genrelab import __version__
from genrelab.runtime.access import refusal, refusals
from genrelab.runtime.disk import LEAST_FREE, free_bytes, in_words
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab.runtime.proxies import open_url
from genrelab.runtime.settings import load_settings
from genrelab_cli.servers.server import answers, is_ours, require_free, shown

OK, LOOK, MEND = "ok", "look", "mend"
PACKAGES = (
    "prefect",
    "fastapi",
    "sqlalchemy",
    "mlflow",
    "great-expectations",
    "deltalake",
    "pyarrow",
    "pandas",
    "scikit-learn",
    "xgboost-cpu",
    "spotipy",
)
TOO_NEW = {"fastapi": ((0, 151), "start its server"), "sqlalchemy": ((2, 1), "schedule a run")}
"""First versions with which Prefect 3.8.8 cannot do that; docs/decisions/0002-dependencies.md."""
PORTS = {"prefect": 4200, "mlflow": 5000, "report": 8600}
COMFORTABLE = 5 * LEAST_FREE
TIMEOUT_SECONDS = 3.0
CREDENTIALS = ("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Args:
        area: Heading it stands under.
        state: `ok`, `look` or `mend`.
        says: What was found.
        do: The command or step that mends it.
    """

    area: str
    state: str
    says: str
    do: str = ""


def versions(_home: Home) -> list[Finding]:
    """Python and the packages that the project stands on."""
    area, reinstall = "versions", "install the packages of requirements.lock again: `make clean-venv nightly`"
    found: dict[str, str] = {}
    missing = []
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            missing.append(name)
    python = ".".join(map(str, sys.version_info[:3]))
    said = ", ".join(f"{name} {number}" for name, number in found.items())
    findings = [Finding(area, OK, f"genrelab {__version__}, Python {python}, {said}")]
    if missing:
        findings.append(Finding(area, MEND, f"not installed: {', '.join(missing)}", reinstall))
    for name, (first, what) in TOO_NEW.items():
        number = found.get(name, "0")
        if tuple(int(part) for part in number.split(".")[:2] if part.isdigit()) >= first:
            findings.append(Finding(area, MEND, f"with {name} {number} Prefect cannot {what}", reinstall))
    return findings


def settings(home: Home) -> list[Finding]:
    """Whether genrelab.toml and the environment make sense, and where sources lead."""
    area = "settings"
    is_there = home.settings_file.is_file()
    said = str(home.settings_file) if is_there else f"no {home.settings_file}: the defaults hold"
    try:
        chosen = load_settings()
        operations = load_operations(home)
    except GenrelabError as error:
        return [
            Finding(area, MEND, error.what + (f" (found: {error.found})" if error.found else ""), error.do)
        ]
    findings = [
        Finding(area, OK, said),
        Finding(area, OK, f"sources: spotify {chosen.spotify}, fma {chosen.fma}, origin {chosen.origin}"),
    ]
    for name in ("spotify", "fma", "origin", "artists"):
        path = getattr(chosen, name)
        if path and os.sep in path and not Path(path).exists():
            do = f"mend sources.{name} in {home.settings_file}, or GENRELAB_{name.upper()}"
            findings.append(Finding(area, MEND, f"the source {name} is not there: {path}", do))
    webhook = "configured" if operations.webhook else "not configured: nobody is told of a failed night"
    findings.append(Finding(area, OK, f"webhook {webhook}"))
    return findings


def disk(home: Home) -> list[Finding]:
    """Room, and whether the home can be written to."""
    area, free = "disk", free_bytes(home.root)
    said = f"{in_words(free)} free where {home.root} lies"
    clean = "genrelab clean --dry-run, then genrelab clean"
    findings = [Finding(area, OK, said)]
    if free < LEAST_FREE:
        findings = [Finding(area, MEND, f"{said}; a run needs {in_words(LEAST_FREE)}", clean)]
    elif free < COMFORTABLE:
        findings = [Finding(area, LOOK, f"{said}; that is not much", clean)]
    refused = list(refusals(home))
    if refused:
        error = refusal(home, refused[0], len(refused) - 1)
        findings.append(Finding(area, MEND, f"{error.what}: {error.found}", error.do))
    return findings


def ports(home: Home) -> list[Finding]:
    """Whether the ports of `genrelab ui` are free or ours."""
    area, findings = "ports", []
    for name, port in PORTS.items():
        try:
            require_free(name, port, f"genrelab ui --{name}-port {port + 1}")
        except GenrelabError as error:
            if is_ours(home, name, port):
                findings.append(Finding(area, OK, f"{port}: {name} of this home is running"))
            else:
                findings.append(
                    Finding(area, LOOK, f"{port}: taken by something else than this home's {name}", error.do)
                )
        else:
            findings.append(Finding(area, OK, f"{port}: free for {name}"))
    return findings


def credentials(_home: Home) -> list[Finding]:
    """Whether Spotify's credentials are there, and accepted; never what they are."""
    area = "credentials"
    missing = [name for name in CREDENTIALS if not os.environ.get(name)]
    try:
        is_wanted = load_settings().spotify == "api"
    except GenrelabError:
        is_wanted = False  # told under settings
    if missing:
        says = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set"
        if is_wanted:
            return [Finding(area, MEND, f"{says}, and the source is api", f"export {missing[0]}=...")]
        return [Finding(area, OK, f"{says}; only the source api needs them")]
    return [Finding(area, OK, f"{' and '.join(CREDENTIALS)} are set"), _accepted(area, is_wanted=is_wanted)]


def _accepted(area: str, *, is_wanted: bool) -> Finding:
    """Ask Spotify for a token with the credentials; nothing else is fetched."""
    from genrelab.sources.scrape.parameters import SPOTIFY_TOKEN

    address = os.environ.get("GENRELAB_SPOTIFY_TOKEN") or SPOTIFY_TOKEN
    host = urllib.parse.urlsplit(address).hostname
    pair = ":".join(os.environ[name] for name in CREDENTIALS).encode()
    request = urllib.request.Request(  # noqa: S310 - Spotify's address, or the one that the user named
        address,
        b"grant_type=client_credentials",
        {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    problem = MEND if is_wanted else LOOK
    try:
        with open_url(request, timeout=TIMEOUT_SECONDS):
            return Finding(area, OK, f"accepted by {host}")
    except urllib.error.HTTPError as error:
        do = f"check {' and '.join(CREDENTIALS)} in Spotify's developer dashboard"
        return Finding(area, problem, f"refused by {host}: status {error.code}", do)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Finding(
            area, problem, f"{host} cannot be reached: {type(error).__name__}", "check the network"
        )


def _database(area: str, home: Home, address: str) -> Finding:
    """Whether the database that MLFLOW_TRACKING_URI names answers."""
    from tasks.tracking.place import require_answer

    try:
        require_answer(home)
    except GenrelabError as error:
        return Finding(area, MEND, f"{error.what}; found: {error.found}", error.do)
    return Finding(area, OK, f"MLflow: the database {address}")


def servers(home: Home) -> list[Finding]:
    """Whether the servers that the environment names answer."""
    area, findings = "servers", []
    prefect = os.environ.get("PREFECT_API_URL", "")
    if not prefect:
        findings.append(Finding(area, OK, "Prefect: started for each run (PREFECT_API_URL is not set)"))
    elif answers(f"{prefect.rstrip('/')}/health"):
        findings.append(Finding(area, OK, f"Prefect answers at {shown(prefect)}"))
    else:
        do = "start it, mend PREFECT_API_URL, or unset it"
        findings.append(Finding(area, MEND, f"Prefect does not answer at {shown(prefect)}", do))
    mlflow = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not mlflow:
        findings.append(Finding(area, OK, "MLflow: its own database (MLFLOW_TRACKING_URI is not set)"))
    elif not mlflow.startswith("http"):
        findings.append(_database(area, home, shown(mlflow)))
    elif answers(f"{mlflow.rstrip('/')}/health"):
        findings.append(Finding(area, OK, f"MLflow answers at {shown(mlflow)}"))
    else:
        do = "start it, mend MLFLOW_TRACKING_URI, or unset it"
        findings.append(Finding(area, MEND, f"MLflow does not answer at {shown(mlflow)}", do))
    return findings
