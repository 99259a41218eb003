"""The site as a whole: complete, replaced at once, and robust against facts that are missing."""

import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_checks import says_none
from report_facts import made_facts

from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.result import PublishedTables
from genrelab.analyses.training.result import Trainings
from genrelab.report import site as site_module
from genrelab.report.figure import unpack
from genrelab.report.listen import FMA, SPOTIFY
from genrelab.report.pages import PAGES
from genrelab.report.servers import DEFAULTS
from genrelab.report.site import publish_site, summarise_site, write_site
from genrelab.runtime.errors import GenrelabError

SAMPLE = "Synthetic sample data: no statement about real music"
OUTSIDE = (site_module.TERMS, *(f"{base}/" for base in DEFAULTS.values()), SPOTIFY, FMA)
CHART = re.compile(r'<figure class="chart".*?<script type="application/gzip">(.*?)</script>', re.DOTALL)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Balance(HTMLParser):
    """Checks that every element is closed in its order, ids are unique, and collects addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.addresses += [value for name, value in attrs if name in {"src", "href"} and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read_page(text: str) -> Balance:
    """The page, checked."""
    page = Balance()
    page.feed(text)
    page.close()
    assert page.open == []
    return page


def test_the_site_holds_every_page_and_nothing_from_outside(site):
    """Scripts and styles lie beside the pages; outside are links to terms, servers of the home, and music alone."""
    for page in PAGES:
        addresses = read_page((site / page.file).read_text("utf-8")).addresses
        outside = {address for address in addresses if "://" in address}
        assert [address for address in outside if not address.startswith(OUTSIDE)] == []
        for address in set(addresses) - outside:
            file = address.partition("#")[0].partition("?")[0] or page.file
            assert address.startswith("data:") or (site / file).is_file(), address


def test_every_page_is_whole_and_its_parts_have_names_of_their_own(site):
    """Elements close in order, and no id occurs twice."""
    for page in PAGES:
        ids = read_page((site / page.file).read_text("utf-8")).ids
        assert len(ids) == len(set(ids)), page.name


def test_links_within_a_page_lead_somewhere(site):
    """Every #anchor is the id of something."""
    for page in PAGES:
        read = read_page((site / page.file).read_text("utf-8"))
        assert {address[1:] for address in read.addresses if address.startswith("#")} <= set(read.ids)


def test_embedded_charts_can_be_unpacked(site):
    """What the script reads can be read."""
    pages = [(site / page.file).read_text("utf-8") for page in PAGES]
    texts = [text for page in pages for text in CHART.findall(page)]

    assert len(texts) == sum(page.count('<figure class="chart"') for page in pages) >= len(PAGES)
    for text in texts:
        for view in unpack(text).values():
            assert view["title"]
            assert view["traces"]


def test_the_site_stays_small(site):
    """Under 15 MB with its scripts, the charts' script once."""
    sizes = {path: path.stat().st_size for path in site.rglob("*") if path.is_file()}

    assert sum(sizes.values()) < 15_000_000
    assert [path.name for path in sizes if "plotly" in path.name] == ["plotly.min.js"]


def test_the_facts_lie_beside_the_pages(site):
    """Whoever wants the numbers need not read HTML."""
    assert json.loads((site / "facts.json").read_text("utf-8"))["bin_genres"]["binned"] == 35049


def test_terms_and_licence_stand_on_every_page(site):
    """Spotify's terms and the FMA's licence."""
    for page in PAGES:
        text = (site / page.file).read_text("utf-8")
        assert "forbid training models on Spotify content" in text
        assert "CC BY 4.0" in text


def test_sample_data_is_labelled_on_every_page(tmp_path):
    """Nobody mistakes made-up tracks for music; real data carry no such banner."""
    facts = made_facts()
    tables = tuple(replace(table, sample=True) for table in facts[TABLES.name].tables)
    sample = write_site(facts | {TABLES.name: PublishedTables(tables)}, tmp_path / "sample").parent
    real = write_site(facts, tmp_path / "real").parent

    for page in PAGES:
        assert SAMPLE in (sample / page.file).read_text("utf-8")
        assert SAMPLE not in (real / page.file).read_text("utf-8")


def test_one_sample_table_among_real_ones_is_named(tmp_path):
    """A mixed run says which numbers are made up."""
    facts = made_facts()
    *real, last = facts[TABLES.name].tables
    facts[TABLES.name] = PublishedTables((*real, replace(last, sample=True)))
    text = write_site(facts, tmp_path / "run").read_text("utf-8")

    assert SAMPLE in text
    assert "comes from origin_tracks" in text


def test_results_of_sample_data_stay_labelled_after_the_tables_are_real(tmp_path):
    """A training that failed, or was not run, still shows what the sample gave."""
    facts = made_facts()
    first, *others = facts["training"].tasks
    facts["training"] = Trainings((replace(first, sample=True), *others))
    text = write_site(facts, tmp_path / "run").read_text("utf-8")

    assert SAMPLE in text
    assert f"comes from the models of {first.title};" in text


def test_an_empty_run_makes_a_whole_site(tmp_path):
    """Without any fact every page is there and says what to run."""
    folder = write_site({}, tmp_path / "run").parent

    for page in PAGES[1:]:
        text = (folder / page.file).read_text("utf-8")
        read_page(text)
        assert ("Not run yet" in text) == bool(page.needs), page.name
    assert "genrelab nightly" in (folder / "index.html").read_text("utf-8")


def test_writing_again_replaces_the_whole_site(tmp_path):
    """Nothing of the earlier site is left, and nothing lies beside it."""
    folder = tmp_path / "run"
    write_site({}, folder)
    (folder / "stale.html").write_text("old")
    write_site(made_facts(), folder)

    assert not (folder / "stale.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_failure_leaves_the_earlier_site(tmp_path, monkeypatch):
    """Whatever goes wrong while writing, the last site stands and no rest is left."""
    folder = tmp_path / "run"
    write_site(made_facts(), folder)
    before = (folder / "index.html").read_bytes()
    monkeypatch.setattr(site_module, "_write_assets", lambda _: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        write_site({}, folder)

    assert (folder / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_is_no_report_is_left_alone(tmp_path):
    """Nobody's files are replaced by a report."""
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song.mp3").write_bytes(b"x")
    (tmp_path / "file").write_bytes(b"x")

    for name in ("music", "file"):
        with pytest.raises(GenrelabError, match="is not a report"):
            write_site({}, tmp_path / name)
    assert (tmp_path / "music" / "song.mp3").exists()


def test_latest_points_to_the_newest_report(tmp_path):
    """Runs keep their folders; the address that stays shows the last one."""
    publish_site(made_facts(), tmp_path, "run-1")
    address = publish_site({}, tmp_path, "run-2")

    assert address == tmp_path / "latest" / "index.html"
    assert address.resolve() == (tmp_path / "run-2" / "index.html").resolve()
    assert not (tmp_path / "latest").readlink().is_absolute()
    assert {path.name for path in tmp_path.iterdir()} == {"run-1", "run-2", "latest"}


def test_a_folder_called_latest_is_not_overwritten(tmp_path):
    """Someone else's `latest` is named, and nothing is written."""
    (tmp_path / "latest").mkdir()

    with pytest.raises(GenrelabError, match="cannot link to the new report"):
        publish_site({}, tmp_path, "run-1")
    assert [path.name for path in tmp_path.iterdir()] == ["latest"]


def test_numbers_that_are_none_are_dashes(tmp_path):
    """NaN never reaches a page or the file of facts."""
    facts = made_facts()
    first, *others = facts["audit_rules"].sets
    facts["audit_rules"] = replace(facts["audit_rules"], sets=(replace(first, coverage=math.nan), *others))
    folder = write_site(facts, tmp_path / "run").parent

    assert (
        json.loads((folder / "facts.json").read_text("utf-8"))["audit_rules"]["sets"][0]["coverage"] is None
    )
    for page in PAGES:
        assert not re.search(r"\bnan\b", (folder / page.file).read_text("utf-8"), re.IGNORECASE)


FACTS = made_facts()


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(sorted(FACTS)), min_size=1))
def test_no_missing_result_breaks_a_page(absent):
    """Whichever analyses have not run, every page is written whole and never says None."""
    facts = {name: found for name, found in FACTS.items() if name not in absent}
    site = summarise_site(facts)
    for page in PAGES:
        text = page.render(page.summarise(facts), site | {"cards": []})
        read_page(text)
        assert not says_none(text), page.name


def test_a_page_whose_code_fails_takes_no_other_with_it(tmp_path, monkeypatch):
    """Its place says which, where and why; the error comes after everything is written."""
    broken = replace(PAGES[1], fill=lambda _facts: {}["gone"])
    monkeypatch.setattr(site_module, "PAGES", (PAGES[0], broken, *PAGES[2:]))

    with pytest.raises(
        GenrelabError, match=rf"written without 1 page; found: the page {broken.name}: .*: KeyError: 'gone'"
    ):
        publish_site(made_facts(), tmp_path, "run")
    text = (tmp_path / "latest" / broken.file).read_text("utf-8")

    read_page(text)
    assert "This page could not be loaded" in text
    assert all((tmp_path / "latest" / page.file).is_file() for page in PAGES)
    assert "This page could not be loaded" not in (tmp_path / "latest" / PAGES[2].file).read_text("utf-8")
