"""The checks of `genrelab doctor` outside the data: packages, settings, disk, ports, credentials, servers."""

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
from genrelab.runtime.running_servers import is_ours
from genrelab.runtime.settings import load_settings
from genrelab_cli.servers.server import answers, require_free, shown

OK, LOOK, FIX = "ok", "look", "fix"
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
"""First versions that break Prefect 3.8.8, and what fails; docs/decisions/0002-dependencies.md."""
PORTS = {"prefect": 4200, "mlflow": 5000, "report": 8600, "app": 5002}
COMFORTABLE = 5 * LEAST_FREE
TIMEOUT_SECONDS = 3.0
CREDENTIALS = ("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET")


@dataclass(frozen=True)
class Finding:
    """The result of one check.

    Args:
        area: Heading in the output.
        state: `ok`, `look` or `fix`.
        says: What was found.
        do: The command or action that fixes it.
    """

    area: str
    state: str
    says: str
    do: str = ""


def versions(_home: Home) -> list[Finding]:
    """Check the versions of Python and of the main dependencies."""
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
        findings.append(Finding(area, FIX, f"not installed: {', '.join(missing)}", reinstall))
    for name, (first, what) in TOO_NEW.items():
        number = found.get(name, "0")
        if tuple(int(part) for part in number.split(".")[:2] if part.isdigit()) >= first:
            findings.append(Finding(area, FIX, f"with {name} {number} Prefect cannot {what}", reinstall))
    return findings


def settings(home: Home) -> list[Finding]:
    """Check genrelab.toml, the environment variables and the configured sources."""
    area = "settings"
    is_there = home.settings_file.is_file()
    said = str(home.settings_file) if is_there else f"no {home.settings_file}: the defaults are used"
    try:
        chosen = load_settings()
        operations = load_operations(home)
    except GenrelabError as error:
        return [
            Finding(area, FIX, error.what + (f" (found: {error.found})" if error.found else ""), error.do)
        ]
    findings = [
        Finding(area, OK, said),
        Finding(area, OK, f"sources: spotify {chosen.spotify}, fma {chosen.fma}, origin {chosen.origin}"),
    ]
    for name in ("spotify", "fma", "origin", "artists"):
        path = getattr(chosen, name)
        if path and os.sep in path and not Path(path).exists():
            do = f"correct sources.{name} in {home.settings_file}, or GENRELAB_{name.upper()}"
            findings.append(Finding(area, FIX, f"the source {name} does not exist: {path}", do))
    webhook = "configured" if operations.webhook else "not configured: failed runs are not reported"
    findings.append(Finding(area, OK, f"webhook {webhook}"))
    return findings


def disk(home: Home) -> list[Finding]:
    """Check the free disk space and the write access to the home folder."""
    area, free = "disk", free_bytes(home.root)
    said = f"{in_words(free)} free on the disk of {home.root}"
    clean = "genrelab clean --dry-run, then genrelab clean"
    findings = [Finding(area, OK, said)]
    if free < LEAST_FREE:
        findings = [Finding(area, FIX, f"{said}; a run needs {in_words(LEAST_FREE)}", clean)]
    elif free < COMFORTABLE:
        findings = [Finding(area, LOOK, f"{said}, which is low", clean)]
    refused = list(refusals(home))
    if refused:
        error = refusal(home, refused[0], len(refused) - 1)
        findings.append(Finding(area, FIX, f"{error.what}: {error.found}", error.do))
    return findings


def ports(home: Home) -> list[Finding]:
    """Check that the ports of `genrelab ui` are free or used by this home."""
    area, findings = "ports", []
    for name, port in PORTS.items():
        try:
            require_free(name, port, f"genrelab ui --{name}-port {port + 1}")
        except GenrelabError as error:
            if is_ours(home, name, port):
                findings.append(Finding(area, OK, f"{port}: {name} of this home is running"))
            else:
                findings.append(
                    Finding(area, LOOK, f"{port}: in use by another program; {name} needs it", error.do)
                )
        else:
            findings.append(Finding(area, OK, f"{port}: free for {name}"))
    return findings


def credentials(_home: Home) -> list[Finding]:
    """Check that Spotify's credentials are set and accepted; their values are never shown."""
    area = "credentials"
    missing = [name for name in CREDENTIALS if not os.environ.get(name)]
    try:
        is_wanted = load_settings().spotify == "api"
    except GenrelabError:
        is_wanted = False  # reported under settings
    if missing:
        says = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set"
        if is_wanted:
            return [Finding(area, FIX, f"{says}, but the source is api", f"export {missing[0]}=...")]
        return [Finding(area, OK, f"{says}; only the source api needs them")]
    return [Finding(area, OK, f"{' and '.join(CREDENTIALS)} are set"), _accepted(area, is_wanted=is_wanted)]


def _accepted(area: str, *, is_wanted: bool) -> Finding:
    """Request a token from Spotify with the credentials; nothing else is requested."""
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
    problem = FIX if is_wanted else LOOK
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
    """Check that the database of MLFLOW_TRACKING_URI answers."""
    from tasks.tracking.place import require_answer

    try:
        require_answer(home)
    except GenrelabError as error:
        return Finding(area, FIX, f"{error.what}; found: {error.found}", error.do)
    return Finding(area, OK, f"MLflow: the database {address}")


def servers(home: Home) -> list[Finding]:
    """Check that the servers of PREFECT_API_URL and MLFLOW_TRACKING_URI answer."""
    area, findings = "servers", []
    prefect = os.environ.get("PREFECT_API_URL", "")
    if not prefect:
        findings.append(Finding(area, OK, "Prefect: started for each run (PREFECT_API_URL is not set)"))
    elif answers(f"{prefect.rstrip('/')}/health"):
        findings.append(Finding(area, OK, f"Prefect answers at {shown(prefect)}"))
    else:
        do = "start it, correct PREFECT_API_URL, or unset it"
        findings.append(Finding(area, FIX, f"Prefect does not answer at {shown(prefect)}", do))
    mlflow = os.environ.get("MLFLOW_TRACKING_URI", "")
    if not mlflow:
        findings.append(
            Finding(area, OK, "MLflow: the database of this home (MLFLOW_TRACKING_URI is not set)")
        )
    elif not mlflow.startswith("http"):
        findings.append(_database(area, home, shown(mlflow)))
    elif answers(f"{mlflow.rstrip('/')}/health"):
        findings.append(Finding(area, OK, f"MLflow answers at {shown(mlflow)}"))
    else:
        do = "start it, correct MLFLOW_TRACKING_URI, or unset it"
        findings.append(Finding(area, FIX, f"MLflow does not answer at {shown(mlflow)}", do))
    return findings
