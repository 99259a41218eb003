"""Lineage: the table versions and rule sets that a result was made from, as tags of its run and of its model.

Conventions: the first version is that of the main table, whose rows were counted. The tag `tables` is JSON: the
identity of each version (`TableVersion.id`) by table. The tag `rule_set_digest` holds `name:sha256`, several separated
by a space. A model stored before these tags existed names its main table only.

Reading tags from MLflow does not belong here but in `tasks.tracking`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from genrelab.lake.log import LakeLog
from genrelab.lake.version import TableVersion

TABLES, RULE_SET_DIGEST = "tables", "rule_set_digest"


def lineage_tags(versions: Sequence[TableVersion], rule_set: str = "") -> dict[str, str]:
    """Return the tags that name all input tables and the rule sets behind their labels.

    Args:
        versions: The input tables, the main one first.
        rule_set: The rule set that was used; empty for all that the tables were made with.
    """
    main = versions[0]
    digests = " ".join(f"{name}:{digest}" for name, digest in rules_of(versions, rule_set).items())
    return {
        "table": main.table,
        "table_version": str(main.version),
        TABLES: json.dumps({version.table: version.id for version in versions}),
        "sample": "true" if main.is_sample else "false",
        **({RULE_SET_DIGEST: digests} if digests else {}),
    }


def rules_of(versions: Sequence[TableVersion], rule_set: str = "") -> dict[str, str]:
    """Return the sha256 of the content of each rule set, by name; none where no table was made with rules."""
    return {
        name: digest
        for version in versions
        for name, digest in version.rules.items()
        if rule_set in {"", name}
    }


def table_ids(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the identity of each input version by table; only numbers without a time in older models.

    >>> table_ids({"table": "fma_tracks", "table_version": "3"})
    {'fma_tracks': '3'}
    """
    try:
        return {str(table): str(found) for table, found in json.loads(tags[TABLES]).items()}
    except (KeyError, ValueError, AttributeError):
        return {tags["table"]: tags.get("table_version", "")} if tags.get("table") else {}


def tables_in_words(tags: Mapping[str, str]) -> str:
    """Return the input tables with their versions.

    >>> tables_in_words({"tables": '{"fma_tracks": "3@2026-03-12", "fma_echonest": "2@2026-03-11"}'})
    'fma_tracks version 3, fma_echonest version 2'
    """
    return ", ".join(f"{table} version {found.partition('@')[0]}" for table, found in table_ids(tags).items())


def source_of(lake: LakeLog, version: TableVersion) -> str:
    """Return the source of a version; for a computed table, the source of the table it was first computed from."""
    derived = re.match(r"(\w+) version (\d+)", version.source)
    origin = lake.find(derived[1], int(derived[2])) if derived else None
    return source_of(lake, origin) if origin else lake.home.short(version.source)


def training_version(
    lake: LakeLog, table: str, tags: Mapping[str, str], made: datetime
) -> TableVersion | None:
    """Return the version of a table that a model was trained on; None if the lake has it no longer.

    Tags of an older model name the number of its main table; of other tables it read the newest version of its time.

    Args:
        lake: The lake.
        table: One of the tables that the model reads.
        tags: Tags of the registered version.
        made: When the model was stored, with a time zone.
    """
    named = table_ids(tags).get(table)
    if named and "@" in named:
        return next((each for each in lake.versions(table) if each.id == named), None)
    then = [each for each in lake.versions(table) if datetime.fromisoformat(each.published_at) <= made]
    return next((each for each in then if named in {None, str(each.version)}), None)
