"""`import genrelab as gl`: what it offers, and what it costs."""

import subprocess
import sys
from importlib import import_module

import pytest

import genrelab as gl


def _modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_genrelab_imports_nothing_else():
    """Every command and every worker process imports it."""

    bare = _modules_after("pass")
    loaded = _modules_after("import genrelab; genrelab.__version__")

    assert {name for name in loaded - bare if name.partition(".")[0] not in sys.stdlib_module_names} == {
        "genrelab"
    }


def test_every_public_name_is_there_and_described():
    """`help(gl.table)` says what it returns."""

    for name in set(gl.__all__) - {"__version__"}:
        assert getattr(gl, name).__doc__


def test_public_names_are_listed_once():
    """Tab completion and `from genrelab import *` offer the same names as the documentation."""

    assert set(gl._MODULES) == set(gl.__all__) - {"__version__"}
    assert set(gl.__all__) <= set(dir(gl))


@pytest.mark.parametrize("package", ["rules", "tables"])
@pytest.mark.usefixtures("small")
def test_a_function_with_the_name_of_a_package_can_be_called_after_the_package_is_imported(package):
    """Importing genrelab.tables binds the package over the function of that name."""

    import_module(f"genrelab.{package}")

    assert getattr(gl, package)() is not None


def test_an_unknown_name_is_an_attribute_error():
    """As of any module."""

    with pytest.raises(AttributeError, match="has no attribute 'tabless'"):
        gl.tabless  # noqa: B018
