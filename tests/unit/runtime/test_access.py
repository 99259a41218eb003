"""Files of a home that this user may not use: told with path, owner and remedy, before a run starts."""

import os
import re
from pathlib import Path

import pytest

from genrelab.runtime import access
from genrelab.runtime.access import AccessError, refusals, require_access
from genrelab.runtime.home import Home

PLACES = (
    ".prefect/server.log",
    ".prefect/prefect.db",
    ".prefect",
    "data",
    "data/state",
    "data/state/run.lock",
    "data/state/train_x.json",
    "data/lake/spotify_tracks",
    "data/lake/spotify_tracks/_delta_log",
    "mlruns/mlflow.db",
    "mlruns/artifacts",
    "genrelab.toml",
)


@pytest.fixture
def used(home: Home) -> Home:
    """A home after a run."""
    for folder in ("data/state", "data/lake/spotify_tracks/_delta_log", "mlruns/artifacts", ".prefect"):
        (home.root / folder).mkdir(parents=True)
    for place in PLACES:
        path = home.root / place
        if not path.is_dir():
            path.touch()
    return home


def test_a_home_of_ones_own_is_fine(used: Home) -> None:
    """And so is one that is not there yet."""

    require_access(used)
    require_access(Home(used.root / "new" / "home"))


@pytest.mark.parametrize("place", PLACES)
def test_what_belongs_to_another_is_named(used: Home, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Asked of the system, since root may write anywhere; the owner is made up."""

    refused = used.root / place
    monkeypatch.setattr(access.os, "access", lambda path, _: Path(path) != refused)
    monkeypatch.setattr(access, "_owner", lambda _: "somebody")
    with pytest.raises(AccessError, match=f"^{refused} cannot be ") as raised:
        require_access(used)
    assert "it belongs to somebody" in raised.value.found
    assert f"chown -R {access.user_name(os.geteuid())} {used.root}" in raised.value.do


def test_others_like_it_are_counted(used: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, however much root left behind."""

    monkeypatch.setattr(access.os, "access", lambda path, _: "data" not in Path(path).parts)
    count = len(list(refusals(used)))
    with pytest.raises(AccessError, match=rf"\({count - 1} more paths like it\)"):
        require_access(used)


def test_a_home_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    """The file is named, not its rights."""

    (tmp_path / "file").touch()
    with pytest.raises(AccessError, match=f"{tmp_path / 'file'} is a file"):
        require_access(Home(tmp_path / "file" / "home"))


@pytest.mark.parametrize("name", access.OWN_FOLDERS)
@pytest.mark.parametrize("is_link", [False, True])
def test_what_lies_where_a_folder_belongs_is_named(home: Home, name: str, is_link: bool) -> None:
    """A file, or a link to a disk that is not mounted; a link to a folder is as good as one."""

    place = home.root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if is_link:
        place.symlink_to(home.root / "not-mounted")
    else:
        place.touch()
    found = "a link to .*not-mounted, which does not exist" if is_link else "a file"
    with pytest.raises(AccessError, match=f"^{re.escape(str(place))} is not a folder; found: {found}"):
        require_access(home)
    if is_link:
        (home.root / "not-mounted").mkdir()
        require_access(home)


def test_a_user_without_a_name_is_a_number() -> None:
    """As in containers that run as any user."""

    assert access.user_name(2**30 + 7) == str(2**30 + 7)
