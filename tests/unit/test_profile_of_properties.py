"""Properties fail for a counterexample only, never because the machine is busy."""

import re
from pathlib import Path

from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parents[1]


def test_no_property_has_a_deadline() -> None:
    """The profile of tests/conftest.py holds for all of them, in this process too."""

    profile = settings()
    assert profile.deadline is None
    assert HealthCheck.too_slow in profile.suppress_health_check
    own = re.compile(r"settings\([^)]*deadline=")
    found = [file.name for file in TESTS.rglob("*.py") if own.search(file.read_text())]
    assert found == []
