"""The band on top of every page, and the script file beside the pages that every run rewrites.

Conventions: the pages hold the band as it was when they were written; `status.js` replaces it by that of the newest
run, and the overview is rewritten between two marks, so that it is true without a script as well. Nothing else of a
report is touched. A report of an earlier version has no marks and does not load the script file.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.result import RunHistory
from genrelab.analyses.run_history.status import since_and_in_use, status_of
from genrelab.report.page import Facts, templates
from genrelab.runtime.files import write_atomically

SCRIPT, OVERVIEW_FILE = "status.js", "index.html"
MARKED = re.compile(r"(?<=<!-- status -->).*?(?=<!-- /status -->)", re.DOTALL)


def band(facts: Facts, needs: Sequence[str] = ()) -> str:
    """Return the band as HTML; empty before the first run.

    Args:
        facts: What the report shows.
        needs: Facts that the page shows: a failure on which they depend is emphasised.
    """
    history = RUN_HISTORY.found_in(facts)
    return band_of(history, needs) if history else ""


def band_of(history: RunHistory, needs: Sequence[str] = ()) -> str:
    """Return the band of the newest run as HTML; empty before the first run."""
    status = status_of(history)
    if status is None:
        return ""
    return (
        templates()
        .get_template("band.html")
        .render(status=status, needs=set(needs), since_and_in_use=since_and_in_use)
    )


def script(history: RunHistory | None) -> str:
    """Return the contents of `status.js`."""
    html = band_of(history) if history else ""
    text = json.dumps(html).replace("<", "\\u003c")
    return f"window.genrelabStatus = {text};\n"


def write_status(folder: Path, history: RunHistory) -> None:
    """Write the status of the newest run beside the pages of a report, if there is one.

    Args:
        folder: The report, or the link to it.
        history: All runs kept.
    """
    overview = folder / OVERVIEW_FILE
    if not overview.is_file():
        return
    folder = folder.resolve()
    _write(folder / SCRIPT, script(history))
    page = overview.read_text("utf-8")
    shown = f"\n{band_of(history)}\n"
    renewed = MARKED.sub(lambda _: shown, page, count=1)
    if renewed != page:
        _write(folder / OVERVIEW_FILE, renewed)


def _write(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8"))
    path.chmod(0o644)  # a web server reads it
