"""The band on top of every page, and the script file beside the pages that every run rewrites.

Conventions: the pages hold the band as it was when they were written; `status.js` replaces it by that of the newest
run. The overview is renewed between two marks, so that it is true without a script as well, and so are the pages that
show nothing but runs. Nothing else of a report is touched. A report of an earlier version has none of these.
"""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from genrelab.analyses.analysis import SHOWN
from genrelab.analyses.run_history.analysis import RUN_HISTORY
from genrelab.analyses.run_history.result import RunHistory
from genrelab.analyses.run_history.status import since_and_in_use, status_of
from genrelab.report.page import Facts, Page, Summary, templates
from genrelab.runtime.files import write_atomically

SCRIPT, OVERVIEW_FILE = "status.js", "index.html"
MARKED = re.compile(r"(?<=<!-- status -->).*?(?=<!-- /status -->)", re.DOTALL)
MAIN = re.compile(r"<main\b.*?</main>", re.DOTALL)


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


def script(html: str) -> str:
    """Return the contents of `status.js`, which holds the band."""
    text = json.dumps(html).replace("<", "\\u003c")
    return f"window.genrelabStatus = {text};\n"


def write_status(folder: Path, history: RunHistory) -> list[Path]:
    """Write the status of the newest run beside the pages of a report, and the pages on runs, if there is a report.

    Args:
        folder: The report, or the link to it.
        history: All runs kept.

    Returns:
        The files that were written.
    """
    if not (folder / OVERVIEW_FILE).is_file():
        return []
    folder = folder.resolve()
    written, shown = [folder / SCRIPT], band_of(history)
    _write(folder / SCRIPT, script(shown))
    contents = {f"{name}.html": name for name in RUN_HISTORY.pages}
    for file in (OVERVIEW_FILE, *contents):
        if not (folder / file).is_file():  # a report of an earlier version
            continue
        page = (folder / file).read_text("utf-8")
        renewed = _replaced(MARKED, page, f"\n{shown}\n")
        if file in contents:
            renewed = _replaced(MAIN, renewed, _content(contents[file], history))
        if renewed != page:
            _write(folder / file, renewed)
            written.append(folder / file)
    return written


def _content(name: str, history: RunHistory) -> str:
    """The element `main` of a page on runs, which shows nothing but the history."""
    # only this page is imported: those of all analyses take seconds, and what is around `main` stays as it is
    page: Page = RUN_HISTORY.load(f"{SHOWN}.{name}").PAGE
    around: Summary = defaultdict(str, band="")
    made = page.render(page.summarise({RUN_HISTORY.name: history}), around)
    found = MAIN.search(made)
    return found[0] if found else ""


def _replaced(part: re.Pattern[str], page: str, by: str) -> str:
    return part.sub(lambda _: by, page, count=1) if by else page


def _write(path: Path, text: str) -> None:
    write_atomically(path, text.encode("utf-8"))
    path.chmod(0o644)  # a web server reads it
