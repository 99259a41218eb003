"""`genrelab predict FILE`: the genres of the tracks in a file."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from awkward_names import AWKWARD, NON_LATIN
from click.testing import CliRunner, Result
from served import LABELS, small_champion

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.main import cli


@pytest.fixture
def champion(home: Home) -> Home:
    small_champion(home)
    return home


NAMES = (AWKWARD, NON_LATIN, "عمر خيرت", "🎵 two\nlines", "=1+1", "x" * 300)


def tracks(count: int = 3) -> pd.DataFrame:
    """Tracks with the features of the champion, in the integers of the lake where they are integers."""
    return pd.DataFrame(
        {
            "track_name": [f"Song {number}" for number in range(count)],
            "energy": np.linspace(0.1, 0.9, count),
            "valence": 0.5,
            "tempo": 120.0,
            "mode": np.ones(count, dtype=np.int8),
        }
    )


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["predict", *map(str, words)])


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_each_track_gets_a_genre(champion: Home, ending: str) -> None:
    """From either format; the first champion with these features answers."""

    file = champion.root / f"tracks.{ending}"
    tracks().to_csv(file, index=False) if ending == "csv" else tracks().to_parquet(file)
    done = run(file, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (found["champion"], found["is_sample"]) == ("spotify-bins-classic", True)
    assert [row["genre"] for row in found["rows"]] == ["classical", "pop", "rock"]
    assert sum(found["rows"][0]["probabilities"].values()) == pytest.approx(1)


def test_rows_that_cannot_be_used_are_named_and_the_others_answered(champion: Home) -> None:
    """By the number of the row, with the value and what is allowed."""

    bad = tracks(4).astype({"energy": object})
    bad.loc[1, "energy"] = "loud"
    bad.loc[2, "tempo"] = None
    file = champion.root / "tracks.csv"
    bad.to_csv(file, index=False)
    done = run(file)
    assert done.exit_code == 1
    assert (
        "row 2: the value of energy cannot be used; found: 'loud'; allowed: a number, 0 to 1" in done.stderr
    )
    assert "row 3: the value of tempo cannot be used; found: 'missing'" in done.stderr
    assert done.stdout.count("cannot be used") == 2
    assert "2 of 4 tracks have a genre, by spotify-bins-classic version 1" in done.stdout


def test_the_answers_are_written_beside_the_other_columns(champion: Home) -> None:
    """With the probability of every genre; features are not repeated."""

    file, output = champion.root / "tracks.csv", champion.root / "genres.csv"
    tracks().to_csv(file, index=False)
    assert run(file, "--output", output).exit_code == 0
    written = pd.read_csv(output)
    assert list(written["track_name"]) == ["Song 0", "Song 1", "Song 2"]
    assert "energy" not in written
    assert "add --force" in str(run(file, "--output", output).exception)
    assert run(file, "--output", output, "--force").exit_code == 0
    assert written[[f"probability: {label}" for label in LABELS]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_awkward_names_stay_on_their_line(champion: Home) -> None:
    """Quotes, tags, other scripts, line breaks and three hundred characters."""

    file = champion.root / "tracks.parquet"
    tracks(len(NAMES)).assign(track_name=list(NAMES)).to_parquet(file)
    lines = run(file).stdout.splitlines()
    assert len(lines) == len(NAMES) + 2
    assert all(sign.isprintable() for line in lines for sign in line)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("energy,valence,tempo\n0.1,0.2,100\n", "no column mode"),
        ("energy,Energy,valence,tempo,mode\n0,0,0,100,1\n", "columns that occur twice: energy"),
        ("energy,valence,tempo,mode\n", "no rows"),
        ("", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_message(champion: Home, text: str, message: str) -> None:
    """What was found, and what is allowed."""

    file = champion.root / "tracks.csv"
    file.write_text(text)
    done = run(file)
    assert isinstance(done.exception, GenrelabError)
    assert message in str(done.exception)


@pytest.mark.usefixtures("home")
def test_another_format_or_no_champion_is_a_message(tmp_path: Path) -> None:
    """Before anything is read."""

    assert "allowed: .csv, .parquet" in str(run(tmp_path / "tracks.xlsx").exception)
    file = tmp_path / "tracks.csv"
    tracks().to_csv(file, index=False)
    assert "there is no champion yet" in str(run(file).exception)


@pytest.mark.usefixtures("home")
def test_options_of_a_file_need_one() -> None:
    """Without a file the command runs the flow."""

    assert "are for a FILE" in run("--json").output
