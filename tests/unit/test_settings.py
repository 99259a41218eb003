"""Settings: the file, then the environment, then what is passed."""

import re
from pathlib import Path

import pytest

from genrelab.errors import SettingsError
from genrelab.home import PROJECT, Home
from genrelab.settings import KNOWN, load_settings, read_settings_file


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
        ("[sources]\nspotify = 5\n", "sources.spotify in .* is no path"),
        ('[sources]\nfma = ["a"]\n', "sources.fma in .* is no path"),
        ('[sources]\norigin = "~nobody-of-that-name/x"\n', "sources.origin in .* is no path"),
        ('[rules]\nactive = "~nobody-of-that-name/x"\n', "rules.active in .* is no path"),
        ('[scrape]\nfeatures = "spotify"\n', "list of names"),
        ("[scrape]\nfeatures = [5]\n", "list of names"),
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
    known = {section: shown[section] if keys is None else keys for section, keys in KNOWN.items()}
    assert {section: keys | named_in_the_text.get(section, set()) for section, keys in shown.items()} == known
