"""A copy of the project that a test may change, and programs that run in it."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from genrelab.runtime.home import PROJECT

FOLDERS = ("src", "flows", "tasks", "expectations", "docs", "tests")
FILES = ("pyproject.toml", "prefect.yaml", "CHANGELOG.md", "CONTRIBUTING.md")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.png", "spotify_api")


@dataclass(frozen=True)
class Copy:
    """A copy of the project, and a home beside it.

    Args:
        root: Where it lies.
    """

    root: Path

    @classmethod
    def make(cls, folder: Path) -> "Copy":
        """Copy the project into a folder."""
        for name in FOLDERS:
            shutil.copytree(PROJECT / name, folder / "project" / name, ignore=LEFT_OUT)
        for name in FILES:
            shutil.copy2(PROJECT / name, folder / "project" / name)
        return cls(folder / "project")

    @property
    def home(self) -> Path:
        """The home in which it runs."""
        return self.root.parent / "home"

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python on the copy."""
        places = os.pathsep.join([str(self.root / "src"), str(self.root)])
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GENRELAB_")}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env={**clean, "PYTHONPATH": places, "GENRELAB_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=False,
        )

    def replace(self, file: str, old: str, new: str) -> None:
        """Change a file."""
        path = self.root / file
        text = path.read_text("utf-8")
        assert old in text, file
        path.write_text(text.replace(old, new, 1), "utf-8")

    def touched(self) -> list[str]:
        """Files of the project that differ in the copy."""
        files = [file.relative_to(self.root) for name in FOLDERS for file in (self.root / name).rglob("*.*")]
        files += map(Path, FILES)
        return sorted(
            file.as_posix()
            for file in files
            if "__pycache__" not in file.parts
            and (PROJECT / file).is_file()
            and (PROJECT / file).read_bytes() != (self.root / file).read_bytes()
        )


def steps_of(section: str, language: str) -> list[str]:
    """The blocks of code in a section of CONTRIBUTING.md."""
    text = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
    inside = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", inside, re.DOTALL)
