"""Lineage: what tags say of the tables behind a result, and which versions these are in the lake."""

import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from genrelab.lake.lake import Lake
from genrelab.lake.lineage import lineage_tags, rules_of, table_ids, tables_in_words, training_version
from genrelab.lake.version import TableVersion

RULES = {"classic": "a" * 64, "reviewed": "b" * 64}
LATER = datetime.now(UTC) + timedelta(days=1)


def publish(lake: Lake, table: str, rows: int, **more: object) -> TableVersion:
    from genrelab.lake.version import Counts  # noqa: PLC0415 - beside its only use

    data = pa.table({"a": list(range(rows))})
    return lake.publish(table, data, Counts(rows, rows), source="x", is_sample=False, **more)


def test_tags_name_every_table_and_the_rules_that_were_used(lake: Lake) -> None:
    """The main table first, each by its identity; the digest of one rule set, or of all."""

    binned, groups = publish(lake, "binned", 2, rules=RULES), publish(lake, "groups", 3)
    tags = lineage_tags([binned, groups], "classic")
    assert (tags["table"], tags["table_version"], tags["sample"]) == ("binned", "0", "false")
    assert table_ids(tags) == {"binned": binned.id, "groups": groups.id}
    assert tables_in_words(tags) == "binned version 0, groups version 0"
    assert tags["rule_set_digest"] == f"classic:{'a' * 64}"
    assert lineage_tags([binned])["rule_set_digest"] == f"classic:{'a' * 64} reviewed:{'b' * 64}"
    assert "rule_set_digest" not in lineage_tags([groups])
    assert rules_of([binned, groups], "mine") == {}


@pytest.mark.parametrize("damaged", ["", "[1]", "{", "null"])
def test_a_damaged_tag_leaves_the_main_table(damaged: str) -> None:
    """As in a model that was stored before there was the tag."""

    assert table_ids({"table": "t", "table_version": "3", "tables": damaged}) == {"t": "3"}
    assert table_ids({"tables": damaged}) == {}


def test_a_version_is_found_by_its_identity_not_its_number(lake: Lake) -> None:
    """A rebuilt lake has another version of that number, which the model has never seen."""

    tags = lineage_tags([publish(lake, "t", 2)])
    publish(lake, "t", 3)
    assert training_version(lake, "t", tags, LATER).version == 0
    shutil.rmtree(lake.path("t"))
    publish(lake, "t", 2)
    assert training_version(lake, "t", tags, LATER) is None


def test_an_older_model_read_the_newest_version_of_its_time(lake: Lake) -> None:
    """Its main table by the number in its tags, if that was published before the model was stored."""

    versions = [publish(lake, "t", rows) for rows in (1, 2, 3)]
    made = datetime.fromisoformat(versions[1].published_at)
    assert training_version(lake, "t", {"table": "other", "table_version": "7"}, made) == versions[1]
    assert training_version(lake, "t", {"table": "t", "table_version": "0"}, made) == versions[0]
    assert training_version(lake, "t", {"table": "t", "table_version": "2"}, made) is None
    assert training_version(lake, "t", {}, made - timedelta(days=1)) is None


def test_equal_files_have_equal_content(lake: Lake) -> None:
    """Publishing the same rows again is another version with the same content; other rows have another."""

    first, again, other = (lake.content(publish(lake, "t", rows)) for rows in (5, 5, 6))
    assert first == again
    assert first != other
    assert len(first) <= 36, "MLflow's limit"


def test_a_version_keeps_the_rules_that_made_it(lake: Lake) -> None:
    """A version published before rules were recorded has none."""

    publish(lake, "t", 2, rules=RULES)
    assert dict(Lake(lake.home).current("t").rules) == RULES
    assert publish(lake, "t", 2).rules == {}
