"""The home: one folder that holds the lake, the runs and Prefect's own files.

`GENRELAB_HOME` sets it; the default is the project's root, or the current folder if genrelab was installed as a wheel.
Nothing is created here: the code that writes creates its folder.

Conventions: nothing is written or deleted outside of the home. A path is in the home by its name alone: a link in the
home, for instance to a larger disk, is part of it.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from genrelab.runtime.errors import SettingsError
from genrelab.runtime.files import is_text, lies_below

PROJECT = Path(__file__).resolve().parents[3]

UNFIT = re.compile(r"[%#?^|\[\]\\\x00-\x1f\x7f]")
"""Characters of a path that have another meaning in Delta Lake or in the address of a database."""


@dataclass(frozen=True)
class Home:
    """The folders of one installation.

    Args:
        root: The folder that holds everything.
    """

    root: Path

    def __post_init__(self) -> None:
        """Accept the folder as text, too."""
        object.__setattr__(self, "root", Path(self.root))

    @classmethod
    def find(cls) -> "Home":
        """The home of this process, from `GENRELAB_HOME`.

        Raises:
            SettingsError: Its path does not resolve, or has a character that database addresses do not allow.
        """
        return cls.at(os.environ.get("GENRELAB_HOME"))

    @classmethod
    def at(cls, named: Path | str | None) -> "Home":
        """The home in a folder, which need not exist yet; the default place if none is named.

        Raises:
            SettingsError: Its path does not resolve, or has a character that database addresses do not allow.
        """
        try:
            if named:
                root = Path(named).expanduser().resolve()
            else:
                root = PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()
            is_file = root.exists() and not root.is_dir()
        except (OSError, RuntimeError, ValueError) as error:  # a circle of links, nobody's home, a NUL
            raise _no_home(repr(named or "the current folder"), str(error)) from None
        if is_file:
            raise _no_home(str(root), "a file")
        if UNFIT.search(str(root)) or not is_text(str(root)):
            raise SettingsError(
                "genrelab cannot keep its data in this folder",
                found=repr(str(root)),
                allowed="a path in UTF-8 without % # ? ^ | [ ] \\ and control characters",
                do="set GENRELAB_HOME to another folder, or rename this one",
            )
        return cls(root)

    def holds(self, path: Path) -> bool:
        """Whether a path lies below this home, by its name."""
        return lies_below(path, self.root)

    def short(self, path: Path | str) -> str:
        """Return a path as it is recorded: relative to the home if it lies in it, so that the home can be moved."""
        path = Path(path)
        return os.path.relpath(path, self.root) if path.is_absolute() and self.holds(path) else str(path)

    @property
    def raw(self) -> Path:
        """Raw data, as received."""
        return self.root / "data" / "raw"

    @property
    def lake(self) -> Path:
        """Validated tables."""
        return self.root / "data" / "lake"

    @property
    def quarantine(self) -> Path:
        """Rejected rows with the rule that rejected them."""
        return self.root / "data" / "quarantine"

    @property
    def reports(self) -> Path:
        """The report site, one folder per run and `latest`."""
        return self.root / "data" / "reports"

    @property
    def state(self) -> Path:
        """The last result and the inputs of each step."""
        return self.root / "data" / "state"

    @property
    def mlruns(self) -> Path:
        """MLflow's database and artifacts."""
        return self.root / "mlruns"

    @property
    def prefect(self) -> Path:
        """Prefect's own home."""
        return self.root / ".prefect"

    @property
    def settings_file(self) -> Path:
        """The user's settings file."""
        return self.root / "genrelab.toml"


def _no_home(named: str, found: str) -> SettingsError:
    return SettingsError(
        f"the home {named} cannot be used",
        found=found,
        allowed="a folder, which need not exist yet",
        do="set GENRELAB_HOME to a folder",
    )
