"""What a wheel of the project holds: every package that the code has, found by pattern."""

from setuptools.config.pyprojecttoml import read_configuration

from genrelab.runtime.home import PROJECT

TOPS = ("src/genrelab", "src/genrelab_cli", "flows", "tasks", "expectations")


def test_every_package_of_the_code_is_packed():
    """`tasks` too, which setuptools' own discovery leaves out; no tests and no benchmarks."""
    found = read_configuration(PROJECT / "pyproject.toml")["tool"]["setuptools"]["packages"]
    folders = [folder for top in TOPS for folder in [PROJECT / top, *(PROJECT / top).rglob("*")]]
    there = {
        ".".join(folder.relative_to(PROJECT).parts).removeprefix("src.")
        for folder in folders
        if (folder / "__init__.py").is_file()
    }

    assert set(found) == there
    assert "tasks" in found
