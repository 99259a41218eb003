"""An analysis whose code is broken fails alone, with its name, the file and the line; the report says so."""

import json

import pytest
from project_copy import Copy

ORIGIN = "src/genrelab/analyses/origin"
DRIFT = "src/genrelab/analyses/drift"
BROKEN = "<h1>This page could not be loaded"
RUN = """
import json
import flows.nightly, flows.report, flows.studies, flows.train
from genrelab.analyses.registry import ANALYSES
from genrelab.runtime.settings import load_settings
from tasks.run import artifacts
from tasks.analysis import run_analysis
from tasks.measure_drift import measure_drift
from tasks.report import write_report
from tasks.training.train import train_genres

for kind in ("table", "link", "markdown"):  # no Prefect server
    setattr(artifacts, f"create_{kind}_artifact", lambda **_: None)
settings = load_settings()
runs = [one.name for one in ANALYSES if one.compute or one.fault and one.name != "measure_drift"]
states = {name: run_analysis.fn(name, settings) for name in runs}
states["measure_drift"] = measure_drift.fn(settings)
states["train"] = train_genres.fn("fma-top-genre", settings)
states["report"] = write_report.fn(settings)
print(json.dumps({name: [state.name, state.message] for name, state in states.items()}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    """A copy of the project that may be broken."""
    return Copy.make(tmp_path_factory.mktemp("broken"))


def run(copy: Copy, *files: str) -> dict[str, list[str]]:
    """The state of each step while files of the copy have a faulty last line; the files are put back."""
    whole = {copy.root / file: (copy.root / file).read_text("utf-8") for file in files}
    for path, text in whole.items():
        path.write_text(f"{text}import nowhere.at.all\n", "utf-8")
    try:
        done = copy.python("-c", RUN)
    finally:
        for path, text in whole.items():
            path.write_text(text, "utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


def place(copy: Copy, file: str) -> str:
    """The line that is faulty, as it is named."""
    lines = (copy.root / file).read_text("utf-8").count("\n") + 1
    return f"{file.removeprefix('src/')}:{lines}: ModuleNotFoundError: No module named 'nowhere'"


def page(copy: Copy, name: str) -> str:
    """A page of the newest report."""
    return (copy.home / f"data/reports/latest/{name}.html").read_text("utf-8").replace("&#39;", "'")


def content(page: str) -> str:
    """What a page shows of its own, without the band that lists the failures of the newest run on every page."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_broken_declarations_fail_their_steps_and_their_pages(copy):
    """All other steps are as they were, a training begins, and the overview names the steps."""
    files = {"study_origin": f"{ORIGIN}/analysis.py", "measure_drift": f"{DRIFT}/result.py"}
    states = run(copy, *files.values())

    for name, file in files.items():
        expected = f"the code of the analysis {name} cannot be loaded; found: {place(copy, file)}"
        assert states[name][0] == "Failed"
        assert expected in states[name][1]
        assert expected in page(copy, "index")
    assert states["explore"][0] == "Skipped"
    assert "spotify_binned has not been published" in states["compare_clusters_spotify"][1]
    assert "fma_tracks has not been published" in states["train"][1]
    assert states["report"][0] == "Failed"
    assert "the report is written without 2 pages" in states["report"][1]
    assert BROKEN in page(copy, "origin")
    assert place(copy, files["measure_drift"]) in content(page(copy, "drift"))
    assert BROKEN not in page(copy, "clusters")


def test_broken_computing_modules_fail_their_steps_and_a_broken_page_its_page(copy):
    """Each alone: pages of a step that cannot compute are whole, and the step whose page is broken runs as it did."""
    files = {"study_origin": f"{ORIGIN}/study.py", "measure_drift": f"{DRIFT}/judge.py"}
    broken = "src/genrelab/analyses/features/pages/feature_charts.py"
    states = run(copy, *files.values(), broken)

    for name, file in files.items():
        expected = f"the code of the analysis {name} cannot be loaded; found: {place(copy, file)}"
        assert states[name][0] == "Failed"
        assert expected in states[name][1]
        assert expected in page(copy, "index")
        assert BROKEN not in page(copy, name.partition("_")[2])
    assert "fma_tracks has not been published" in states["train"][1]
    assert states["explore"][0] == "Skipped"
    assert states["report"][0] == "Failed"
    assert place(copy, broken) in states["report"][1]
    assert place(copy, broken) in content(page(copy, "features"))
    assert BROKEN not in page(copy, "classes")


@pytest.mark.long
def test_a_broken_page_fails_the_report_after_it_is_written(copy):
    """The step that computes runs as it did."""
    file = f"{ORIGIN}/pages/origin.py"
    states = run(copy, file)

    assert "origin_tracks has not been published" in states["study_origin"][1]
    assert states["report"][0] == "Failed"
    assert "the report is written without 1 page" in states["report"][1]
    assert place(copy, file) in states["report"][1]
    assert place(copy, file) in content(page(copy, "origin"))


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "file"), [("study_origin", f"{ORIGIN}/study.py"), ("measure_drift", f"{DRIFT}/judge.py")]
)
def test_a_broken_computing_module_leaves_the_report_whole(copy, name, file):
    """The report says that the step failed."""
    states = run(copy, file)

    assert states[name][0] == "Failed"
    assert states["report"][0] == "Completed"
    assert f"the code of the analysis {name} cannot be loaded" in page(copy, "index")


def test_a_missing_folder_is_an_analysis_that_cannot_be_loaded(copy):
    """The command line answers, and its command says why it cannot run."""
    folder = copy.root / ORIGIN
    away = folder.rename(copy.root / "away")
    try:
        shown = copy.python("-m", "genrelab_cli.main", "study-origin", "--help")
    finally:
        away.rename(folder)

    assert "No module named 'genrelab.analyses.origin'" in shown.stdout


@pytest.mark.long
@pytest.mark.parametrize("file", ["pages/charts.py", "result.py"])
def test_broken_clusters_leave_the_other_pages_whole(copy, file):
    """The overview takes its one number from a result, not from their code."""
    states = run(copy, f"src/genrelab/analyses/clusters/{file}")

    assert states["report"][0] == "Failed"
    assert BROKEN in page(copy, "clusters")
    assert BROKEN not in page(copy, "index")
    assert BROKEN not in page(copy, "classes")
