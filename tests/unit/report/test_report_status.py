"""The band on top of every page, and what a run rewrites beside the pages."""

import json
import re
from dataclasses import replace

import pytest
from awkward_names import AWKWARD
from report_facts import made_facts
from run_history_facts import made_history, made_run_record

from genrelab.analyses.run_history.result import RunHistory
from genrelab.report.pages import PAGES
from genrelab.report.site import write_site
from genrelab.report.status import band_of, script, write_status

GOOD = RunHistory((made_run_record(4),), {})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A whole site."""
    return write_site(made_facts(), tmp_path_factory.mktemp("status") / "site").parent


def shown(page: str) -> str:
    """The script file's band."""
    return json.loads(re.fullmatch(r"window\.genrelabStatus = (.*);\n", page, re.DOTALL)[1])


def test_every_page_begins_with_the_status(written):
    """Its text needs no script; on pages that depend on the failed step the failure is emphasised."""
    emphasised = set()
    for page in PAGES:
        text = (written / page.file).read_text("utf-8")
        assert "1 of 3 steps failed." in text
        assert text.index('id="status"') < text.index("<main")
        emphasised |= {page.name} if 'class="here"' in text else set()

    assert {"origin", "tables", "validation"} <= emphasised
    assert not {"index", "rules", "models"} & emphasised


def test_a_run_renews_the_status_and_the_pages_on_runs_alone(written):
    """No other file is touched; without a change nothing is written at all."""
    before = {file: file.read_bytes() for file in written.rglob("*") if file.is_file()}
    write_status(written, GOOD)
    changed = {file.name for file, data in before.items() if file.read_bytes() != data}
    stamps = {file: file.stat().st_ino for file in written.glob("*.html")}
    write_status(written, GOOD)

    assert changed == {"status.js", "index.html", "failed.html", "changed.html", "trends.html"}
    assert stamps == {file: file.stat().st_ino for file in written.glob("*.html")}
    assert "1 of 3 steps failed" not in (written / "index.html").read_text("utf-8")
    assert "Nothing failed" in (written / "failed.html").read_text("utf-8")
    assert "1 step done" in shown((written / "status.js").read_text("utf-8"))


def test_markup_in_a_reason_stays_text():
    """Neither the band nor the script file ends an element or begins one."""
    assert AWKWARD in made_history().runs[-1].failed[0].message
    assert AWKWARD not in band_of(made_history())
    assert "<" not in script(band_of(made_history())).removeprefix("<")


def test_a_report_of_an_earlier_version_is_left_as_it_is(tmp_path):
    """It has no band and no pages on runs; the script file beside it is loaded by nothing."""
    (tmp_path / "index.html").write_text("<main>old</main>", encoding="utf-8")
    write_status(tmp_path, GOOD)

    assert (tmp_path / "index.html").read_text("utf-8") == "<main>old</main>"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["index.html", "status.js"]


def test_without_a_report_nothing_is_written(tmp_path):
    """The first run of a home may be one that ingests a table."""
    write_status(tmp_path / "latest", GOOD)

    assert list(tmp_path.iterdir()) == []


def test_a_run_without_training_shows_no_champions(tmp_path):
    """The pages on runs are written all the same."""
    run = replace(made_run_record(), champions={}, coverage={}, rules={}, drift={}, tables={}, steps=())
    page = write_site({"run_history": RunHistory((run,), {})}, tmp_path / "site").parent / "trends.html"

    assert "No step failed in 1 run" in page.read_text("utf-8")
