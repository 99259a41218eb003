"""How many values of a published table are missing, from the metadata of its Parquet files."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq


def missing_shares(files: Iterable[Path]) -> dict[str, float]:
    """Return the share of missing values by column; no value is read.

    Columns of lists, and files without statistics, do not tell it and are left out.
    """
    nulls: Counter[str] = Counter()
    values: Counter[str] = Counter()
    unknown = set()
    for file in files:
        metadata = pq.read_metadata(file)
        for group in (metadata.row_group(place) for place in range(metadata.num_row_groups)):
            for column in (group.column(place) for place in range(group.num_columns)):
                name, found = column.path_in_schema, column.statistics
                if "." in name or found is None or not found.has_null_count:
                    unknown.add(name)
                else:
                    nulls[name] += found.null_count
                    values[name] += group.num_rows
    return {name: nulls[name] / rows for name, rows in values.items() if rows and name not in unknown}
