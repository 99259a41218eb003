"""Numbers of many rows in a temporary file: appended batch by batch, read again in parts.

Conventions: the file has no name and is gone when its object or the process is. Each read returns a new array.
What is read is not mapped into memory: pages of a mapped file count as memory of the process for as long as they stay.
"""

import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from genrelab.lake.stored_rows import BATCH


class NumberFile:
    """An array that waits in a file.

    Args:
        dtype: Type of a number.
        width: Numbers of a row; None for an array of one dimension.
        folder: Folder on whose disk the file is; None for that of temporary files.

    Raises:
        OSError: The disk is full; then no row of the failed `append` counts.
    """

    def __init__(self, dtype: npt.DTypeLike, width: int | None = None, folder: Path | None = None) -> None:
        self.dtype, self._of_row = np.dtype(dtype), () if width is None else (width,)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by the finalizer
        self._rows = 0
        weakref.finalize(self, self._file.close)

    def __len__(self) -> int:
        return self._rows

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return (self._rows, *self._of_row)

    def append(self, values: npt.NDArray[Any]) -> None:
        """Add rows; each is as long as the others."""
        self._go_to(self._rows)
        added = np.ascontiguousarray(values, self.dtype).reshape(len(values), *self._of_row)
        self._file.write(added.tobytes())
        self._file.flush()
        self._rows += len(values)

    def __getitem__(self, rows: slice) -> npt.NDArray[Any]:
        """Return consecutive rows."""
        start, stop, _ = rows.indices(self._rows)
        width = int(np.prod(self._of_row))
        self._go_to(start)
        found = np.empty(max(stop - start, 0) * width, self.dtype)
        if self._file.readinto(found.data) < found.nbytes:
            raise OSError(f"a temporary file of {self._rows:,} rows is shorter than what was written")
        return found.reshape(-1, *self._of_row)

    def _go_to(self, row: int) -> None:
        self._file.seek(row * int(np.prod(self._of_row)) * self.dtype.itemsize)

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
        """Return the rows at some places, in this order."""
        found = np.empty((len(rows), *self._of_row), self.dtype)
        order = np.argsort(rows, kind="stable")
        ends = np.searchsorted(rows[order], np.arange(BATCH, self._rows + BATCH, BATCH))
        begin = 0
        for start, end in zip(range(0, self._rows, BATCH), ends, strict=True):
            here = order[begin:end]
            found[here] = self[start : start + BATCH][rows[here] - start]
            begin = end
        return found
