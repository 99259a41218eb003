"""The lock files: every pin has hashes, and names that are asked for with extras are pinned with them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = tuple(sorted(path.name for path in ROOT.glob("requirements*.lock")))


@pytest.mark.parametrize("name", LOCKS)
def test_extras_are_pinned(name, tmp_path):
    """The pip of Python 3.11 would take the newest version of such a name, and stop at its hash."""
    copy = tmp_path / name
    shutil.copy(ROOT / name, copy)

    subprocess.run([sys.executable, ROOT / "tools" / "pin_extras.py", copy], check=True)

    assert copy.read_text() == (ROOT / name).read_text()
    assert "sqlalchemy[asyncio]==" in copy.read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash_and_no_address(name):
    """Whoever installs decides where from."""
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9._-]+(?:\[.*\])?==.*\n(?=    --hash=)", text, flags=re.MULTILINE)

    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, flags=re.MULTILINE)) > 100
    assert "://" not in text
