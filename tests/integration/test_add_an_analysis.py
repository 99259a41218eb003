"""CONTRIBUTING.md is followed to add the analysis of docs/examples, in a copy of the project."""

import json
import subprocess

import pytest
from project_copy import Copy, steps_of

REGISTRY = "src/genrelab/analyses/registry.py"
RUN = """
import json, mlflow
from genrelab.analyses.registry import STUDIES
from genrelab.runtime.settings import load_settings
from tasks.run import artifacts
from tasks.analysis import run_analysis
from tasks.publishing.ingest_fma import ingest_fma_tables
from tasks.report import write_report
from tasks.run.step import read_record
from tasks.tracking.place import tracking_uri

for kind in ("table", "link", "markdown"):  # no Prefect server
    setattr(artifacts, f"create_{kind}_artifact", lambda **_: None)
settings = load_settings(fma="sample")
states = [ingest_fma_tables.fn(settings), run_analysis.fn("track_lengths", settings)]
again = run_analysis.fn("track_lengths", settings)
states += [write_report.fn(settings)]
mlflow.set_tracking_uri(tracking_uri(settings.home))
runs = mlflow.search_runs(experiment_names=["track-lengths"], output_format="list")
print(json.dumps({
    "states": [[state.type.value, state.message] for state in states],
    "again": again.name,
    "run_ids": read_record(settings.home.state / "track_lengths.json").run_ids,
    "runs": [run.info.run_id for run in runs],
    "metrics": sorted(runs[0].data.metrics),
    "files": [file.path for file in mlflow.MlflowClient().list_artifacts(runs[0].info.run_id)],
    "studies": STUDIES,
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    """A copy in which the steps of CONTRIBUTING.md are done."""
    made = Copy.make(tmp_path_factory.mktemp("stranger"))
    shell, _ = steps_of("Add an analysis", "sh")
    subprocess.run(["bash", "-e", "-c", shell], cwd=made.root, check=True)
    (line,) = steps_of("Add an analysis", "text")
    made.replace(REGISTRY, "\n)\n\nGROUPS", f"\n{line})\n\nGROUPS")
    (deployment,) = steps_of("Add an analysis", "yaml")
    for file, text in (("prefect.yaml", deployment), ("CHANGELOG.md", "- Lengths of tracks.\n")):
        path = made.root / file
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    done = made.python("-m", "genrelab_cli.docs")
    assert done.returncode == 0, done.stderr
    return made


def test_at_most_four_files_outside_its_folder_are_touched(copy):
    """The registry, the deployments, the changelog and the generated list."""
    assert copy.touched() == ["CHANGELOG.md", "docs/analyses.md", "prefect.yaml", REGISTRY]


def test_it_runs_on_the_sample_logs_to_mlflow_and_has_a_page(copy):
    """By its line in the registry alone: computed once, then unchanged; in the nightly run and in the report."""
    done = copy.python("-c", RUN)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    page = (copy.home / "data/reports/latest/track_lengths.html").read_text("utf-8")

    assert [kind for kind, _ in found["states"]] == ["COMPLETED"] * 3, found["states"]
    assert "genres, fma_tracks version 0: half of" in found["states"][1][1]
    assert found["again"] == "Unchanged"
    assert list(found["run_ids"].values()) == found["runs"]
    assert "median_minutes/Rock" in found["metrics"]
    assert sorted(found["files"]) == ["lengths.json", "lengths.png"]
    assert found["studies"][-1] == "track_lengths"
    assert '<figure class="chart" id="lengths">' in page
    assert '<a href="track_lengths.html" aria-current="page">Track lengths</a>' in page


def test_its_command_and_its_tests_are_there(copy):
    """`genrelab track-lengths`, and what holds for every analysis, holds for it."""
    shown = copy.python("-m", "genrelab_cli.main", "track-lengths", "--help")
    tests = copy.python(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "track_lengths or every_flow"),
        *(
            "tests/unit/analyses/test_track_lengths.py",
            "tests/unit/analyses/test_analyses.py",
            "tests/e2e/test_commands.py",
        ),
    )

    assert "Compare how long the tracks of each genre are." in shown.stdout
    assert tests.returncode == 0, tests.stdout[-3000:]
    assert "8 passed" in tests.stdout


def test_a_table_that_is_not_declared_is_an_error_in_its_first_test(copy):
    """With the table's name, and what is declared."""
    declaration = "src/genrelab/analyses/track_lengths/analysis.py"
    copy.replace(declaration, 'reads=("fma_tracks",)', 'reads=("fma_genres",)')
    tests = copy.python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/analyses/test_track_lengths.py"
    )
    copy.replace(declaration, 'reads=("fma_genres",)', 'reads=("fma_tracks",)')

    assert tests.returncode == 1
    assert (
        "UndeclaredError: the analysis track_lengths reads the table 'fma_tracks', which it does not declare; "
        "declared: fma_genres" in tests.stdout
    )
