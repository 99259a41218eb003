"""What must hold after every night, whatever happened in it: counts, champions, the report, the size of the home.

Conventions: nothing is taken from what a night prints. Tables are read from the lake, champions from the registry,
and a new champion is measured here, beside the one before it, on tracks that neither was fitted on.
"""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from mlflow import MlflowClient
from program import Program
from sklearn.metrics import f1_score

from genrelab.evaluation.groups import GATE
from genrelab.evaluation.predictions import feature_frame
from genrelab.lake.lake import Lake
from genrelab.runtime.home import Home
from tasks.tracking.client import connect
from tasks.tracking.registry import load_stored

REPORTS, CHAMPIONS, BACKUPS = 5, 2, 1
RETENTION = f"""[retention]
reports = {REPORTS}
table_versions_days = 0
runs_days = 0
champions = {CHAMPIONS}
backups = {BACKUPS}
"""
"""By age everything goes at once, so that what stays is what something rests on."""
SPOTIFY = ("spotify-bins-classic", "spotify-bins-reviewed")
MODELS_OF_A_LINE = CHAMPIONS + 1
"""What a champion's line keeps: its champions and one candidate."""
VERSIONS = 2 + 3 + len(SPOTIFY) * MODELS_OF_A_LINE + 1
"""Of spotify_binned: the newest and the one before, three that a drift compares with, one for each model that stays,
and the one that was there when the models of the other source were made."""


def check_counts(program: Program, read: int | None) -> dict[str, dict[str, Any]]:
    """Every record of a source is published, quarantined or a duplicate, and the files hold just that.

    Args:
        program: Whose tables.
        read: How many tracks the pulls hold; None when tonight's could not be read.

    Returns:
        The tables as `genrelab tables` tells of them.
    """
    tables, lake = program.tables(), Lake(Home(program.home))
    for name, row in tables.items():
        assert row["read"] == row["rows"] + row["quarantined"] + row["duplicates"], row
        assert len(lake.read(name)) == row["rows"], row
        assert len(lake.rejected(name)) == row["quarantined"], row
    if read is not None:
        assert tables["spotify_tracks"]["read"] == read
        assert tables["spotify_binned"]["rows"] == tables["spotify_tracks"]["rows"]
        tasks = lake.read("predictions", ["task"])["task"].to_pylist()
        assert all(tasks.count(name) == tables["spotify_tracks"]["rows"] for name in SPOTIFY)
    return tables


def champions(program: Program) -> dict[str, str]:
    """Version of the champion of every registered model that has one."""
    client = MlflowClient(f"sqlite:///{program.home / 'mlruns/mlflow.db'}")
    models = client.search_registered_models()
    return {model.name: str(model.aliases["champion"]) for model in models if "champion" in model.aliases}


def decision(program: Program, name: str) -> dict[str, Any]:
    """What became of the last challenge."""
    record = json.loads((program.home / f"data/state/train_{name.replace('-', '_')}.json").read_text())
    return dict(record["facts"]["tasks"][0]["champion"])


def check_champions(program: Program, before: Mapping[str, str]) -> dict[str, str]:
    """No champion is lost or goes back; a new one was promoted for being better, and is better."""
    now = champions(program)
    assert set(before) <= set(now)
    for name, version in now.items():
        earlier = before.get(name)
        if version == earlier:
            continue
        registered = connect(Home(program.home)).client.get_model_version(name, version)
        assert "Promoted: " in registered.tags["decision"]
        assert registered.tags["promoted"] == "true"
        if earlier is None:
            continue
        assert int(version) > int(earlier)
        assert registered.tags["replaces"] == earlier
        difference = decision(program, name)["numbers"]["macro_f1"]
        assert float(difference.split("(")[1].split(" to ")[0]) > 0, difference
        assert score(program, name, version) > score(program, name, earlier)
    return now


def score(program: Program, name: str, version: str) -> float:
    """Macro F1 of a version on tonight's tracks of the gate, computed here."""
    tracking = connect(Home(program.home))
    model = load_stored(tracking, tracking.client.get_model_version(name, version))
    tracks = Lake(Home(program.home)).read("spotify_binned").to_pandas()
    target = f"bin_{name.removeprefix('spotify-bins-')}"
    gate = tracks[(tracks["part"] == GATE) & tracks[target].notna()]
    named = np.argmax(model.estimator.predict_proba(feature_frame(gate, model)), axis=1)
    return float(f1_score(gate[target], np.array(model.labels)[named], average="macro"))


def check_report(program: Program, before: Path | None, tables: Mapping[str, Mapping[str, Any]]) -> Path:
    """There is a new report, it is whole, `latest` leads to it, and it tells of the tables as they are."""
    latest = (program.home / "data/reports/latest").resolve()
    assert before is None or latest.name > before.name, "no report was written"
    told = {
        row["table"]: row
        for row in json.loads((latest / "facts.json").read_text("utf-8"))["tables"]["tables"]
    }
    assert set(told) == set(tables)
    for name, row in tables.items():
        assert all(told[name][key] == value for key, value in row.items() if key in told[name])
    for page in ("index", "models", "drift", "validation", "tables"):
        assert "</html>" in (latest / f"{page}.html").read_text("utf-8")
    return latest


def said_on(report: Path, page: str) -> str:
    """A page of a report, as text in one line."""
    return " ".join((report / f"{page}.html").read_text("utf-8").split())


def check_shelves(program: Program, most_runs: int | None) -> int:
    """What is kept of the past is what the rules say, and no more.

    Args:
        program: Whose home.
        most_runs: How many runs MLflow may hold.

    Returns:
        How many it holds.
    """
    home = Home(program.home)
    folders = [path for path in home.reports.iterdir() if path.is_dir() and not path.is_symlink()]
    assert len(folders) <= REPORTS
    assert len(list((home.mlruns / "backups").glob("*.db"))) <= BACKUPS
    for table in ("spotify_tracks", "spotify_binned", "artist_groups", "predictions"):
        assert len(list((home.lake / table).glob("*.parquet"))) <= VERSIONS, table
        assert len(list((home.quarantine / table).glob("*.parquet"))) <= VERSIONS, table
    client = MlflowClient(f"sqlite:///{home.mlruns / 'mlflow.db'}")
    for name in SPOTIFY:
        assert len(client.search_model_versions(f"name = '{name}'")) <= MODELS_OF_A_LINE, name
    runs = count_runs(program)
    assert most_runs is None or runs <= most_runs
    return runs


def count_runs(program: Program) -> int:
    """How many runs MLflow holds, those of a training that goes on included."""
    with closing(sqlite3.connect(program.home / "mlruns/mlflow.db")) as opened:
        return int(opened.execute("SELECT count(*) FROM runs").fetchone()[0])


def size(program: Program) -> int:
    """Bytes of data and models. Prefect's own records are its server's to clean, once a day."""
    files = (path for name in ("data", "mlruns") for path in (program.home / name).rglob("*"))
    return sum(path.stat().st_size for path in files if path.is_file() and not path.is_symlink())
