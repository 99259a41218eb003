"""A clock that is set back: order comes from numbers, waits do not grow, no report is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from genrelab.runtime.home import Home
from genrelab.runtime.settings import Settings
from genrelab.sources.scrape.state import State
from tasks import report
from tasks.run import step
from tasks.run.step import Outcome, run_step


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that steps and reports see; change its only entry."""
    times = [datetime(2026, 3, 12, 2, 30, tzinfo=UTC)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return times[0].astimezone(tz)

    for module in (step, report):
        monkeypatch.setattr(module, "datetime", Clock)
    return times


def test_steps_stand_in_the_order_in_which_they_were_done(home: Home, clock: list[datetime]) -> None:
    """The second one has the earlier time."""

    run_step("b", home, {}, lambda: Outcome("first"))
    clock[0] -= timedelta(days=1)
    run_step("a", home, {}, lambda: Outcome("second"))
    assert [each.message for each in report.collect_facts(Settings(home=home))["overview"].steps] == [
        "first",
        "second",
    ]


def test_two_reports_of_one_second_get_two_folders(home: Home) -> None:
    """Neither takes the place of the other."""

    home.reports.mkdir(parents=True)
    names = []
    for _ in range(3):
        names.append(report._free_name(home.reports, "2026-03-12T023000"))
        (home.reports / names[-1]).mkdir()
    assert names == ["2026-03-12T023000", "2026-03-12T023000-2", "2026-03-12T023000-3"]


@pytest.mark.parametrize(("moved_days", "left"), [(0, 3_600), (-365, 3_600), (365, 0)])
def test_a_wait_that_was_asked_for_never_grows(moved_days: int, left: int) -> None:
    """Spotify asked for an hour; then somebody set the clock back by a year."""

    asked = datetime(2026, 3, 12, 2, 30, tzinfo=UTC)
    record = {"kind": "wait", "at": asked.isoformat(), "until": asked.timestamp() + 3_600, "who": "me"}
    now = (asked + timedelta(days=moved_days)).timestamp()
    state = State([record], now, None, 1)
    assert max(state.wait_until - now, 0) == pytest.approx(left)
