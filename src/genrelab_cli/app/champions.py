"""The champions that the application answers with, replaced when a promotion writes a new one.

Conventions: `genrelab.serving` writes a bundle, then replaces `current.json`. Once a second `refresh` looks at that
file; when it has changed, the new bundle is loaded aside and then replaces the old one. A request keeps the one
that it started with. A bundle that cannot be read leaves the last good champion in place, with a note in its answers.
"""

import logging
import threading
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.serving.champion import ServedChampion, load_champion
from genrelab.serving.description import CURRENT, ChampionDescription, champion_names, describe, folder_of
from genrelab_cli.app.answers import RequestError

LOGGER = logging.getLogger(__name__)
NONE_YET = (
    "run `genrelab nightly`, or `genrelab train`; the application answers as soon as there is a champion"
)
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class _Loaded:
    """A champion, and the state of `current.json` from which it was loaded."""

    champion: ServedChampion
    stamp: Stamp | None
    note: str = ""


class Champions:
    """The champions of one home.

    Args:
        home: The home.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.compiling = ""
        """Why champions may be missing or old: the registry is being read, or cannot be."""
        self._loaded: dict[str, _Loaded] = {}
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """The names of the champions that can be asked."""
        return tuple(sorted({*champion_names(self.home), *self._loaded}))

    def get(self, name: str) -> ServedChampion:
        """Return a champion; the first time it is loaded.

        Raises:
            RequestError: There is no such champion (404), or no champion at all yet (503).
        """
        found = self._loaded.get(name) or self._load_first(name)
        return found.champion

    def is_loaded(self, name: str) -> bool:
        """Whether `get` returns without reading files."""
        return name in self._loaded

    def note(self, name: str) -> str:
        """Why the answers come from an older version than the newest; empty if they do not."""
        return self._loaded[name].note if name in self._loaded else ""

    def described(self) -> tuple[list[ChampionDescription], dict[str, str]]:
        """Return the champions that can be asked, and what is missing, with the reason."""
        found, missing = [], {}
        for name in self.names():
            try:
                found.append(self._describe(name))
            except GenrelabError as error:
                missing[name] = str(error)
            else:
                missing |= {name: self.note(name)} if self.note(name) else {}
        if not found:
            missing["champions"] = NONE_YET
        if self.compiling:
            missing["compiling"] = self.compiling
        return found, missing

    def _describe(self, name: str) -> ChampionDescription:
        if self.is_loaded(name):
            return self.get(name).description
        try:
            return describe(self.home, name)  # without loading the model
        except Exception:  # noqa: BLE001 - `get` says what is wrong, or finds an older version
            return self.get(name).description

    def refresh(self) -> None:
        """Load the bundles that were replaced since they were loaded."""
        for name, old in list(self._loaded.items()):
            stamp = self._stamp(name)
            if stamp in {old.stamp, None}:
                continue
            with self._lock:
                try:
                    new = _Loaded(load_champion(self.home, name), stamp)
                except Exception as error:  # noqa: BLE001 - whatever is wrong with a file, the last good one answers
                    version = old.champion.description.version
                    new = _Loaded(old.champion, stamp, _cannot_be_read(error, version))
                    LOGGER.warning("%s: %s", name, new.note)
                self._loaded[name] = new

    def _load_first(self, name: str) -> _Loaded:
        with self._lock:
            if name in self._loaded:  # another thread was faster
                return self._loaded[name]
            self._require(name)
            stamp = self._stamp(name)
            try:
                found = _Loaded(load_champion(self.home, name), stamp)
            except Exception as error:  # noqa: BLE001 - as in `refresh`
                LOGGER.warning("%s cannot be loaded: %s", name, error)
                found = self._load_older(name, stamp, error)
            self._loaded[name] = found
            return found

    def _load_older(self, name: str, stamp: Stamp | None, error: Exception) -> _Loaded:
        """Load the newest older version that can be read."""
        folders = [each.name for each in self._folder(name).iterdir() if each.name.isdecimal()]
        for version in sorted(map(int, folders), reverse=True):
            try:
                return _Loaded(
                    load_champion(self.home, name, version), stamp, _cannot_be_read(error, version)
                )
            except Exception:  # noqa: BLE001 - as in `refresh`
                LOGGER.warning("%s, version %d cannot be loaded either", name, version)
        raise RequestError(
            f"the champion {name} cannot be read",
            HTTPStatus.SERVICE_UNAVAILABLE,
            found=error.what if isinstance(error, GenrelabError) else type(error).__name__,
            do=f"ask again later: {self.compiling}"
            if self.compiling
            else f"remove the folder {self.home.short(self._folder(name))} and start `genrelab app` again",
        ) from None

    def _require(self, name: str) -> None:
        names = self.names()
        if not names:
            raise RequestError(
                "there is no champion yet",
                HTTPStatus.SERVICE_UNAVAILABLE,
                found=self.compiling or "no compiled champion in this home",
                do=NONE_YET,
            )
        if name not in names:
            raise RequestError(
                "there is no champion of this name",
                HTTPStatus.NOT_FOUND,
                found=name[:100],
                allowed=", ".join(names),
                do="choose one of these; GET /api/champions describes them",
            )

    def _folder(self, name: str) -> Path:
        return folder_of(self.home, name)

    def _stamp(self, name: str) -> Stamp | None:
        """What changes whenever `current.json` is replaced; None if it is not there."""
        try:
            found = (self._folder(name) / CURRENT).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def _cannot_be_read(error: Exception, answering: int) -> str:
    why = error.what if isinstance(error, GenrelabError) else type(error).__name__
    return f"the newest version cannot be read ({why}); version {answering} answers"
