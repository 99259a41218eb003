"""The order of the source: files by the numbers in their names, then records by their numbers.

Reading rows does not belong here but in `genrelab.lake.stored_rows`.
"""

import re
from itertools import chain

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.lake.stored_rows import Rows, batches_of, numbers_of


def natural_key(name: str) -> list[tuple[bool, int, str]]:
    """Sort key in which `info_2.csv` comes before `info_10.csv`.

    >>> sorted(["info_10.csv", "info_2.csv"], key=natural_key)
    ['info_2.csv', 'info_10.csv']
    """
    parts = re.split(r"(\d+)", name)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def source_order(rows: Rows) -> npt.NDArray[np.int64]:
    """Return the positions of rows in the order of the source: 24 bytes a row are held, and the name of each file."""
    text = rows.schema.field("source").type
    sources = pa.chunked_array(
        chain.from_iterable(
            batch["source"].dictionary_encode().chunks for batch in batches_of(rows, ["source"])
        ),
        pa.dictionary(pa.int32(), text),
    ).combine_chunks()
    names = sources.dictionary.to_pylist()
    rank = np.empty(len(names), dtype=np.int32)
    rank[sorted(range(len(names)), key=lambda i: natural_key(names[i]))] = np.arange(len(names))
    return np.lexsort((numbers_of(rows, "source_row"), rank[np.asarray(sources.indices)]))
