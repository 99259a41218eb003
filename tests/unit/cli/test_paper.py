"""`genrelab report --pdf`: pages as PDFs, by a Chromium that may be missing or fail."""

from pathlib import Path

import pytest

from genrelab.runtime.errors import GenrelabError
from genrelab_cli.commands.paper import PROGRAMS, VARIABLE, find_chromium, print_report


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a program in the place of Chromium that runs a line of shell; `$made` is the file to write."""

    def put(line: str) -> Path:
        path = tmp_path / "browser"
        path.write_text(
            "#!/bin/sh\nfor word; do case $word in --print-to-pdf=*) made=${word#*=};; esac; done\n" + line
        )
        path.chmod(0o755)
        monkeypatch.setenv(VARIABLE, str(path))
        return path

    return put


@pytest.fixture
def report(tmp_path: Path) -> Path:
    folder = tmp_path / "report"
    folder.mkdir()
    for name in ("index", "rules"):
        (folder / f"{name}.html").write_text("<p>page</p>")
    return folder


def test_every_page_is_printed(program, report):
    """A file for each page; those of an earlier time are gone."""
    program('echo "%PDF" > "$made"')
    (report / "pdf").mkdir()
    (report / "pdf" / "old.pdf").write_text("old")

    made = print_report(report)

    assert sorted(path.name for path in made.iterdir()) == ["index.pdf", "rules.pdf"]


def test_a_page_that_cannot_be_printed_is_named(program, report):
    """With what Chromium said."""
    program('echo "no display" >&2; exit 3')

    with pytest.raises(GenrelabError, match=r"index\.html could not be printed; found: no display"):
        print_report(report)


def test_without_chromium_the_error_says_what_to_install(monkeypatch):
    """Before anything is written."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GenrelabError, match=f"none of {', '.join(PROGRAMS)}.*apt-get install chromium"):
        find_chromium()
    monkeypatch.setenv(VARIABLE, "/nowhere/chromium")
    with pytest.raises(GenrelabError, match=f"no /nowhere/chromium, which {VARIABLE} names"):
        find_chromium()
