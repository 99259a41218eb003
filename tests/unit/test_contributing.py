"""What CONTRIBUTING.md and the architecture page name is there."""

import re

import pytest

from genrelab.runtime.home import PROJECT

TEXTS = ("CONTRIBUTING.md", "docs/architecture.md")
MADE = (
    "track_lengths",
    "<",
    "*",
    "NAME",
    ".venv",
    "mlruns",
    ".prefect",
    "data/",
    "raw/",
    "reports/",
    "lock/",
)
"""Names that a reader puts in, or that a run makes."""


def paths_in(text: str) -> set[str]:
    """Paths in backticks, without those that only a reader or a run makes."""
    found = set(re.findall(r"`([\w./<>*-]+/[\w./<>*-]*)`", text))
    return {path for path in found if not any(part in path for part in MADE)}


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_leads_somewhere(name):
    """From the root of the project, from the library, or from the folder of an analysis."""
    paths = paths_in((PROJECT / name).read_text("utf-8"))
    roots = (PROJECT, PROJECT / "src", PROJECT / "src" / "genrelab", PROJECT / "docs/examples/analysis")

    assert len(paths) > 5
    assert [path for path in paths if not any((root / path).exists() for root in roots)] == []


def test_every_target_of_make_is_there():
    """Each is a target with a word of help."""
    wanted = set(re.findall(r"\bmake ([a-z-]+)", (PROJECT / "CONTRIBUTING.md").read_text("utf-8")))
    targets = set(re.findall(r"^([a-z-]+):.*##", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert {"help", "lint", "docs"} <= wanted <= targets
