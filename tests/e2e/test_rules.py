"""Rule sets through the program: a set of one's own decides, and is audited and checked."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from frames import legal
from program import Program

from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.home import Home
from genrelab.tables import TABLES

MICRO_GENRES = (["pop rap", "hip hop"], ["Indie Rock"], ["deep house"], ["comedy"], [], ["<b>norteño|</b>"])
ROWS = 48


@pytest.fixture(scope="module")
def program(shared_prefect: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A home whose lake holds 48 tracks of six lists of micro-genres."""
    program = Program(tmp_path_factory.mktemp("rules"), shared_prefect)
    tracks = legal(TABLES["spotify_tracks"], rows=ROWS)
    genres = pa.array([MICRO_GENRES[row % len(MICRO_GENRES)] for row in range(ROWS)], pa.list_(pa.string()))
    tracks = tracks.set_column(tracks.schema.get_field_index("genres"), "genres", genres)
    Lake(Home(program.home)).publish(
        "spotify_tracks", tracks, Counts(ROWS, ROWS), source="made", is_sample=False
    )
    return program


def test_a_set_of_ones_own_decides_beside_those_that_ship(program: Program, mine: Path) -> None:
    """Its column stands beside theirs and is genre_bin; without it reviewed decides again; oddities are counted."""

    done = program.quick("bin-genres", "--rules", str(mine))
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + done.stderr
    assert "binned by mine" in said
    assert "8 of them without any micro-genre" in said
    data = Lake(Home(program.home)).read("spotify_binned")
    assert data["genre_bin"].equals(data["bin_mine"])
    row = data.filter(pa.compute.equal(data["rule"], "rap/hip hop")).slice(0, 1).to_pylist()[0]
    assert (row["micro_genre"], row["bin_mine"]) == ("pop rap", "rap/hip hop")
    assert (row["bin_classic"], row["bin_reviewed"]) == ("pop", "rap/hip hop")
    assert data.filter(pa.compute.equal(data["rule"], "pop"))["micro_genre"].unique().to_pylist() == [
        "comedy"
    ]
    audits = json.loads((program.home / "data/state/audit_rules.json").read_text())["facts"]
    assert audits["active"] == "mine"
    assert [found["rule_set"] for found in audits["sets"]] == ["classic", "reviewed", "mine"]
    assert len(audits["comparisons"]) == 3

    again = program.quick("bin-genres", "--rules", str(mine))
    assert (again.stdout + again.stderr).count(" unchanged since ") == 2
    assert program.quick("bin-genres").returncode == 0
    data = Lake(Home(program.home)).read("spotify_binned")
    assert data["genre_bin"].equals(data["bin_reviewed"])
    assert "bin_mine" not in data.column_names


def test_an_audit_lines_up_and_counts_every_track(program: Program) -> None:
    """Columns stand below each other, whatever the script; the JSON says the same."""

    shown = program.run("rules", "audit", "--rules", "classic", "--against", "reviewed")
    assert shown.returncode == 0, shown.stderr
    assert "spotify_tracks version 0: 48 tracks" in shown.stdout
    lines = shown.stdout.splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("bin "))
    end = lines[head].index("tracks") + len("tracks")
    numbers = [line[:end].split()[-1] for line in lines[head + 2 : head + 15]]
    assert sum(map(int, numbers)) == ROWS
    assert "From classic to reviewed" in shown.stdout
    found = json.loads(program.run("rules", "audit", "--json").stdout)
    assert found["audit"]["tracks"] == found["comparison"]["tracks"] == ROWS
    assert found["audit"]["counts"]["without_micro_genre"] == 8
    assert (found["audit"]["counts"]["with_capitals"], found["audit"]["counts"]["with_accents"]) == (1, 1)


def test_a_file_is_checked_fault_by_fault(program: Program, mine: Path) -> None:
    """A sound file passes; each fault of another stands on a line of its own, and nothing is binned by it."""

    sound = program.run("rules", "check", str(mine))
    assert (sound.returncode, sound.stdout.count("is valid")) == (0, 1)
    mine.write_text(mine.read_text().replace("'rap|hip hop'", "'rap('").replace("proofs", "prooofs", 1))
    faulty = program.run("rules", "check", str(mine))
    assert faulty.returncode == 1
    named = [line for line in faulty.stderr.splitlines() if line.startswith("  line ")]
    assert [line.split(":")[0].strip() for line in named] == ["line 7", "line 4", "line 6"]
    refused = program.quick("bin-genres", "--rules", str(mine))
    assert refused.returncode == 1
    assert "line 6" in refused.stderr
    assert "Traceback" not in refused.stderr + faulty.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rules", "audit"], "genrelab nightly"),
        (["rules", "audit", "--rules", "clasic"], "allowed: classic, reviewed, or the path"),
        (["rules", "audit", "--against", "no/such.toml"], "allowed: classic, reviewed, or the path"),
        (["rules", "check", "no/such.toml"], "neither a shipped rule set nor a file"),
        (["nightly", "--rules", "clasic"], "allowed: classic, reviewed, or the path"),
    ],
)
def test_a_mistake_is_a_message(tmp_path: Path, words: list[str], said: str) -> None:
    """An empty lake and names that are not there, without a traceback and before anything starts."""

    done = Program(tmp_path).run(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
