"""Write the site: every page, the shared assets and the facts as JSON.

Conventions: the site is written into a temporary folder beside its destination and renamed, so that no reader sees an
incomplete site. It opens from disk without a network. Plotly's script (PROVENANCE.md) lies in it once.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from importlib import resources
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from genrelab import __version__
from genrelab.analyses.broken import fault_of
from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.result import NO_TABLES, PublishedTables
from genrelab.analyses.overview.analysis import OVERVIEW
from genrelab.analyses.registry import ANALYSES
from genrelab.analyses.training.analysis import TRAINING
from genrelab.report.figure import without_gaps
from genrelab.report.page import Facts, Page, Summary, templates
from genrelab.report.pages import PAGES, with_more, without_content
from genrelab.report.palette import slug
from genrelab.report.search_index import Entry, Names, list_script, search_entries
from genrelab.report.servers import flow_run_link, write_servers
from genrelab.report.status import SCRIPT, band, script
from genrelab.report.task_picker import pickable_tasks
from genrelab.report.wording import DASH, plural, when
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.records import encode

SCRIPTS = ("drawing.js", "tables.js", "picking.js", "search.js", "report.js")
STYLES = ("band.css", "chord.css")
ASSETS = (*SCRIPTS, *STYLES, "plotly.min.js", "theme.js", "band.js", "changed.js", "chord.js", "look_up.js")
TERMS = "https://developer.spotify.com/policy"
LATEST = "latest"
EARLIER_SHOWN = 10


def summarise_site(facts: Facts, pages: Sequence[Page] = PAGES) -> Summary:
    """Return what every page shows around its content: navigation, the sample banner, the footer."""
    run, tables = OVERVIEW.found_in(facts), TABLES.found_in(facts) or NO_TABLES
    return {
        "is_sample": tables.is_sample,
        "sample_parts": _sample_parts(facts, tables),
        "navigation": [
            {
                "label": group,
                "pages": [{"file": page.file, "label": page.label, "task": page.task} for page in pages_of],
            }
            for group, pages_of in groupby(pages, key=lambda page: page.group)
        ],
        "scripts": SCRIPTS,
        "tasks": pickable_tasks(facts),
        "band": lambda needs: Markup(band(facts, needs)),  # noqa: S704 - from a template that escapes
        "generated_at": when(run.generated_at) if run else DASH,
        "run_name": run.name if run else "",
        "run_id": run.flow_run_id if run else "",
        "run_link": flow_run_link(run.flow_run_id) if run else "",
        "git_commit": run.git_commit if run else "",
        "version": run.genrelab_version if run else __version__,
        "versions": [
            {"table": table.table, "version": str(table.version), "anchor": slug(table.table)}
            for table in tables.tables
        ],
        "earlier": [],
        "terms": TERMS,
    }


def _sample_parts(facts: Facts, tables: PublishedTables) -> list[str]:
    """Return the sample tables, and the results computed from a sample table that has since been replaced."""
    made_up = [table.table for table in tables.tables if table.sample]
    trained = TRAINING.found_in(facts)
    analysed = [
        f"{analysis.sample_label} {getattr(found, 'title', found.table)}"
        for analysis in ANALYSES
        if analysis.sample_label
        if (found := analysis.found_in(facts)) and found.sample and found.table not in made_up
    ]
    return [
        *made_up,
        *(
            f"the models of {one.title}"
            for one in (trained.tasks if trained else ())
            if one.sample and one.table not in made_up
        ),
        *analysed,
    ]


def write_site(facts: Facts, folder: Path, names: Names | None = None) -> Path:
    """Write the whole site, replacing what is in `folder`.

    Args:
        facts: What the run found; every key may be absent.
        folder: Destination of the site. It is replaced at once.
        names: Artists and tracks for the search; none if absent.

    Returns:
        The address to open: `folder/index.html`.

    Raises:
        GenrelabError: `folder` exists and is not a report, or the code of a page fails (everything else is written
            first).
    """
    _refuse(_write(facts, folder, names))
    return folder / "index.html"


def _write(facts: Facts, folder: Path, names: Names | None = None) -> list[str]:
    """Write the whole site; returns one message for each page whose code failed."""
    if folder.is_file() or (
        folder.is_dir() and any(folder.iterdir()) and not (folder / "index.html").exists()
    ):
        raise GenrelabError(
            f"{folder} is not a report",
            found="a file" if folder.is_file() else "a folder with other contents",
            allowed="a new folder, or an earlier report",
            do="choose another folder, or move its contents away",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        faults, entries = _write_pages(facts, made, _earlier(folder))
        _write_assets(made / "assets")
        (made / "assets" / "entries.js").write_text(list_script("entries", entries), encoding="utf-8")
        (made / "assets" / "names.js").write_text(
            list_script("names", (names or Names()).columns()), encoding="utf-8"
        )
        write_servers(made, {})
        (made / SCRIPT).write_text(script(band(facts)), encoding="utf-8")
        # without spaces, which would be almost half of the file
        (made / "facts.json").write_text(
            json.dumps(_as_json(facts), ensure_ascii=False, separators=(",", ":")), "utf-8"
        )
        (made / "facts.json").chmod(0o644)
        made.chmod(0o755)  # mkdtemp makes it private; a report must be readable by a web server
        _replace(folder, made)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return faults


def _as_json(facts: Facts) -> dict[str, object]:
    """Return the results of the analyses as JSON values."""
    return {
        analysis.name: without_gaps(encode(found))
        for analysis in ANALYSES
        if (found := analysis.found_in(facts)) is not None
    }


def publish_site(facts: Facts, reports: Path, name: str, names: Names | None = None) -> Path:
    """Write the site of one run and let `latest` point to it.

    Args:
        facts: What the run found.
        reports: Folder of all reports.
        name: Folder of this run's report.
        names: Artists and tracks for the search; none if absent.

    Returns:
        The stable address: `reports/latest/index.html`.

    Raises:
        GenrelabError: As `write_site`; or `latest` exists and is not a link.
    """
    latest = reports / LATEST
    if latest.exists() and not latest.is_symlink():
        raise GenrelabError(
            f"{latest} cannot link to the new report",
            found="a file or folder",
            allowed="a link, or nothing",
            do="move it away and run `genrelab report`",
        )
    faults = _write(facts, reports / name, names)
    pointer = reports / f".{LATEST}.{name}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(name, target_is_directory=True)
    pointer.replace(latest)
    _refuse(faults)
    return latest / "index.html"


def _earlier(folder: Path) -> list[str]:
    """Return the names of the other reports beside a report, newest first."""
    found = (one.parent for one in folder.parent.glob("*/facts.json") if not one.parent.is_symlink())
    return sorted((one.name for one in found if one.name != folder.name), reverse=True)[:EARLIER_SHOWN]


def _write_pages(facts: Facts, folder: Path, earlier: Sequence[str]) -> tuple[list[str], list[Entry]]:
    """Write every page; returns one message for each page whose code failed, and what the search finds."""
    pages = with_more(PAGES, facts)
    site = summarise_site(facts, pages) | {"earlier": earlier}
    made = [_summarised(page, facts) for page in pages]
    cards = [{key: summary[key] for key in ("page", "has_run", "finding")} for _, summary in made]
    faults = []
    for page, summary in made:
        text, fault = _rendered(page, summary, site | {"cards": cards})
        (folder / page.file).write_text(text, encoding="utf-8")
        faults += [fault] if fault else []
    return faults, search_entries(made, facts)


def _summarised(page: Page, facts: Facts) -> tuple[Page, Summary]:
    try:
        return page, page.summarise(facts)
    except Exception as error:  # noqa: BLE001 - a failing page must not stop the others
        broken = without_content(page, f"the page {page.name}: {fault_of(error)}")
        return broken, broken.summarise(facts)


def _rendered(page: Page, summary: Summary, site: Summary) -> tuple[str, str]:
    try:
        return page.render(summary, site), page.fault
    except Exception as error:  # noqa: BLE001 - as above
        broken = without_content(page, f"the page {page.name}: {fault_of(error)}")
        return broken.render(broken.summarise({}), site), broken.fault


def _refuse(faults: Sequence[str]) -> None:
    """Raise if pages of the written report could not be rendered.

    Raises:
        GenrelabError: The code of at least one page failed.
    """
    if faults:
        raise GenrelabError(
            f"the report is written without {plural(len(faults), 'page')}",
            found="; ".join(faults),
            do="fix the code and run `genrelab report`; these pages show the same error",
        )


def _write_assets(folder: Path) -> None:
    folder.mkdir()
    own = resources.files("genrelab.report") / "assets"
    for name in ASSETS:
        (folder / name).write_bytes((own / name).read_bytes())
    # The colours come from the palette, so that charts and style sheet cannot disagree.
    style = templates().get_template("palette.css").render() + (own / "report.css").read_text("utf-8")
    (folder / "report.css").write_text(style, encoding="utf-8")


def _replace(folder: Path, made: Path) -> None:
    """Replace `folder` by `made`; the old one is kept until the new one is in place."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old."))
    folder.rename(old / "site")
    try:
        made.rename(folder)
    except BaseException:
        (old / "site").rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
