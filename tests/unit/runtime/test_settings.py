"""Settings: the file, then the environment, then what is passed."""

import codecs
import os
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from genrelab.lake.location import LakeSettings
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.files import read_text
from genrelab.runtime.home import PROJECT, Home
from genrelab.runtime.operations import Operations
from genrelab.runtime.settings import Settings, load_settings
from genrelab.runtime.settings_file import declared, read_settings_file


def test_everything_is_sample_without_settings(home: Home) -> None:
    """A newcomer needs no settings."""

    settings = load_settings()
    assert (settings.spotify, settings.fma, settings.origin, settings.home) == (
        "sample",
        "sample",
        "sample",
        home,
    )


def test_each_place_overrides_the_one_before(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file gives way to the environment, the environment to the command line."""

    home.settings_file.write_text('[sources]\nspotify = "pulls"\n')
    assert load_settings().spotify == str(home.root / "pulls")
    monkeypatch.setenv("GENRELAB_SPOTIFY", "/somewhere/else")
    assert load_settings().spotify == "/somewhere/else"
    assert load_settings(spotify="api").spotify == "api"


@pytest.mark.parametrize(
    ("way", "place"),
    [
        ("file", r"training\.budget in .*genrelab\.toml"),
        ("environment", "GENRELAB_BUDGET"),
        ("passed", "--budget"),
    ],
)
def test_the_place_to_correct_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch, way: str, place: str
) -> None:
    """Whoever sets a variable in a container does not look for it in a file."""

    home.settings_file.write_text('[training]\nbudget = "huge"\n')
    if way == "environment":
        monkeypatch.setenv("GENRELAB_BUDGET", "huge")
    with pytest.raises(SettingsError, match=f"to do: correct {place}$"):
        load_settings(**{"budget": "huge"} if way == "passed" else {})


def test_no_other_variable_is_a_setting(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal sets COLUMNS, a login HOME; neither is meant."""

    for name in ("COLUMNS", "HOME", "SEED", "GENRELAB_SEED", "training.seed"):
        monkeypatch.setenv(name, "80")
    settings = load_settings()
    assert (settings.home, settings.columns, settings.seed) == (home, {}, 24)


def test_settings_reach_a_worker_unchanged(home: Home) -> None:
    """Trainings run in processes of their own; nobody changes settings on the way."""

    home.settings_file.write_text("[training]\nseed = 7\n")
    settings = load_settings(columns="energy=Energie")
    home.settings_file.unlink()
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes
    with pytest.raises(ValidationError, match="frozen"):
        settings.seed = 8  # type: ignore[misc]


@pytest.mark.parametrize("is_link", [False, True])
def test_settings_that_are_no_file_are_named(home: Home, is_link: bool) -> None:
    """Docker makes a folder for a file that is not there to mount; settings that are not read would be missed."""

    if is_link:
        home.settings_file.symlink_to(home.root / "gone.toml")
    else:
        home.settings_file.mkdir()
    with pytest.raises(SettingsError, match=r"genrelab.toml is not a file; found: a (folder|broken link)"):
        load_settings()


def test_relative_paths_on_the_command_line_start_where_the_user_is(
    home: Home,  # noqa: ARG001 - an empty one
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A path typed by a person is relative to the folder the person is in."""

    here = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(here)
    assert load_settings(fma="fma.zip").fma == str(Path(here).resolve() / "fma.zip")


@pytest.mark.parametrize(
    ("text", "cores"), [("", 6), ("[training]\ncores = 0\n", 6), ("[training]\ncores = 3\n", 3)]
)
def test_training_takes_all_cores_unless_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, text: str, cores: int
) -> None:
    """No library is asked what 0 means to it."""

    monkeypatch.setattr("os.cpu_count", lambda: 6)
    home.settings_file.write_text(text)
    assert load_settings().cores == cores


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[sources\n", "not a TOML file"),
        ('[sauces]\nspotify = "x"\n', "unknown section"),
        ('[sources]\nspotfy = "x"\n', "spotfy"),
        ('[training]\nbudget = "huge"\n', "quick, nightly, thorough"),
        ('[training]\nseed = "x"\n', "whole number"),
        ("[training]\nseed = 99999999999\n", "0 to 2147483648"),
        ("[sources]\nspotify = 5\n", "sources.spotify in .* is not a path"),
        ('[sources]\nfma = ["a"]\n', "sources.fma in .* is not a path"),
        ('[sources]\norigin = "~nobody-of-that-name/x"\n', "sources.origin in .* is not a path"),
        (
            '[rules]\nactive = "~nobody-of-that-name/x"\n',
            "rules.active in .* is neither the name nor the path",
        ),
        ('[scrape]\nfeatures = "spotify"\n', "list of names"),
        ("[scrape]\nfeatures = [5]\n", "list of names"),
        ("[scrape]\ncolumn = 5\n", "scrape.column is not a text"),
        ("[scrape]\nmax_wait = nan\n", "scrape.max_wait is not a number"),
        ("[drift]\npsi = true\n", "drift.psi is not a positive number; found: True; allowed: more than 0"),
        ("[training]\nseeed = 1\n", r"unknown setting in \[training\]; found: seeed; allowed: budget, cores"),
        ("training = 5\n", "unknown section; found: training"),
    ],
)
def test_a_mistake_in_the_file_is_named(home: Home, text: str, words: str) -> None:
    """What is wrong and what is allowed stand in the message."""

    home.settings_file.write_text(text)
    with pytest.raises(SettingsError, match=words):
        load_settings()


@pytest.mark.parametrize("share", ["1.5", "-0.1", '"half"', "true"])
def test_a_share_is_a_share(home: Home, share: str) -> None:
    """0 to 1, told with the file that has it."""

    home.settings_file.write_text(f"[validation]\nrefuse_above = {share}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"validation\.refuse_above is not a share"):
        load_settings()


def test_the_limit_of_rejected_records_can_be_set(home: Home) -> None:
    """5 % without a setting."""

    assert load_settings().refuse_above == 0.05
    home.settings_file.write_text("[validation]\nrefuse_above = 0.2\n", encoding="utf-8")
    assert load_settings().refuse_above == 0.2


def test_the_documents_show_every_setting(home: Home) -> None:
    """With the values that hold without it; an example that is not taken would be worse than none."""

    shown: dict[str, set[str]] = {}
    for name in ("guide", "operations"):
        text = (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
            home.settings_file.write_text(block)
            for section, values in read_settings_file(home.settings_file).items():
                shown.setdefault(section, set()).update(values)
    named_in_the_text = {"sources": {"artists"}}
    known: dict[str, set[str]] = {}
    for section, key in (
        key.split(".") for kind in (Settings, Operations, LakeSettings) for key in declared(kind)
    ):
        known.setdefault(section, set()).add(key)
    known["columns"] = shown["columns"]  # the names of a table's columns
    assert {section: keys | named_in_the_text.get(section, set()) for section, keys in shown.items()} == known


MARKS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


@given(
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\ufeff\r\x00")),
    st.sampled_from([*MARKS]),
)
def test_text_is_read_whichever_mark_an_editor_put_before_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str
) -> None:
    """UTF-8 with and without, UTF-16 in both orders; with the line breaks of Windows too."""

    path = tmp_path_factory.getbasetemp() / "marked.txt"
    for written in (text, text.replace("\n", "\r\n")):
        path.write_bytes(MARKS[encoding] + written.encode(encoding))
        assert read_text(path) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_settings_from_notepad_and_powershell_are_read(home: Home, encoding: str) -> None:
    """Both write a byte order mark; a fault in such a file is named all the same."""

    home.settings_file.write_text("[training]\nseed = 7\n", encoding=encoding, newline="\r\n")
    assert load_settings().seed == 7
    home.settings_file.write_text("[training\nseed = 7\n", encoding=encoding)
    with pytest.raises(SettingsError, match="line 1"):
        load_settings()


@pytest.mark.parametrize("way", ["passed", "environment", "link", "file"])
def test_a_source_whose_name_is_no_text_is_told(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Prefect and the records of steps keep it as text; also where a link with a good name leads there."""

    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/pulls-\xfc"))
    folder.mkdir()
    (tmp_path / "good").symlink_to(folder, target_is_directory=True)
    words = {"passed": {"spotify": str(folder)}, "link": {"spotify": str(tmp_path / "good")}}
    if way == "environment":
        monkeypatch.setenv("GENRELAB_SPOTIFY", str(folder))
    if way == "file":
        home.settings_file.write_text('[sources]\nspotify = "good"\n')
    with pytest.raises(SettingsError, match="has bytes that are not UTF-8") as raised:
        load_settings(**words.get(way, {}))
    str(raised.value).encode()


@pytest.mark.parametrize("name", [b"home-\xfc", b"file", b"loop"])
def test_a_home_that_can_be_none_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes
) -> None:
    """A name that is no text, a file, a circle of links."""

    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.setenv("GENRELAB_HOME", os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    with pytest.raises(SettingsError, match="cannot"):
        Home.find()
