"""Nights on a source that changes: it drifts, somebody accepts it, it breaks; report and champion follow."""

import csv
import json
import random
from pathlib import Path

import pytest
from mlflow import MlflowClient
from program import Program
from pull_rows import pull

MUSIC = {"classic rock": 0.75, "dance pop": 0.55, "bebop": 0.35, "deep house": 0.9}
"""Micro-genres of four target genres, and how energetic each is."""
NOISE = ("liveness", "speechiness", "acousticness", "instrumentalness")
ARTISTS, TRACKS_EACH = 240, 6
NAME = "spotify-bins-classic"


def write_pulls(file: Path, *, moved: float = 0.0, broken: float = 0.0) -> None:
    """Tracks whose genres can be heard; `moved` changes the scale of two features, `broken` is a share of bad rows."""
    chance = random.Random(7)  # noqa: S311 - made-up tracks
    rows = []
    for artist in range(ARTISTS):
        genre, level = list(MUSIC.items())[artist % len(MUSIC)]
        for track in range(TRACKS_EACH):
            number = artist * TRACKS_EACH + track
            heard = min(max(chance.gauss(level, 0.08), 0), 1)
            row = pull(number % 3000, genre=f"['{genre}']", artist_name=f"Artist {artist}")
            row |= {"artist_uri": f"spotify:artist:{artist:022d}", "track_id": f"{number:022d}"}
            row |= {name: f"{chance.random() * 0.6 + 0.2:.4f}" for name in NOISE}
            row |= {"loudness": f"{-20 * chance.random():.2f}", "key": str(chance.randrange(12))}
            row |= {"mode": str(chance.randrange(2)), "time_signature": str(chance.choice((3, 4, 4, 5)))}
            row |= {
                "energy": f"{heard * (1 - moved):.4f}",
                "danceability": f"{heard * (1 - moved) * 0.9:.4f}",
            }
            row |= {"valence": f"{1 - heard * (1 - moved):.4f}", "tempo": f"{90 + 60 * chance.random():.2f}"}
            rows.append(row | ({"energy": "7"} if chance.random() < broken else {}))
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def champion(program: Program) -> str:
    """Version of the champion."""
    return str(MlflowClient(program.mlflow).get_model_version_by_alias(NAME, "champion").version)


def page(program: Program, name: str) -> str:
    """A page of the newest report, as text."""
    return " ".join((program.home / f"data/reports/latest/{name}.html").read_text("utf-8").split())


def decision(program: Program) -> str:
    """What became of the last challenge."""
    record = json.loads((program.home / "data/state/train_spotify_bins_classic.json").read_text())
    return str(record["facts"]["tasks"][0]["champion"]["reason"])


@pytest.mark.long
def test_a_source_that_drifts_is_accepted_and_breaks(tmp_path: Path) -> None:
    """The champion waits while the data have drifted; a refused table leaves the last good version in use."""

    pulls = tmp_path / "info_1.csv"
    program = Program(tmp_path / "home")
    night = ("nightly", "--spotify", str(pulls), "--budget", "quick")

    write_pulls(pulls)
    done = program.run(*night)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing to compare yet in spotify_binned" in done.stdout + done.stderr
    assert "Nothing to compare yet" in page(program, "drift")
    assert "Promoted" in decision(program)
    first = champion(program)

    write_pulls(pulls, moved=0.6)
    done = program.run(*night)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "spotify_binned DRIFTED, version 1 against version 0: " in said
    assert "Not promoted: blocked by drift: spotify_binned version 1 against version 0: " in decision(program)
    assert champion(program) == first
    assert "spotify_binned has drifted" in page(program, "drift")
    assert "blocked by drift" in page(program, f"models-{NAME}")

    shown = program.run("drift", "show").stdout
    assert "DRIFTED, blocks a new champion" in shown
    done = program.run("drift", "accept", "spotify_binned", "--reason", "another scale since March")
    assert done.returncode == 0, done.stderr
    done = program.run("train", "--budget", "quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Promoted" in decision(program)
    assert champion(program) != first

    before, accepted = program.tables(), champion(program)
    write_pulls(pulls, moved=0.6, broken=0.2)
    done = program.run(*night)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Traceback" not in said
    after = program.tables()
    assert all(after[table] == before[table] for table in ("spotify_tracks", "spotify_binned"))
    assert champion(program) == accepted
    text = page(program, "validation")
    assert "spotify_tracks was refused" in text
    assert "version 1, the last good one, is in use" in text
    assert "energy: 0 to 1" in text
    refused = json.loads((program.home / "data/state/validation/spotify_tracks.refused.json").read_text())
    assert refused["quarantined"] > 0.15 * refused["read"]
    assert (program.home / "data/quarantine" / refused["quarantine"]).is_file()
    assert "another scale since March" in page(program, "drift")
