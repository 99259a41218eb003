"""How the system is run: schedule, retention and notification, from `genrelab.toml`.

    [schedule]
    cron = "30 2 * * *"          # when `genrelab serve` starts the nightly run
    timezone = "Europe/Berlin"   # in which the cron is read; survives summer time
    when_busy = "queue"          # a second run waits; "refuse" ends it with a message
    timeout_hours = 6            # longest that one flow of a run may take; 0 for no limit

    [retention]
    reports = 30                 # newest reports to keep
    table_versions_days = 30     # age from which a replaced table version goes
    runs_days = 90               # age from which runs in MLflow and Prefect go
    raw_days = 0                 # age from which raw pages go; 0 keeps them for ever
    champions = 3                # models of each champion's line that stay with their data
    backups = 7                  # newest backups of MLflow's database to keep

    [notify]
    webhook = "https://..."      # or GENRELAB_WEBHOOK: told of a failed run and of a new champion

What these settings mean for a file or a run does not belong here but in `genrelab.retention` and `tasks`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from genrelab.errors import SettingsError
from genrelab.home import Home
from genrelab.settings import read_settings_file

WHEN_BUSY = ("queue", "refuse")
CRON = re.compile(r"[\d*/,\-]+(?: +[\d*/,\-A-Za-z#]+){4}")
CRON_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
SECTIONS = ("schedule", "retention", "notify")


@dataclass(frozen=True)
class Schedule:
    """When the nightly run starts, and what happens when another one is still going on.

    Args:
        cron: Minute, hour, day of the month, month, day of the week.
        timezone: Name of the time zone in which the cron is read.
        when_busy: `queue` or `refuse`.
        timeout_hours: Longest that one flow may take; 0 for no limit.
    """

    cron: str = "30 2 * * *"
    timezone: str = "Europe/Berlin"
    when_busy: str = "queue"
    timeout_hours: float = 6.0


@dataclass(frozen=True)
class Retention:
    """How much of the past is kept; docs/decisions/0014-operations.md says why these numbers.

    Args:
        reports: Newest reports to keep.
        table_versions_days: Age in days from which a replaced table version goes.
        runs_days: Age in days from which runs in MLflow and Prefect go.
        raw_days: Age in days from which raw pages go; 0 keeps them for ever.
        champions: Models of each champion's line that stay: the one in use and those that a rollback returns to.
        backups: Newest backups of MLflow's database to keep.
    """

    reports: int = 30
    table_versions_days: int = 30
    runs_days: int = 90
    raw_days: int = 0
    champions: int = 3
    backups: int = 7


@dataclass(frozen=True)
class Operations:
    """How the system is run.

    Args:
        schedule: When.
        retention: What is kept.
        webhook: Address that is told of a failed run and of a new champion; empty for none. It may carry a
            secret, so nothing shows it.
    """

    schedule: Schedule = Schedule()
    retention: Retention = Retention()
    webhook: str = field(default="", repr=False)


LEAST = {"reports": 1, "champions": 1, "backups": 1}
"""Fewest of what is counted; ages may be 0."""


def load_operations(home: Home | None = None) -> Operations:
    """How this home is run.

    Raises:
        SettingsError: The file cannot be read, or a value is not allowed.
    """
    home = home or Home.find()
    file = read_settings_file(home.settings_file)
    schedule, retention, notify = (file.get(name, {}) for name in SECTIONS)
    mend = f"mend it in {home.settings_file}"
    defaults = Retention()
    return Operations(
        schedule=_schedule(schedule, mend),
        retention=Retention(
            **{
                each.name: _count(
                    retention, each.name, getattr(defaults, each.name), LEAST.get(each.name, 0), mend
                )
                for each in fields(Retention)
            }
        ),
        webhook=_webhook(notify, home.settings_file),
    )


def _schedule(section: Mapping[str, Any], mend: str) -> Schedule:
    schedule = Schedule(**section)
    if not isinstance(schedule.cron, str) or not _is_cron(schedule.cron.strip()):
        raise SettingsError(
            "schedule.cron is not a cron line",
            found=repr(schedule.cron),
            allowed='minute hour day month weekday, e.g. "30 2 * * *" for half past two every night',
            do=mend,
        )
    try:
        ZoneInfo(schedule.timezone)
    except (KeyError, OSError, ValueError, TypeError):  # not found, a folder, a path, no text
        raise SettingsError(
            "schedule.timezone is not a known time zone",
            found=repr(schedule.timezone),
            allowed='a name like "Europe/Berlin" or "UTC"',
            do=mend,
        ) from None
    if schedule.when_busy not in WHEN_BUSY:
        raise SettingsError(
            "schedule.when_busy is not known",
            found=repr(schedule.when_busy),
            allowed=", ".join(WHEN_BUSY),
            do=mend,
        )
    hours = schedule.timeout_hours
    if not isinstance(hours, (int, float)) or isinstance(hours, bool) or not 0 <= hours < float("inf"):
        raise SettingsError(
            "schedule.timeout_hours is not a number of hours",
            found=repr(hours),
            allowed="0 or more; 0 for no limit",
            do=mend,
        )
    return schedule


def _is_cron(line: str) -> bool:
    """Whether a line has five fields whose numbers are possible; names of months and days are left to Prefect."""
    if not CRON.fullmatch(line):
        return False
    return all(
        low <= int(number) <= high
        for part, (low, high) in zip(line.split(), CRON_LIMITS, strict=True)
        for number in re.findall(r"(?<![/\d])\d+", part)
    )


def _count(section: Mapping[str, Any], name: str, default: int, least: int, mend: str) -> int:
    value = section.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise SettingsError(
            f"retention.{name} is not a whole number", found=repr(value), allowed=f"{least} or more", do=mend
        )
    return value


def _scheme(address: Any) -> str:
    """Scheme of an address with a host; empty for anything else."""
    if not isinstance(address, str) or re.search(r"[\s\x00-\x1f]", address):
        return ""
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that is not closed, or a port that is no number
        return ""
    return parts.scheme if is_whole else ""


def _webhook(section: Mapping[str, Any], file: Path) -> str:
    """The address; an error shows nothing of it, since it may carry a secret."""
    value = os.environ.get("GENRELAB_WEBHOOK") or section.get("webhook", "")
    if not value:
        return ""
    scheme = _scheme(value)
    if scheme not in {"http", "https"}:
        raise SettingsError(
            "the webhook is not an address",
            found=f"scheme {scheme!r}" if scheme else "something else",
            allowed="http://... or https://...",
            do=f"mend GENRELAB_WEBHOOK, or notify.webhook in {file}",
        )
    return str(value)
