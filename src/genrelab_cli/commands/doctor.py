"""`genrelab doctor`: what is configured, reachable and missing, each with the command that fixes it.

Conventions: a check takes seconds and imports no large package; all checks run in parallel.
`ok` needs no action, `look` is worth knowing, `fix` makes the exit code 1. Secrets are never shown: the output only
says whether a credential is set.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import click

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.checks import environment as checks
from genrelab_cli.checks import services as service_checks
from genrelab_cli.checks import state as state_checks
from genrelab_cli.checks import storage as storage_checks
from genrelab_cli.checks.environment import FIX, LOOK, OK, Finding
from genrelab_cli.commands.lock import command_lock
from genrelab_cli.layout import painted, wrapped
from tasks.tracking.artifact_places import correct_addresses
from tasks.tracking.place import is_there

CHECKS: tuple[Callable[[Home], list[Finding]], ...] = (
    checks.versions,
    checks.settings,
    checks.disk,
    checks.ports,
    checks.credentials,
    service_checks.genre_services,
    checks.servers,
    storage_checks.object_store,
    state_checks.lake,
    state_checks.registry,
    state_checks.schedule,
    state_checks.runs,
)


COLOURS = {OK: "green", LOOK: "yellow", FIX: "red"}


def examine(*, as_json: bool, fix: bool) -> int:
    """Print every finding and return the exit code.

    Args:
        as_json: Print JSON.
        fix: First correct the addresses in MLflow's database, so that they point inside this home.

    Returns:
        The exit code: 1 when there is something to fix.

    Raises:
        GenrelabError: The addresses cannot be corrected, or a run is in progress.
    """
    home = Home.find()
    if fix and is_there(home):
        with command_lock(home, "doctor --fix"):
            done = correct_addresses(home)
        print(done or "Nothing to fix: every artifact address points inside this home.", file=sys.stderr)
    findings = find_out(home)
    is_fine = not any(finding.state == FIX for finding in findings)
    if as_json:
        print(json.dumps({"fine": is_fine, "findings": [vars(finding) for finding in findings]}, indent=1))
        return 0 if is_fine else 1
    area = ""
    for finding in findings:
        if finding.area != area:
            area = finding.area
            click.echo(("" if finding is findings[0] else "\n") + painted(area, bold=True))
        state = f"{finding.state:<5}"
        click.echo(
            wrapped(finding.says, f"  {state} ").replace(state, painted(state, COLOURS[finding.state]), 1)
        )
        if finding.do:
            click.echo(wrapped(finding.do, "        -> "))
    count = sum(finding.state == FIX for finding in findings)
    print(f"\n{'Everything is fine.' if is_fine else f'{count} to fix; see the arrows above.'}")
    return 0 if is_fine else 1


def find_out(home: Home) -> list[Finding]:
    """Run every check and return its findings, in the order of the checks.

    Args:
        home: Which installation.
    """

    def run(check: Callable[[Home], list[Finding]]) -> list[Finding]:
        try:
            return check(home)
        except (GenrelabError, OSError, ValueError) as error:  # one broken file hides no other finding
            return [Finding(check.__name__, FIX, f"the check failed: {error}", "fix what the message names")]

    with ThreadPoolExecutor(len(CHECKS)) as threads:
        return [finding for found in threads.map(run, CHECKS) for finding in found]
