"""Where things lie: one folder holds the lake, the runs and Prefect's own files.

`GENRELAB_HOME` names it; without that it is the project's root, or the current folder when genrelab was
installed as a wheel. Nothing is created here: whoever writes makes the folder.
"""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    """The folders of one installation.

    Args:
        root: The folder that holds everything.
    """

    root: Path

    @classmethod
    def find(cls) -> "Home":
        """The home of this process, from `GENRELAB_HOME`."""
        named = os.environ.get("GENRELAB_HOME")
        if named:
            return cls(Path(named).expanduser().resolve())
        return cls(PROJECT if (PROJECT / "pyproject.toml").is_file() else Path.cwd())

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
