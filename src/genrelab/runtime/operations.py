"""How the system is run: schedule, retention and notification, from `genrelab.toml`.

    [schedule]
    cron = "30 2 * * *"          # when `genrelab serve` starts the nightly run
    timezone = "Europe/Berlin"   # time zone of the cron, daylight saving time included
    when_busy = "queue"          # a second run waits; "refuse" ends it with a message
    timeout_hours = 6            # longest time for one flow of a run; 0 for no limit

    [retention]
    reports = 30                 # newest reports to keep
    table_versions_days = 30     # age from which a replaced table version is removed
    runs_days = 90               # age from which runs in MLflow and Prefect are removed
    raw_days = 0                 # age from which raw pages are removed; 0 keeps them for ever
    champions = 3                # models of each champion's history to keep with their data
    backups = 7                  # newest backups of MLflow's database to keep

    [links]
    mlflow = "https://..."       # where readers of the report find MLflow; else the address of `genrelab ui`
    prefect = "https://..."      # likewise

    [notify]
    webhook = "https://..."      # or GENRELAB_WEBHOOK: notified of a failed run and of a new champion

What these settings mean for a file or a run does not belong here but in `genrelab.lake.retention` and `tasks`.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, ConfigDict, PlainValidator, StrictFloat, StrictInt
from pydantic.dataclasses import dataclass

from genrelab.runtime.home import Home
from genrelab.runtime.settings_file import FileSettings, rule, setting

CRON_FIELDS = 5
"""CronSim accepts a sixth field, seconds; Prefect does not."""


def _cron(line: str) -> str:
    """A cron line, unchanged."""
    try:
        CronSim(line, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"{line!r}: {error}") from None
    if len(line.split()) != CRON_FIELDS:
        raise ValueError(repr(line))
    return line


def _timezone(name: str) -> str:
    """The name of a time zone, unchanged."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder, a path
        raise ValueError(repr(name)) from None
    return name


def _scheme(address: Any) -> str:
    """Scheme of an address with a host; empty for anything else."""
    if not isinstance(address, str) or re.search(r"[\s\x00-\x1f]", address):
        return ""
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # an unclosed bracket, or a port that is not a number
        return ""
    return parts.scheme if is_whole else ""


def _web_address(value: object) -> str:
    """Return the address unchanged; an error shows only its scheme, because the address may contain a secret."""
    scheme = _scheme(value)
    if value and scheme not in {"http", "https"}:
        raise ValueError(f"scheme {scheme!r}" if scheme else "something else")
    return str(value or "")


_CRON = 'minute hour day month weekday, e.g. "30 2 * * *" for 2:30 every night'
_WHOLE = "{key} is not a whole number"
_HOURS = "{key} is not a number of hours"
Cron = Annotated[str, AfterValidator(_cron), rule("{key} is not a cron line", _CRON)]
TimeZone = Annotated[
    str,
    AfterValidator(_timezone),
    rule("{key} is not a known time zone", 'a name like "Europe/Berlin" or "UTC"'),
]
WhenBusy = Annotated[Literal["queue", "refuse"], rule("unknown value of {key}", "queue, refuse")]
Hours = Annotated[StrictFloat, rule(_HOURS, "0 or more; 0 for no limit", ge=0, allow_inf_nan=False)]
Days = Annotated[StrictInt, rule(_WHOLE, "0 or more", ge=0)]
Count = Annotated[StrictInt, rule(_WHOLE, "1 or more", ge=1)]
_ADDRESSES = "http://... or https://..."
Webhook = Annotated[
    str, PlainValidator(_web_address), rule("the webhook is not an address", _ADDRESSES, repr=False)
]
Address = Annotated[
    str, PlainValidator(_web_address), rule("{key} is not an address", _ADDRESSES, repr=False)
]
_KNOWN_KEYS = ConfigDict(extra="forbid")


@dataclass(frozen=True, config=_KNOWN_KEYS)
class Schedule:
    """When the nightly run starts, and what happens if another run is still in progress.

    Args:
        cron: Minute, hour, day of the month, month, day of the week.
        timezone: Name of the time zone in which the cron is read.
        when_busy: `queue` or `refuse`.
        timeout_hours: Longest time for one flow; 0 for no limit.
    """

    cron: Cron = "30 2 * * *"
    timezone: TimeZone = "Europe/Berlin"
    when_busy: WhenBusy = "queue"
    timeout_hours: Hours = 6.0


@dataclass(frozen=True, config=_KNOWN_KEYS)
class Retention:
    """What is kept, and for how long; docs/decisions/0014-operations.md explains the numbers.

    Args:
        reports: Newest reports to keep.
        table_versions_days: Age in days from which a replaced table version is removed.
        runs_days: Age in days from which runs in MLflow and Prefect are removed.
        raw_days: Age in days from which raw pages are removed; 0 keeps them for ever.
        champions: Models of each champion's history to keep: the one in use and those that a rollback returns to.
        backups: Newest backups of MLflow's database to keep.
    """

    reports: Count = 30
    table_versions_days: Days = 30
    runs_days: Days = 90
    raw_days: Days = 0
    champions: Count = 3
    backups: Count = 7


@dataclass(frozen=True, config=_KNOWN_KEYS)
class Links:
    """Where readers of the report find the servers; empty for where they were started last.

    Args:
        mlflow: Address of MLflow.
        prefect: Address of Prefect.
    """

    mlflow: Address = ""
    prefect: Address = ""


class Operations(FileSettings):
    """How the system is run.

    Args:
        home: The folders.
        schedule: When the nightly run starts.
        retention: What is kept, and for how long.
        links: Where readers of the report find MLflow and Prefect.
        webhook: Address that is notified of a failed run and of a new champion; empty for none. It may contain a
            secret, so it is never shown.
    """

    schedule: Schedule = Schedule()
    retention: Retention = Retention()
    links: Links = Links()
    webhook: Webhook = setting("notify.webhook", "", "GENRELAB_WEBHOOK")


def load_operations(home: Home | None = None) -> Operations:
    """Return the operations settings of a home.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    return Operations(home=home or Home.find())
