"""What a run in which every step is skipped imports: flows and tasks, and none of the tools of the work itself."""

import subprocess
import sys

WORK = {
    "duckdb",
    "great_expectations",
    "matplotlib",
    "mlflow",
    "pandas",
    "plotly",
    "requests",
    "scipy",
    "sklearn",
    "spotipy",
    "xgboost",
}


def test_the_flows_import_nothing_that_only_work_needs():
    """Models, suites, drawing and clients take seconds to import; each step imports them when it has work."""
    code = "import flows.nightly, genrelab_cli.commands.run, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not WORK & set(done.stdout.split())
