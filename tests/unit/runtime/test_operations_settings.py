"""Schedule, retention and notification in genrelab.toml."""

from pathlib import Path

import pytest
import yaml

from genrelab.analyses.registry import PIPELINE, STUDIES
from genrelab.runtime.errors import SettingsError
from genrelab.runtime.home import Home
from genrelab.runtime.operations import Retention, Schedule, load_operations

PROJECT = Path(__file__).resolve().parents[3]


def test_a_home_without_a_file_has_defaults(home: Home) -> None:
    """Nothing has to be written to be scheduled and cleaned."""

    operations = load_operations(home)
    assert (operations.schedule, operations.retention, operations.webhook) == (Schedule(), Retention(), "")


def test_every_setting_is_taken_from_the_file(home: Home) -> None:
    """All three sections."""

    home.settings_file.write_text(
        '[schedule]\ncron = "0 4 * * MON-FRI"\ntimezone = "Asia/Tokyo"\nwhen_busy = "refuse"\ntimeout_hours = 0.5\n'
        "[retention]\nreports = 2\ntable_versions_days = 3\nruns_days = 4\nraw_days = 5\nchampions = 6\nbackups = 7\n"
        '[notify]\nwebhook = "https://example.org/hook"\n'
    )
    operations = load_operations(home)
    assert operations.schedule == Schedule("0 4 * * MON-FRI", "Asia/Tokyo", "refuse", 0.5)
    assert operations.retention == Retention(2, 3, 4, 5, 6, 7)
    assert operations.webhook == "https://example.org/hook"


def test_the_environment_goes_before_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret address need not stand in a file."""

    home.settings_file.write_text('[notify]\nwebhook = "https://example.org/file"\n')
    monkeypatch.setenv("GENRELAB_WEBHOOK", "https://example.org/environment")
    assert load_operations(home).webhook == "https://example.org/environment"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[schedule]\ncron = "every night"\n', "schedule.cron"),
        ('[schedule]\ncron = "99 2 * * *"\n', "schedule.cron"),
        ('[schedule]\ncron = "30 2 * *"\n', "minute hour day month weekday"),
        ('[schedule]\ncron = "0 30 2 * * *"\n', "minute hour day month weekday"),
        ('[schedule]\ncron = "30 2 31 6 *"\n', "schedule.cron"),
        ("[schedule]\ncron = 5\n", "schedule.cron"),
        ('[schedule]\ntimezone = "Europe/Nowhere"\n', "known time zone"),
        ('[schedule]\ntimezone = "../etc/passwd"\n', "known time zone"),
        ("[schedule]\ntimezone = 2\n", "known time zone"),
        ('[schedule]\nwhen_busy = "explode"\n', "queue, refuse"),
        ("[schedule]\ntimeout_hours = -1\n", "number of hours"),
        ('[schedule]\ntimeout_hours = "long"\n', "number of hours"),
        ('[schedule]\ncorn = "30 2 * * *"\n', "corn"),
        ("[retention]\nreports = 0\n", "1 or more"),
        ("[retention]\nchampions = 0\n", "1 or more"),
        ("[retention]\nruns_days = true\n", "whole number"),
        ("[retention]\nraw_days = 1.5\n", "whole number"),
        ('[notify]\nwebhook = "example.org"\n', "http://"),
        ("[notify]\nwebhook = 7\n", "http://"),
        ('[notify]\nwebhook = "https://[h/x"\n', "http://"),
        ('[notify]\nwebhook = "https://h:port/x"\n', "http://"),
        ('[notify]\nwebhook = "https://h/se cret"\n', "http://"),
    ],
)
def test_a_mistake_is_named_with_what_is_allowed(home: Home, text: str, words: str) -> None:
    """The message says which setting and what it may be."""

    home.settings_file.write_text(text)
    with pytest.raises(SettingsError, match=words):
        load_operations(home)


@pytest.mark.parametrize("cron", ["*/15 * * * *", "0 0 1,15 * *", "5-55/10 3 * JAN-MAR SUN", "30 2 * * 7"])
def test_crons_in_use_are_taken(home: Home, cron: str) -> None:
    """Steps, lists, ranges and names."""

    home.settings_file.write_text(f'[schedule]\ncron = "{cron}"\n')
    assert load_operations(home).schedule.cron == cron


def test_no_secret_is_shown(home: Home) -> None:
    """Neither by the settings themselves nor by the error about a bad address."""

    home.settings_file.write_text('[notify]\nwebhook = "https://example.org/hook-sesame"\n')
    assert "sesame" not in repr(load_operations(home))
    home.settings_file.write_text('[notify]\nwebhook = "sesame://sesame"\n')
    with pytest.raises(SettingsError) as raised:
        load_operations(home)
    assert "sesame://sesame" not in str(raised.value)


def test_prefect_yaml_deploys_the_same_schedule() -> None:
    """`prefect deploy --all` without genrelab.toml means what `genrelab serve` means."""

    declared = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    nightly = next(each for each in declared if each["name"] == "nightly")
    assert nightly["schedules"] == [{"cron": Schedule.cron, "timezone": Schedule.timezone}]
    assert all("concurrency_limit" not in each for each in declared)


def test_the_deployments_stand_in_the_order_of_the_nightly_run_and_say_what_they_cost() -> None:
    """Each says what it reads, what it writes and how long that takes."""

    declared = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    names = [each["name"] for each in declared]
    *pipeline, report = PIPELINE
    assert names == ["nightly", *pipeline, *STUDIES, report]
    for each in declared:
        assert {"Costs"} <= set(each["description"].replace(":", " ").split())
        assert each["name"] == "nightly" or {"Reads", "Writes"} <= set(each["description"].split())
