"""Bad input: a clear message or a quarantined row, never a traceback, never a silent drop."""

import shutil
from pathlib import Path

import pytest
from program import Program
from pull_rows import pull, write

from genrelab.tables.spotify import AUDIO_FEATURES


@pytest.fixture
def program(shared_prefect: dict[str, str], tmp_path: Path) -> Program:
    return Program(tmp_path / "home", shared_prefect)


def test_bad_rows_are_quarantined_and_the_rest_is_published(program: Program, tmp_path: Path) -> None:
    """Each bad row is named with its file, its number, what was found and what is allowed."""

    rows = [pull(number) for number in range(40)]
    rows[3]["energy"] = "7"
    rows[7]["tempo"] = "fast"
    rows[11]["track_id"] = ""
    rows[20] = dict(rows[19]) | {"": "20"}  # an exact duplicate, the index column aside
    write(tmp_path / "info_1.csv", rows)
    done = program.quick("ingest-spotify", "--spotify", str(tmp_path / "info_1.csv"))
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "40 read = 36 published + 3 quarantined + 1 exact duplicates" in said
    shown = program.run("quarantine", "show", "spotify_tracks").stdout
    for words in (
        "info_1.csv row 4",
        "energy is 7.0, allowed: 0 to 1",
        "row 8",
        "fast",
        "row 12",
        "track_id",
    ):
        assert words in shown, shown
    assert "energy: 0 to 1" in program.run("quarantine", "list").stdout


def test_a_mended_source_empties_the_quarantine(program: Program, tmp_path: Path) -> None:
    """The next run reads the mended file and nothing is left behind."""

    file = tmp_path / "info_1.csv"
    write(file, [pull(number, energy="7" if number == 3 else "0.5") for number in range(30)])
    program.quick("ingest-spotify", "--spotify", str(file))
    assert program.tables()["spotify_tracks"]["quarantined"] == 1
    write(file, [pull(number) for number in range(30)])
    program.quick("ingest-spotify", "--spotify", str(file))
    assert program.tables()["spotify_tracks"]["quarantined"] == 0
    assert program.run("quarantine", "list").stdout == "The quarantine is empty.\n"


def test_a_broken_source_is_refused_and_the_last_good_version_stays(program: Program, tmp_path: Path) -> None:
    """The share stands in the message; a released row stays in; what comes after says what it works on."""

    file = tmp_path / "info_1.csv"
    write(file, [pull(number, energy="7" if number == 3 else "0.5") for number in range(40)])
    program.quick("ingest-spotify", "--spotify", str(file))
    reason = ("--reason", "checked by ear")
    done = program.quick("quarantine", "release", "spotify_tracks", "--rule", "energy: 0 to 1", *reason)
    assert "40 read = 40 published + 0 quarantined" in done.stdout, done.stderr
    write(file, [pull(number, mode="5" if number % 4 == 0 else "1") for number in range(40)])
    done = program.quick("ingest-spotify", "--spotify", str(file))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "25.0% of the records were rejected (10 of 40), more than the limit of 5.0%" in said
    assert program.tables()["spotify_tracks"]["version"] == 1
    assert program.run("quarantine", "show", "spotify_tracks").stdout.count("(refused table)") == 10
    done = program.quick("bin-genres")
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "on spotify_tracks, version 1, the last good one: the update of" in said


@pytest.mark.parametrize(
    "missing",
    [
        "track_id",
        AUDIO_FEATURES[0],
        *(pytest.param(name, marks=pytest.mark.long) for name in ("genre", AUDIO_FEATURES[1])),
    ],
)
def test_a_missing_column_is_named(program: Program, tmp_path: Path, missing: str) -> None:
    """The message names the file and the column, and nothing is published."""

    rows = [{name: value for name, value in pull(1).items() if name != missing}]
    write(tmp_path / "info_1.csv", rows)
    done = program.quick("ingest-spotify", "--spotify", str(tmp_path))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "info_1.csv" in said
    assert missing in said
    assert "Traceback" not in said
    assert program.tables() == {}


def test_a_cut_zip_is_refused_and_the_last_table_stays(
    program: Program, synthetic_data: Path, tmp_path: Path
) -> None:
    """A zip cut short is a message; what was published before stays as it was."""

    folder = tmp_path / "fma"
    folder.mkdir()
    tracks = (synthetic_data / "fma_metadata" / "tracks.csv").read_bytes()
    (folder / "tracks.csv").write_bytes(tracks[: tracks.rindex(b"\n", 0, -1) + 30])
    shutil.copy(synthetic_data / "fma_metadata" / "genres.csv", folder)
    done = program.quick("ingest-fma", "--fma", str(folder))
    assert done.returncode == 0, done.stderr
    before = program.tables()
    assert before["fma_tracks"]["read"] == before["fma_tracks"]["rows"] + 1
    assert before["fma_tracks"]["quarantined"] == 1
    archive = Path(shutil.make_archive(str(tmp_path / "whole"), "zip", folder))
    cut = tmp_path / "cut.zip"
    whole = archive.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    done = program.quick("ingest-fma", "--fma", str(cut))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "cut.zip" in said
    assert "Traceback" not in said
    assert program.tables() == before


def test_a_wrong_origin_file_is_refused(program: Program, tmp_path: Path) -> None:
    """69 columns are neither of the two layouts."""

    (tmp_path / "origin.txt").write_text("\n".join(",".join(["0.5"] * 69) for _ in range(5)))
    done = program.quick("ingest-origin", "--origin", str(tmp_path / "origin.txt"))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "69" in said
    assert "70" in said
    assert "Traceback" not in said
