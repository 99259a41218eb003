"""Where things lie: one folder holds the lake, the runs and Prefect's own files.

`GENRELAB_HOME` names it; without that it is the project's root, or the current folder when genrelab was
installed as a wheel. Nothing is created here: whoever writes makes the folder.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from genrelab.errors import SettingsError

PROJECT = Path(__file__).resolve().parents[2]

UNFIT = re.compile(r"[%#?^|\[\]\\\x00-\x1f\x7f]")
"""Characters of a path that Delta Lake or the address of a database would take for something else."""


@dataclass(frozen=True)
class Home:
    """The folders of one installation.

    Args:
        root: The folder that holds everything.
    """

    root: Path

    @classmethod
    def find(cls) -> "Home":
        """The home of this process, from `GENRELAB_HOME`.

        Raises:
            SettingsError: Its path holds a character that no database can lie behind.
        """
        named = os.environ.get("GENRELAB_HOME")
        if named:
            root = Path(named).expanduser().resolve()
        else:
            root = PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd()
        if UNFIT.search(str(root)):
            raise SettingsError(
                "genrelab cannot keep its data in this folder",
                found=repr(str(root)),
                allowed="a path without % # ? ^ | [ ] \\ and control characters",
                do="set GENRELAB_HOME to another folder, or rename this one",
            )
        return cls(root)

    @property
    def raw(self) -> Path:
        """What came from outside, as it came."""
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
        """What each step last did, and from which inputs."""
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
        """The settings that a user may write."""
        return self.root / "genrelab.toml"
