"""One process at a time compiles and loads librosa's compiled functions."""

import subprocess
import sys

import tones
from numba.np.ufunc.gufunc import GUFunc

from genrelab.audio.compiled import COMPILED
from genrelab.audio.compute import compute
from genrelab.audio.recipes import RECIPES

LOADS = """
import fcntl, importlib, sys
import librosa

librosa.__file__ = sys.argv[1]
load, asked = importlib.import_module, set()

def load_and_look(name, *more):
    with open(librosa.__file__) as other:
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            asked.add(name)
    return load(name, *more)

before = set(sys.modules)
importlib.import_module = load_and_look
from genrelab.audio.compiled import COMPILED
assert asked >= set(COMPILED) and before.isdisjoint(COMPILED), asked
with open(librosa.__file__) as other:
    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


def test_compiled_functions_are_loaded_under_a_lock_that_ends(tmp_path):
    """Another process that asks for the lock does not get it while a module is loaded; afterwards it does.

    The locked file is one of the test: that of the installation may be locked by tests that run beside it.
    """
    file = tmp_path / "locked.py"
    file.touch()
    done = subprocess.run([sys.executable, "-c", LOADS, file], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_no_other_module_that_is_used_has_such_functions(tmp_path):
    """After both recipes every loaded module of librosa with a compiled universal function is one of those."""
    file = tones.write_music(tmp_path / "music.wav", 1, seconds=2)
    for recipe in RECIPES:
        compute(file, recipe)

    found = {
        name
        for name, module in sys.modules.items()
        if name.startswith("librosa.")
        and any(isinstance(one, GUFunc) and one.__module__ == name for one in vars(module).values())
    }
    assert found == set(COMPILED)
