"""`genrelab clean`: show or remove what the retention rules no longer keep."""

import json
import sys
from contextlib import nullcontext
from datetime import UTC, datetime

from genrelab.runtime.disk import in_words
from genrelab.runtime.home import Home
from genrelab.runtime.operations import load_operations
from genrelab_cli.commands.lock import command_lock
from genrelab_cli.servers.server import prepare_environment


def clean_home(*, dry_run: bool, as_json: bool) -> int:
    """Remove what the retention rules no longer keep, or only print it.

    Returns:
        The exit code: 0 when everything was removed, or printed.

    Raises:
        GenrelabError: A setting is not allowed, or a run is in progress and `schedule.when_busy` is `refuse`.
    """
    home = Home.find()
    operations = load_operations(home)
    prepare_environment(home, verbose=False)
    from tasks.retention import do, in_a_line, plan
    from tasks.tracking.artifact_places import correct_addresses

    now = datetime.now(UTC)
    lock = nullcontext() if dry_run else command_lock(home, "clean")
    with lock:
        if corrected := correct_addresses(home):
            print(corrected, file=sys.stderr)
        removals = plan(home, operations.retention, now)
        if not as_json:
            for each in removals:
                print(f"{each.kind:<14} {each.what}  ({in_words(each.size)}; {each.why})")
        cleaned = None if dry_run else do(removals)
    freed = sum(each.size for each in removals) if cleaned is None else cleaned.size
    if as_json:
        rows = [{"kind": r.kind, "what": r.what, "why": r.why, "bytes": r.size} for r in removals]
        done = {"removed": len(cleaned.removed), "failed": list(cleaned.failed)} if cleaned else {}
        print(json.dumps({"dry_run": dry_run, "found": rows, "bytes": freed, **done}, indent=1))
    elif cleaned is None:
        found = f"{len(removals)} items, {in_words(freed)}" if removals else "nothing"
        print(f"{found} would be removed; this was a dry run")
    else:
        print(in_a_line(cleaned, cleaned.failed))
    return 1 if cleaned is not None and cleaned.failed else 0
