"""An uploaded audio file: its genres, or what is wrong with it; and nothing of it stays."""

import shutil
import subprocess
import time

import pytest
from fastapi.testclient import TestClient
from listening_champions import Champion, Champions

import genrelab.audio.extract
from genrelab_cli.app import listening
from genrelab_cli.app.application import make_application

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")


@pytest.fixture
def asking(home):
    """What asks the application of a home with two champions."""
    champions = Champions(
        Champion(listening.ONE_GENRE), Champion(listening.SEVERAL_GENRES, several=True), Champion("spotify")
    )
    return lambda **options: TestClient(
        make_application(home, champions=options.get("champions", champions)), base_url="http://127.0.0.1"
    )


def tone(path, *, seconds: float = 2, volume: float = 0.5):
    """Write a tone of 440 Hz."""
    sound = f"sine=frequency=440:duration={seconds},volume={volume}"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", sound, path], check=True)
    return path.read_bytes()


@needs_ffmpeg
def test_a_file_is_answered_with_its_genres_and_deleted(asking, home, tmp_path):
    """By the champion of one genre, and by that of several; each says which version it is."""
    body = tone(tmp_path / "tone.mp3")
    answer = asking().post("/api/listen", params={"name": "C:\\Music\\日本 <b>.mp3"}, content=body)

    assert answer.status_code == 200, answer.text
    found = answer.json()
    one, several = found["predictions"]
    assert (found["api"], found["file"], round(found["seconds"])) == (1, "日本 <b>.mp3", 2)
    assert (one["champion"], one["version"], one["genre"], one["recipe"]) == (
        "fma-small-genres", 3, "Rock", "clips-59@1",
    )  # fmt: skip
    assert one["probabilities"] == pytest.approx({"Rock": 0.9, "Folk": 0.1})
    assert several["genres"] == ["Rock"]
    assert found["nearest"][0]["track"] == "Food"
    quiet = asking().post("/api/listen", content=tone(tmp_path / "quiet.flac", volume=0.002)).json()
    assert [one["genre"] for one in quiet["predictions"]] == ["Folk", "Folk"]
    assert list((home.root / "data" / "uploads").iterdir()) == []


@needs_ffmpeg
@pytest.mark.parametrize(
    ("seconds", "volume", "what"),
    [(0.2, 0.5, "too short"), (2, 0, "silent")],
)
def test_audio_that_cannot_be_judged_says_why(asking, home, tmp_path, seconds, volume, what):
    """What, found and what to do, without a path of this machine."""
    body = tone(tmp_path / "a.wav", seconds=seconds, volume=volume)
    answer = asking().post("/api/listen?name=a.wav", content=body)

    error = answer.json()["error"]
    assert answer.status_code == 422
    assert error["what"] == f"a.wav cannot be used: this file is {what}"
    assert error["found"]
    assert error["do"]
    assert str(home.root) not in answer.text


@needs_ffmpeg
@pytest.mark.parametrize(
    "body", [b"these are words\n" * 50, bytes(5000), b"ID3\x04" + bytes(range(256)) * 20]
)
def test_what_is_not_audio_is_refused(asking, home, body):
    """Text, zeros and noise that begins like a file of music, whatever its name."""
    answer = asking().post("/api/listen?name=song.mp3", content=body)

    assert answer.status_code == 422
    assert answer.json()["error"]["what"].startswith("song.mp3 cannot be used: ")
    assert list((home.root / "data" / "uploads").iterdir()) == []


@needs_ffmpeg
def test_a_file_that_is_too_large_or_empty_is_refused(asking, home, monkeypatch):
    """With and without a declared size; what had arrived is deleted."""
    monkeypatch.setattr(listening, "LARGEST_FILE", 1000)
    client = asking()

    declared = client.post("/api/listen?name=a.mp3", content=bytes(1001))
    streamed = client.post("/api/listen?name=a.mp3", content=iter([bytes(600), bytes(600)]))
    empty = client.post("/api/listen?name=a.mp3", content=b"")

    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert answer.json()["error"]["what"] == "the file is too large"
        assert "genrelab listen FILE" in answer.json()["error"]["do"]
    assert (empty.status_code, empty.json()["error"]["what"]) == (400, "the body is empty")
    assert list((home.root / "data" / "uploads").iterdir()) == []


def test_without_ffmpeg_the_answer_says_how_to_install_it(asking, monkeypatch):
    """A person who only drops a file has not read the guide."""
    monkeypatch.setattr(genrelab.audio.extract.shutil, "which", lambda _: None)
    answer = asking().post("/api/listen?name=a.mp3", content=b"x")

    assert answer.status_code == 422
    assert "apt-get install ffmpeg" in answer.json()["error"]["do"]


def test_without_librosa_the_answer_says_how_to_install_it(asking, monkeypatch):
    """The extra is optional."""
    monkeypatch.setattr(genrelab.audio.extract.importlib.util, "find_spec", lambda _: None)
    answer = asking().post("/api/listen?name=a.mp3", content=b"x")

    assert "requirements-audio.lock" in answer.json()["error"]["do"]


@needs_ffmpeg
def test_a_champion_of_sample_data_is_asked_and_labelled(asking, tmp_path):
    """As by `genrelab listen`: a newcomer can try it, and the answer says what it is worth."""
    there = Champions(Champion(listening.ONE_GENRE, recipe="sample@1", is_sample=True))
    answer = asking(champions=there).post("/api/listen?name=a.mp3", content=tone(tmp_path / "a.mp3"))

    (one,) = answer.json()["predictions"]
    assert (one["is_sample"], one["genre"], one["recipe"]) == (True, "Rock", "clips-59@1")


@pytest.mark.parametrize("recipe", ["", "another@1"])
def test_champions_of_other_features_judge_no_audio(asking, recipe):
    """Features of two recipes are never mixed."""
    there = Champions(Champion(listening.ONE_GENRE, recipe=recipe), Champion("spotify-bins-classic"))
    answer = asking(champions=there).post("/api/listen?name=a.mp3", content=b"x")

    assert answer.status_code == 503
    assert answer.json()["error"]["what"] == "no champion can judge audio yet"


def test_a_full_disk_is_an_answer(asking, home):
    """Here the folder cannot even be made."""
    (home.root / "data").mkdir(exist_ok=True)
    (home.root / "data" / "uploads").write_text("")
    client = asking()

    if shutil.which("ffmpeg"):
        answer = client.post("/api/listen?name=a.mp3", content=b"x")
        assert answer.status_code == 507
        assert "uploads" in answer.json()["error"]["do"]


@needs_ffmpeg
def test_what_a_killed_process_left_is_deleted_and_what_runs_is_not(asking, home):
    """By age."""
    uploads = home.root / "data" / "uploads"
    for name in ("listen-old", "listen-running"):
        (uploads / name).mkdir(parents=True)
    old = time.time() - listening.LEFT_BEHIND - 1
    shutil.os.utime(uploads / "listen-old", (old, old))

    asking().post("/api/listen?name=a.mp3", content=b"not audio")

    assert [one.name for one in uploads.iterdir()] == ["listen-running"]


def test_the_address_is_described(asking):
    """For programs, in the description of the API."""
    described = asking().get("/openapi.json").json()["paths"]["/api/listen"]["post"]

    assert "200 MB" in described["description"]
    assert "application/octet-stream" in described["requestBody"]["content"]
