"""What every analysis keeps: its result survives its record, and it reads nothing that it does not declare."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from cluster_facts import made_clusters
from drift_facts import made_drift
from explore_facts import made_exploration
from made_results import made_results
from origin_facts import made_study
from prediction_facts import made_prediction_facts
from prefect.states import Completed, Failed
from rule_facts import rule_facts
from run_facts import made_bins, made_fma, made_origin, made_run, made_tables
from training_facts import made_trainings
from validation_facts import made_audits

import tasks.analysis
from genrelab.analyses.analysis import PACKAGE, SHOWN, Analysis
from genrelab.analyses.inputs import Inputs, UndeclaredError
from genrelab.analyses.registry import ANALYSES, BY_NAME, STUDIES, run_by, used_by
from genrelab.report.pages import load
from genrelab.report.site import summarise_site
from genrelab.runtime.files import read_json, write_json
from genrelab.runtime.home import PROJECT
from genrelab.runtime.records import decode, encode
from genrelab.runtime.settings import Settings
from tasks.analysis import run_analyses
from tasks.run import step
from tasks.run.step import ALL_CODE, Outcome, code_digest, run_step, runs_in_step

FOLDERS = sorted({analysis.folder for analysis in ANALYSES})
RESULTS = {
    "audit_rules": rule_facts,
    "predict": made_prediction_facts,
    "explore": made_exploration,
    "compare_clusters_spotify": lambda: made_clusters()[0],
    "compare_clusters_fma": lambda: made_clusters()[1],
    "study_origin": made_study,
    "measure_drift": made_drift,
    "training": made_trainings,
    **made_results(),
    "overview": made_run,
    "bin_genres": made_bins,
    "ingest_fma": made_fma,
    "ingest_origin": made_origin,
    "tables": made_tables,
    "validation": made_audits,
}


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_result_survives_its_record(home, name):
    """Written as JSON, read again, it is equal; so is what the report draws."""
    result = RESULTS[name]()
    write_json(home.state / "x.json", encode(result))

    assert decode(BY_NAME[name].result, read_json(home.state / "x.json")) == result


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_record_that_does_not_fit_holds_no_result(name):
    """Each key of the result gone, or of another type."""
    kind, values = BY_NAME[name].result, encode(RESULTS[name]())
    whole = dict(values)

    for key in whole:
        assert decode(kind, {other: value for other, value in whole.items() if other != key}) is None, key
        assert decode(kind, whole | {key: object()}) is None, key


class Kept:
    """Counts how often a step works."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self) -> Outcome:
        self.runs += 1
        return Outcome("done", {"k": 1})


@pytest.mark.parametrize("left", ["{torn", '{"facts": {}}', '"text"', "[]"])
def test_a_record_that_cannot_be_read_makes_the_step_run_again_and_say_so(home, left):
    """Cut short by a kill, or written by another version."""
    work = Kept()
    run_step("s", home, {}, work)
    (home.state / "s.json").write_text(left)
    state = run_step("s", home, {}, work)

    assert work.runs == 2
    assert state.message == "done; ran again because this version cannot read its last record"


def test_facts_of_another_version_make_the_step_run_again(home):
    """The record is whole, its facts are those of before a change of the result."""
    work = Kept()
    run_step("s", home, {}, work)

    assert run_step("s", home, {}, work, holds=lambda facts: "k" in facts).name == "Unchanged"
    assert "ran again" in run_step("s", home, {}, work, holds=lambda facts: "rows" in facts).message


def declared(**changes) -> Analysis:
    return replace(BY_NAME["study_origin"], **changes)


def test_an_undeclared_table_or_setting_is_an_error(home):
    """In the first test of the analysis, not as a result that is skipped although its input changed."""
    inputs = Inputs(declared(reads=("fma_tracks",), settings=("seed",)), Settings(home=home))

    assert (inputs.seed, inputs.cores, inputs.find("fma_tracks")) == (24, 2, None)
    with pytest.raises(UndeclaredError, match="reads the table 'origin_tracks', which it does not declare"):
        inputs.read("origin_tracks")
    with pytest.raises(UndeclaredError, match=r"reads the setting 'budget'.*declared: seed, cores"):
        inputs.setting("budget")
    with pytest.raises(UndeclaredError, match="reads the fact 'bin_genres"):
        inputs.fact("bin_genres.rule_set")


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_module_and_function_that_a_declaration_names_is_there(name):
    """A misspelt path would only show at night."""
    analysis = BY_NAME[name]

    for work in (analysis.compute, analysis.summary, analysis.runs):
        assert not work or callable(analysis.load(work))
    for page in analysis.pages:
        assert analysis.load(f"{SHOWN}.{page}:PAGE").name == page
    for setting in analysis.settings:
        assert setting in Settings.model_fields


def imports_of(file: Path) -> set[str]:
    """Folders of the analyses that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[2] for name in names if name.startswith(f"{PACKAGE}.")}
    return found & set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_analysis_uses_the_code_that_it_says_it_uses(folder):
    """Neither more, which would compute it anew for nothing, nor less, which would keep an old result."""
    files = (PROJECT / "src" / "genrelab" / "analyses" / folder).rglob("*.py")
    found = {name for file in files if SHOWN not in file.parts for name in imports_of(file)}
    said = {name for analysis in ANALYSES if analysis.folder == folder for name in analysis.uses}

    assert found - {folder} == said & set(FOLDERS)


def test_a_changed_page_concerns_the_report_alone():
    """Caption, colour, template or asset: no step that computes reads them."""
    for name in (
        "genrelab/report/figure.py",
        "genrelab/report/assets/report.css",
        "genrelab/analyses/origin/pages/charts.py",
        "genrelab/analyses/origin/pages/origin.html",
        "genrelab/analyses/registry.py",
        "tasks/tracking/pictures.py",
    ):
        assert not runs_in_step(name, used_by("origin")), name
    assert len({code_digest("origin"), code_digest(*ALL_CODE), code_digest()}) == 3


def changed_code(monkeypatch, name: str) -> None:
    """As if a file of the code had been edited."""
    hashes = tuple((file, "edited" if file == name else digest) for file, digest in step._hashes())
    monkeypatch.setattr(step, "_hashes", lambda: hashes)
    code_digest.cache_clear()


@pytest.mark.parametrize(
    ("changed", "runs_again"),
    [
        ("genrelab/analyses/clusters/pages/charts.py", {"report"}),
        ("genrelab/report/templates/base.html", {"report"}),
        ("genrelab/analyses/clusters/kmeans.py", {"report", "clusters", "origin"}),
        ("genrelab/analyses/drift/judge.py", {"report", "drift"}),
        ("genrelab/analyses/training/pages/charts.py", {"report"}),
        ("genrelab/analyses/training/result.py", {"report", "training"}),
        ("genrelab/analyses/rule_audit/audit.py", {"report", "rule_audit"}),
        ("genrelab/analyses/rule_audit/pages/charts.py", {"report"}),
        ("genrelab/analyses/predictions/surprises.py", {"report", "predictions"}),
        (
            "genrelab/analyses/features/sources.py",
            {"report", "features", "rule_audit", "drift", "archive"},
        ),
        ("genrelab/lake/lake.py", {"report", "library", *FOLDERS}),
        ("tasks/run/artifacts.py", {"report", "library", *FOLDERS}),
    ],
)
def test_only_the_steps_run_again_whose_code_has_changed(home, monkeypatch, changed, runs_again):
    """One step for each analysis, one that runs the library alone, and the report."""
    assert changed in dict(step._hashes())
    codes = {"report": ALL_CODE, "library": (), **{folder: (folder,) for folder in FOLDERS}}
    for name, code in codes.items():
        run_step(name, home, {}, Kept(), code=code)
    changed_code(monkeypatch, changed)
    names = {name: run_step(name, home, {}, Kept(), code=code).name for name, code in codes.items()}
    code_digest.cache_clear()

    assert {name for name, state in names.items() if state == "Completed"} == runs_again


def test_a_page_that_cannot_be_imported_takes_no_other_with_it():
    """It stands in the navigation and says what is wrong."""
    page = load("genrelab.analyses.nowhere.pages.lost")
    text = page.render(page.summarise({}), summarise_site({}) | {"cards": []})

    assert "This page could not be loaded" in text
    assert "genrelab.analyses.nowhere.pages.lost: ModuleNotFoundError" in text


def test_an_analysis_whose_code_is_broken_fails_by_its_name(home, monkeypatch):
    """The others have steps of their own."""
    monkeypatch.setitem(BY_NAME, "explore", replace(BY_NAME["explore"], compute="nowhere:compute"))
    monkeypatch.setattr(tasks.analysis, "version_ids", lambda *_: {"spotify_binned": "0@now"})

    state = tasks.analysis.run_analysis.fn("explore", Settings(home=home))

    assert state.is_failed()
    assert (
        "the analysis explore cannot be loaded; found: ModuleNotFoundError: No module named" in state.message
    )
    assert list(step.failures(home)) == ["explore"]


def test_changed_code_of_an_analysis_concerns_it_and_its_users():
    """The others keep their results, the library concerns all."""
    concerned = {
        folder for folder in FOLDERS if runs_in_step("genrelab/analyses/origin/study.py", used_by(folder))
    }

    assert concerned == {"origin"}
    assert runs_in_step("genrelab/analyses/clusters/kmeans.py", used_by("origin"))
    assert all(runs_in_step("genrelab/lake/lake.py", used_by(folder)) for folder in FOLDERS)


def test_when_the_time_of_a_flow_is_up_no_other_analysis_begins(home, monkeypatch):
    """One that fails for another reason stops no other."""
    states = {"compare_clusters_spotify": Failed(message="bad"), "compare_clusters_fma": Completed()}
    monkeypatch.setattr(tasks.analysis, "run_analysis", lambda name, *_, **__: states[name])
    assert run_analyses("compare_clusters", Settings(home=home)) == list(states.values())

    states["compare_clusters_spotify"] = Failed(name="TimedOut", data=TimeoutError("too long"))
    with pytest.raises(TimeoutError, match="too long"):
        run_analyses("compare_clusters", Settings(home=home))


def test_the_registry_says_which_flow_runs_an_analysis():
    """Those with a task of their own are run by none of the flows that are made from it."""
    assert STUDIES[:3] == ("doubtful_labels", "compare_clusters", "study_origin")
    assert [one.name for one in run_by("report")] == ["look_up", "explore", "your_music"]
    assert run_by("train") == ()
