"""`genrelab report --pdf`: every page of the newest report as a PDF, printed by Chromium.

Conventions: the files are in `pdf` within the report, named after the pages. Paper, colours and page breaks are the
report's own (`report.css`, `drawing.js`).
"""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from genrelab.runtime.errors import GenrelabError

VARIABLE = "GENRELAB_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
)
AT_ONCE = 2
LONGEST_SECONDS = 180


def find_chromium() -> str:
    """Return the program that prints.

    Raises:
        GenrelabError: There is none.
    """
    named = os.environ.get(VARIABLE, "")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found:
        return found
    raise GenrelabError(
        "the report cannot be printed without Chromium",
        found=f"no {named}, which {VARIABLE} names" if named else f"none of {', '.join(PROGRAMS)}",
        do=f"install it (Debian: apt-get install chromium), or name a program by {VARIABLE}; "
        "or open a page of the report and print it from the browser",
    )


def print_report(report: Path) -> Path:
    """Print every page of a report to A4.

    Args:
        report: Folder of the report.

    Returns:
        The folder of the PDFs, which replaces an earlier one.

    Raises:
        GenrelabError: There is no Chromium, or a page could not be printed.
    """
    program = find_chromium()
    folder = report.resolve() / "pdf"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    pages = sorted(report.resolve().glob("*.html"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda page: _print(program, page, folder / f"{page.stem}.pdf"), pages))
    return folder


def _print(program: str, page: Path, made: Path) -> None:
    with tempfile.TemporaryDirectory() as profile:
        # Chromium refuses its sandbox to root
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        words = [
            program,
            *FLAGS,
            *root,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        try:
            said = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False)  # noqa: S603 - found above
            why = said.stderr.strip().splitlines()[-1:] or [f"exit code {said.returncode}"]
        except subprocess.TimeoutExpired:
            why = [f"no answer within {LONGEST_SECONDS} s"]
    if not made.is_file():
        raise GenrelabError(
            f"{page.name} could not be printed", found=why[0], do=f"check {program}, then try again"
        )
