"""Values as numbers, so that rows are compared and grouped without a copy of their text."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.stored_rows import Rows, batches_of

SEPARATOR = "\x1f"


def value_codes(column: Any) -> npt.NDArray[np.int64]:
    """A number for each distinct value of a column; 0 for a missing one."""
    indices = _comparable(column).combine_chunks().dictionary_encode().indices
    return np.asarray(pc.fill_null(indices, -1)).astype(np.int64) + 1


def text_hashes(rows: Rows, column: str) -> npt.NDArray[np.uint64]:
    """A hash of each text of a column without missing values, shape (rows,); 8 bytes a row are held."""
    found = [pd.util.hash_array(part[column].to_numpy()) for part in batches_of(rows, [column])]
    return np.concatenate([np.empty(0, np.uint64), *found])


def shared_texts(column: Any) -> npt.NDArray[Any]:
    """The texts of a column, None where one is missing, shape (rows,); each distinct text is in memory once.

    >>> shared_texts(pa.chunked_array([["pop", None], ["pop"]])).tolist()
    ['pop', None, 'pop']
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = column.dictionary_encode()
    texts = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(texts[np.asarray(pc.fill_null(encoded.indices, len(texts) - 1))], dtype=object)


def pair_codes(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each distinct pair, counted from 0."""
    pairs = pa.array(one * (int(other.max(initial=0)) + 1) + other)
    return np.asarray(pairs.dictionary_encode().indices).astype(np.int64)


def _comparable(column: Any) -> Any:
    """A list column as text, which Arrow can encode; any other column as it is."""
    if not pa.types.is_list(column.type):
        return column
    lists = column.combine_chunks()
    escaped = pc.replace_substring(pc.replace_substring(lists.values, "\\", "\\\\"), SEPARATOR, "\\x")
    escaped = pc.fill_null(escaped, "\\0")
    text = pc.binary_join(pa.ListArray.from_arrays(lists.offsets, escaped, mask=lists.is_null()), SEPARATOR)
    # An empty list and a list of one empty text both join to "": their lengths tell them apart.
    length = pc.cast(pc.list_value_length(lists), pa.string())
    return pa.chunked_array([pc.binary_join_element_wise(length, text, ":")])
