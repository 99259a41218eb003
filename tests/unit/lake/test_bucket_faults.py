"""A lake in a bucket of a store that fails: a clear message, the last good version, nothing lost, no secret."""

import logging
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hostile_s3 import FAULTS, KEY, SECRET, TOKEN, HostileS3

from genrelab.lake import s3_connection
from genrelab.lake.bucket_errors import StorageError
from genrelab.lake.lake import Lake
from genrelab.lake.version import Counts
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.run_lock import one_run
from genrelab_cli.main import cli, main

pytest.importorskip("boto3", reason="boto3 is not installed")

SAYS = {
    "answers 500": ("does not answer as it should", "AWS_ENDPOINT_URL"),
    "hangs": ("does not answer as it should", "AWS_ENDPOINT_URL"),
    "expired": ("have expired", "log in again"),
    "wrong key": ("does not accept the credentials", "AWS_ACCESS_KEY_ID"),
    "wrong secret": ("does not accept the credentials", "AWS_SECRET_ACCESS_KEY"),
    "clock": ("clock of this machine differs", "set the clock"),
    "no bucket": ("bucket of the lake does not exist", "create it"),
    "region": ("in another region", "AWS_DEFAULT_REGION"),
    "denied": ("denies access", "those rights"),
    "full": ("object store is full", "make room"),
}
"""What the message of each fault says, and what it says to do."""


@pytest.fixture
def store(home: Home, store: HostileS3, monkeypatch: pytest.MonkeyPatch) -> HostileS3:  # noqa: ARG001 - its lake
    """A server that works until a test says otherwise, with the lake of the home on it; asked once, for a second."""
    monkeypatch.setattr(s3_connection, "TRIES", 1)
    monkeypatch.setattr(s3_connection, "READ_SECONDS", 1)
    return store


def publish(lake: Lake, *numbers: int) -> None:
    """Publish numbers."""
    counts = Counts(len(numbers), len(numbers))
    lake.publish(
        "t", pa.table({"number": pa.array(numbers, pa.int64())}), counts, source="x", is_sample=False
    )


def test_every_fault_has_its_message_here() -> None:
    """A fault that is added to the server is asked for."""

    assert set(SAYS) == {*FAULTS, "hangs"}


@pytest.mark.parametrize("fault", SAYS)
def test_a_store_that_fails_is_named_and_the_last_good_version_is_read(
    home: Home, store: HostileS3, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The message says what was found, what is allowed and what to do, and holds no secret."""

    lake = Lake(home)
    publish(lake, 1, 2)
    assert sorted(lake.read("t").column("number").to_pylist()) == [1, 2]
    store.fault = fault

    caplog.set_level(logging.INFO)
    with pytest.raises(StorageError) as raised:
        publish(lake, 3)

    what, do = SAYS[fault]
    error = raised.value
    assert what in error.what
    assert do in error.do
    assert "s3://bucket/lake" in error.found
    assert error.allowed
    assert sorted(lake.read("t").column("number").to_pylist()) == [1, 2]
    assert fault == "full" or what in caplog.text
    for secret in (KEY, SECRET, TOKEN):
        assert secret not in f"{error} {caplog.text}"
    store.fault = ""
    publish(lake, 4)
    assert lake.read("t").column("number").to_pylist() == [4]


@pytest.mark.parametrize("fault", ["answers 500", "hangs", "expired", "no bucket"])
def test_a_run_ends_before_its_first_step_where_the_store_fails(
    store: HostileS3, home: Home, fault: str
) -> None:
    """It takes the lease of the lake first."""

    store.fault = fault

    with pytest.raises(StorageError, match=SAYS[fault][0]), one_run(home, "nightly", when_busy="refuse"):
        pytest.fail("a run without its lake")


@pytest.mark.parametrize("fault", sorted(set(SAYS) - {"full"}))
def test_a_command_on_a_store_that_fails_ends_with_a_message_and_exit_code_1(
    store: HostileS3, fault: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is cached here, so there is nothing to show."""

    store.fault = fault
    monkeypatch.setattr(sys, "argv", ["genrelab", "tables"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert SAYS[fault][0] in said
    assert "found: s3://bucket/lake" in said
    assert not [secret for secret in (KEY, SECRET, TOKEN) if secret in said]


@pytest.mark.parametrize("fault", ["hangs", "wrong key", "clock", "region", "full"])
def test_the_doctor_finds_the_fault(store: HostileS3, fault: str) -> None:
    """Its exit code is 1, and it shows no secret."""

    store.fault = fault

    done = CliRunner().invoke(cli, ["doctor"])

    assert done.exit_code == 1
    assert SAYS[fault][0] in done.output
    assert SECRET not in done.output
    assert TOKEN not in done.output


def test_a_store_that_ignores_conditions_is_refused_by_the_first_publication(
    store: HostileS3, home: Home
) -> None:
    """Two runs could otherwise commit the same version there, and one would be lost without a word."""

    store.knows_conditions = False

    with pytest.raises(StorageError, match=r"ignores If-None-Match.*conditional puts.*on such a store"):
        publish(Lake(home), 1)

    assert not [key for key in store.objects if "/lake/" in key.removeprefix("bucket")[5:]]
    done = CliRunner().invoke(cli, ["doctor"])
    assert done.exit_code == 1
    assert "ignores If-None-Match" in done.output


def test_the_doctor_reports_the_clock_of_the_store(store: HostileS3) -> None:
    """S3 refuses requests whose time is far from its own."""

    store.ahead = 300.0

    assert "its clock is 300 s ahead" in CliRunner().invoke(cli, ["doctor"]).output.replace("299", "300")


def test_what_a_run_knows_already_is_not_asked_again(store: HostileS3, home: Home, tmp_path: Path) -> None:
    """While it holds the lease nobody else writes; outside of a run every reading asks for new commits."""

    lake, other = Lake(home), Lake(Home(tmp_path / "other"))
    with one_run(home, "nightly", when_busy="refuse"):
        publish(lake, 1)
        assert set(lake.newest()) == {"t"}
        assert len(lake.read("t")) == 1
        store.asked.clear()
        lake.newest()
        assert lake.read("t").column("number").to_pylist() == [1]
        assert not [each for each in store.asked if "list-type" in each or each.startswith("GET")]
        publish(lake, 2)
        assert lake.current("t").version == 1

    publish(other, 3)
    assert lake.current("t").version == 2
    store.asked.clear()
    lake.newest()
    assert len(store.asked) == 2, "one for the tables, one for the new commits of each"
    assert all("list-type" in each for each in store.asked)


@pytest.mark.usefixtures("store")
def test_a_table_that_was_deleted_and_made_again_is_not_mixed_with_its_cached_copy(
    home: Home, tmp_path: Path
) -> None:
    """The numbers of its versions begin anew, and so does the cache."""

    here, elsewhere = Lake(home), Lake(Home(tmp_path / "elsewhere"))
    publish(here, 1)
    publish(here, 2)
    assert elsewhere.current("t").version == 1
    elsewhere.storage.delete(list(elsewhere.storage.sizes("lake/t")))
    publish(elsewhere, 7)

    assert here.current("t").version == 0
    assert here.read("t").column("number").to_pylist() == [7]


@pytest.mark.usefixtures("store")
def test_without_a_server_at_the_address_the_message_names_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong endpoint is the mistake that everybody makes first."""

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://me:hostile-password@127.0.0.1:1")

    with pytest.raises(StorageError, match=r"127\.0\.0\.1:1.*AWS_ENDPOINT_URL") as raised:
        publish(Lake(home), 1)
    assert "hostile-password" not in str(raised.value)


@pytest.mark.parametrize("address", ["s3:/bucket", "bucket", "s3://key:secret@bucket/lake", "s3://b/../x"])
def test_what_is_no_address_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A secret in it is not shown again."""

    monkeypatch.setenv("GENRELAB_LAKE", address)

    with pytest.raises(GenrelabError, match="GENRELAB_LAKE is not the address of a lake") as raised:
        Lake(home)
    assert "secret@" not in str(raised.value)
