"""The tables of numbers in the documentation: each is the kept output of a command, and an edited one is found."""

from pathlib import Path

import pytest

from genrelab_cli.numbers import findings, rendered

TABLE = "| model | accuracy |\n| --- | --- |\n| blend | 0.46 |\n| forest | 0.45 |\n| linear | 0.42 |\n"
PAGE = "# Page\n\n<!-- numbers: scores -->\n\n{}\n\n<!-- /numbers -->\n\nText.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one page and one table."""
    (tmp_path / "docs" / "numbers").mkdir(parents=True)
    (tmp_path / "docs" / "numbers" / "scores.md").write_text(TABLE)
    (tmp_path / "README.md").write_text("# Readme\n")
    (tmp_path / "docs" / "models.md").write_text(PAGE.format(TABLE.strip()))
    return tmp_path


def test_a_page_with_its_table_is_in_order(project: Path) -> None:
    """Nothing is found, and rendering changes nothing."""
    text = (project / "docs" / "models.md").read_text()

    assert list(findings(project)) == []
    assert rendered(text, project / "docs" / "numbers") == text


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("docs/models.md", PAGE.format(TABLE.strip().replace("0.46", "0.64")), "differs from the one in"),
        ("docs/models.md", "# Page\n", "no page shows this table"),
        ("README.md", f"# Readme\n\n{TABLE}", "no command made the table"),
        ("README.md", "<!-- numbers: gone -->\n<!-- /numbers -->\n", "there is no table"),
    ],
)
def test_what_nobody_measured_is_found(project: Path, file: str, text: str, found: str) -> None:
    """A number changed by hand, a table that is not shown, one that no command made, one that is missing."""
    (project / file).write_text(text)

    assert any(found in finding for finding in findings(project))
