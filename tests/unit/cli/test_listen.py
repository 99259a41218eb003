"""`genrelab listen`: files to genres, a table, CSV and JSON."""

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest
from audio_champion import audio_champion
from click.testing import CliRunner
from served import LABELS
from tones import sine, write_wav

from genrelab.audio import listening
from genrelab.audio.extract import Extracted, extract_all
from genrelab.audio.listening import Heard, champions_for_audio, merged, recipe_for, rows_of
from genrelab.audio.recipes import CLIPS_59
from genrelab.audio.tags import read_genres
from genrelab.lake.lake import Lake
from genrelab.lake.validation_records import read_record
from genrelab.runtime.errors import GenrelabError, RefusedError
from genrelab.runtime.home import Home
from genrelab.serving.description import DESCRIPTION, FORMAT, describe, folder_of
from genrelab_cli.commands.listen import listen_to
from genrelab_cli.main import cli
from tasks.publishing.listened import publish_listened, stored
from tasks.training.bundles import compile_if_old

NAME = "fma-small-genres"
pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg on this machine")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    root = tmp_path / "home"
    monkeypatch.setenv("GENRELAB_HOME", str(root))
    found = Home(root)
    audio_champion(found)
    return found


def music(folder: Path) -> Path:
    folder.mkdir()
    write_wav(folder / "sine.wav", sine(440.0, 2.0))
    (folder / "text.mp3").write_text("no audio")
    return folder


@pytest.mark.usefixtures("home")
def test_a_folder_is_heard_and_a_bad_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The rest goes on; the exit code says so."""

    code = listen_to([music(tmp_path / "music")], as_json=False, csv=tmp_path / "out.csv")
    out, err = capsys.readouterr()
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}

    assert code == 1
    assert "1 of 2 files heard" in out
    assert out.splitlines()[0].split() == ["file", "genre", "further", "genres", "sounds", "like"]
    assert out.splitlines()[1].rstrip().endswith("a by b")
    assert "text.mp3" in err
    assert rows["sine.wav"]["genre"] in LABELS
    assert rows["text.mp3"]["problem"]


def test_the_table_is_audited(home: Home, tmp_path: Path):
    """By its whole suite, with the rule that only a human knows; a table that breaks it is not published."""

    listen_to([music(tmp_path / "music")], as_json=False, csv=None)
    record = read_record(home, "listened")
    assert record is not None
    assert (record.verdict, record.version, record.rows) == ("passed", 0, 2)
    checked = {check.rule for check in record.checks}
    assert {"champion: there exactly where the file has no problem", "table: not empty"} <= checked

    broken = rows("/a/1.mp3").set_column(7, "problem", pa.array([""]))
    with pytest.raises(RefusedError, match="there exactly where the file has no problem"):
        publish_listened(home, broken, champions_for_audio(home), [Path("/a")])
    assert Lake(home).current("listened").version == 0


@pytest.mark.usefixtures("home")
def test_json_holds_every_probability(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """They add up to 1."""

    file = tmp_path / "sine.wav"
    write_wav(file, sine(440.0, 2.0))
    code = listen_to([file], as_json=True, csv=None)
    found = json.loads(capsys.readouterr().out)

    assert code == 0
    assert set(found[0]["probabilities"]) == set(LABELS)
    assert sum(found[0]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert found[0]["probability"] == max(found[0]["probabilities"].values())


def test_a_champion_of_another_recipe_is_refused(home: Home):
    """One whose features no recipe computes."""

    audio_champion(home, "another@1")

    with pytest.raises(GenrelabError, match="another@1"):
        champions_for_audio(home)


def test_a_champion_of_sample_data_is_asked_and_labelled(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """With the recipe that has its columns."""

    audio_champion(home, "sample@1", is_sample=True)
    file = tmp_path / "sine.wav"
    write_wav(file, sine(440.0, 2.0))
    listen_to([file], as_json=False, csv=None)

    assert recipe_for(describe(home, NAME)) == CLIPS_59
    assert "SAMPLE DATA" in capsys.readouterr().out


def rows(*paths: str) -> pa.Table:
    """Rows of files that were read."""
    return rows_of([Heard(Extracted(Path(path), "0" * 64, "", 0.0, None, "bad", False)) for path in paths])


@pytest.mark.parametrize(
    ("searched", "new", "stays"),
    [
        ("/a", ("/a/1.mp3",), ["/a/1.mp3", "/ab/3.mp3", "/b/4.mp3"]),
        ("/a/1.mp3", ("/a/1.mp3",), ["/a/1.mp3", "/a/x/2.mp3", "/ab/3.mp3", "/b/4.mp3"]),
        ("/", ("/b/4.mp3",), ["/b/4.mp3"]),
        ("/a", (), ["/a/1.mp3", "/a/x/2.mp3", "/ab/3.mp3", "/b/4.mp3"]),
    ],
    ids=["a folder", "a file", "everything", "a disk that is not connected"],
)
def test_rows_leave_only_where_their_folder_was_searched(
    searched: str, new: tuple[str, ...], stays: list[str]
):
    """A folder in which nothing is found may be that of a disk that is not connected: its rows stay."""

    found = merged(rows("/a/1.mp3", "/a/x/2.mp3", "/ab/3.mp3", "/b/4.mp3"), rows(*new), [Path(searched)])

    assert sorted(found["path"].to_pylist()) == stays


def test_a_table_of_an_earlier_version_is_taken_over():
    """Its answers have no fingerprint, so that they are not used again; they stay in the table."""

    found = merged(rows("/a/1.mp3").drop_columns("answered_by"), rows("/b/2.mp3"), [Path("/b")])

    assert found.schema.names == rows().schema.names
    assert found["answered_by"].to_pylist() == ["", ""]


@pytest.mark.usefixtures("home")
def test_an_empty_folder_is_refused(tmp_path: Path):
    """With what is allowed."""

    with pytest.raises(GenrelabError, match="no audio file"):
        listen_to([tmp_path], as_json=False, csv=None)


def flac(folder: Path) -> Path:
    """A tone of two seconds, labelled as Polka."""
    wav = write_wav(folder / "tone.wav", sine(440.0, 2.0))
    path = folder / "tone.flac"
    command = ["ffmpeg", "-v", "error", "-i", str(wav), "-metadata", "genre=Polka", str(path)]
    subprocess.run(command, check=True)
    wav.unlink()
    return path


@pytest.mark.usefixtures("home")
def test_tags_are_shown_written_and_taken_back(tmp_path: Path):
    """A dry run changes nothing; the tag does not make the file unknown; `--undo` brings the old genre back."""

    file, run = flac(tmp_path), CliRunner().invoke
    words = ["listen", str(file), "--write-tags", "--minimum-probability", "0"]
    before = file.read_bytes()

    dry = run(cli, [*words, "--dry-run"])
    assert dry.exit_code == 0
    assert "Polka -> " in dry.output
    assert file.read_bytes() == before

    written = run(cli, words)
    assert "1 genre written" in written.output
    (genre,) = read_genres(file)
    assert genre in LABELS

    again = run(cli, words)
    assert "0 genres written, 1 already there" in again.output

    assert run(cli, ["listen", "--undo"]).exit_code == 0
    assert read_genres(file) == ("Polka",)


@pytest.mark.usefixtures("home")
def test_the_features_of_a_file_with_a_new_tag_are_known(tmp_path: Path):
    """Its content has another digest, but its sound is the same: nothing is computed again."""

    file = flac(tmp_path)
    CliRunner().invoke(cli, ["listen", str(file), "--write-tags", "--minimum-probability", "0"])
    (found,) = extract_all([file], CLIPS_59, tmp_path / "home/data/audio", 1, lambda *_: None)

    assert found.was_cached


@pytest.mark.usefixtures("home")
def test_a_genre_that_is_not_probable_enough_is_not_written(tmp_path: Path):
    """And the exit code is 0: nothing went wrong."""

    file = flac(tmp_path)
    words = ["listen", str(file), "--write-tags", "--minimum-probability", "1"]
    done = CliRunner().invoke(cli, words)

    assert done.exit_code == 0
    assert "1 left as they are: less probable than 100%" in done.output
    assert read_genres(file) == ("Polka",)


def test_genres_of_sample_data_are_not_written(home: Home, tmp_path: Path):
    """They mean nothing."""

    audio_champion(home, "sample@1", is_sample=True)
    file = flac(tmp_path)
    done = CliRunner().invoke(cli, ["listen", str(file), "--write-tags"])

    assert "sample data" in str(done.exception)
    assert read_genres(file) == ("Polka",)


@pytest.mark.parametrize("words", [("--dry-run",), ("--undo", "--write-tags"), ("--undo", "--forget")])
def test_options_that_do_not_fit_are_refused(words: tuple[str, ...]):
    """Before anything is read."""

    assert CliRunner().invoke(cli, ["listen", "x.mp3", *words]).exit_code == 2


@pytest.mark.usefixtures("home")
def test_nothing_to_listen_to_and_nothing_to_undo(tmp_path: Path):
    """Without a path and a configured folder there is an error that names both."""

    done = CliRunner().invoke(cli, ["listen"])
    assert "[listen] of genrelab.toml" in str(done.exception)
    assert "no genre to put back" in CliRunner().invoke(cli, ["listen", "--undo"]).output
    assert CliRunner().invoke(cli, ["listen", "--undo", str(tmp_path / "x.mp3")]).exit_code == 1


def test_champions_of_another_version_of_genrelab_are_compiled_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    """Once; and all of them where there is none yet. Without MLflow's database nothing is tried."""

    compiled: list[str] = []
    monkeypatch.setattr("tasks.training.compiled.compile_promoted", lambda _, name: compiled.append(name))
    monkeypatch.setattr("tasks.training.compiled.compile_missing", lambda _: compiled.append("all"))
    file = folder_of(home, NAME) / "1" / DESCRIPTION
    record = json.loads(file.read_text())

    file.write_text(json.dumps({**record, "format": FORMAT - 1}))
    compile_if_old(home, [NAME])
    assert compiled == []

    monkeypatch.setattr("tasks.training.bundles.is_there", lambda _: True)
    compile_if_old(home, [NAME])
    assert compiled == [NAME]

    file.write_text(json.dumps(record))
    compile_if_old(home, [NAME])
    assert compiled == [NAME]

    shutil.rmtree(folder_of(home, NAME))
    compile_if_old(home, [NAME])
    assert compiled == [NAME, "all"]


@pytest.mark.usefixtures("home")
def test_files_out_of_reach_are_reported_until_they_are_forgotten(tmp_path: Path):
    """The table keeps their answers; `--forget` removes them, also the last ones."""

    run = CliRunner().invoke
    there, away = (write_wav(tmp_path / name / "tone.wav", sine(440.0, 2.0)) for name in ("there", "away"))
    for file in (there, away):
        run(cli, ["listen", str(file.parent)])
    shutil.rmtree(away.parent)

    assert "1 file of earlier runs not there now" in run(cli, ["listen", str(there)]).output
    assert len(stored(Home.find())) == 2
    assert "1 file removed" in run(cli, ["listen", "--forget", str(away.parent)]).output
    assert run(cli, ["listen", "--forget", str(away.parent)]).exit_code == 1
    assert "not there now" not in run(cli, ["listen", str(there)]).output
    assert run(cli, ["listen", "--forget", str(there)]).exit_code == 0
    assert len(stored(Home.find())) == 0
    assert "nothing to forget" in str(run(cli, ["listen", "--forget"]).exception)
    assert there.is_file()


def test_a_champion_that_was_compiled_again_is_asked_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its version is the same, its files are not; and so it is with changed code."""

    file = write_wav(tmp_path / "sine.wav", sine(440.0, 2.0))
    fingerprints = []
    changes = (
        lambda: None,
        lambda: audio_champion(home, seed=2),
        lambda: monkeypatch.setattr(listening, "_code_digest", lambda: "other code"),
    )
    for change in changes:
        change()
        before = fingerprints.copy()
        listen_to([file], as_json=False, csv=None)
        fingerprints += stored(home)["answered_by"].to_pylist()
        assert fingerprints[-1] not in before
    assert len(fingerprints) == 3


@pytest.mark.usefixtures("home")
def test_a_stored_answer_is_used_again_without_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Also for a copy of the file: the answer belongs to its content."""

    file = tmp_path / "sine.wav"
    write_wav(file, sine(440.0, 2.0))
    listen_to([file], as_json=True, csv=None)
    (first,) = json.loads(capsys.readouterr().out)
    copy = shutil.copy(file, tmp_path / "copy.wav")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "genrelab.serving.champion.load_champion", lambda *_: pytest.fail("the model was loaded")
        )
        listen_to([file, Path(copy)], as_json=True, csv=None)
    found = json.loads(capsys.readouterr().out)

    assert [{**each, "path": ""} for each in found] == [{**first, "path": ""}] * 2
