"""`gl.fma()`: the files of the Free Music Archive as frames, without a home.

Dataset: FMA metadata. Source: https://github.com/mdeff/fma. Cite: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: A
Dataset For Music Analysis", ISMIR 2017. License: CC BY 4.0.

Conventions: rows keep the order of the file and have `track_id` (or `genre_id`) as index. Names are those of the
tables, levels joined by underscores: FMA's `(mfcc, mean, 01)` is `mfcc_mean_01`. Nothing is repaired or checked against
legal ranges: `genrelab ingest-fma` does that. Records that cannot be parsed are left out, with a warning.
"""

import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from genrelab.lake.schema import Table
from genrelab.runtime.errors import GenrelabError, SourceError
from genrelab.sources.fma.archive import Archive, open_archive
from genrelab.sources.fma.narrow import read_genres, read_tracks
from genrelab.sources.fma.reading import Reading
from genrelab.sources.fma.select import in_split, in_subset
from genrelab.tables.fma import FMA_ECHONEST, FMA_FEATURES, SPLITS, SUBSETS
from genrelab.tables.provenance import PROVENANCE

if TYPE_CHECKING:
    import pandas as pd

TRACK = "track_id"
MOST_NAMED = 8
"""Most columns that a warning names."""
PLACE = [column.name for column in PROVENANCE]


class FmaFiles:
    """FMA's metadata files.

    Args:
        archive: The zip or the folder.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def tracks(self, subset: str | None = None, split: str | None = None) -> "pd.DataFrame":
        """Return tracks.csv, with the titles of the genres.

        Args:
            subset: `small`, `medium` or `large`, each with the smaller ones in it; all tracks by default.
            split: `training`, `validation` or `test` of FMA's own split; all by default.

        Returns:
            Index `track_id`; the columns of `fma_tracks` in docs/data-dictionary.md.

        Raises:
            GenrelabError: A name is unknown, or the file is missing or damaged.
        """
        return _frame(self._chosen(subset, split), TRACK)

    def genres(self) -> "pd.DataFrame":
        """Return the genre tree of genres.csv.

        Returns:
            Index `genre_id`; `track_count`, `parent_id` (0 for a root), `title`, `top_level_id`, `top_level_title`,
            `path` (titles from the genre up to its root).
        """
        return _frame(read_genres(self._archive).data, "genre_id")

    def features(self, *names: str, subset: str | None = None, split: str | None = None) -> "pd.DataFrame":
        """Return librosa features of features.csv: statistics over the frames of a 30 s clip.

        Args:
            *names: Names or their beginnings by level: `mfcc` (140 columns), `mfcc.mean` (20), `mfcc.mean.01` or
                `mfcc_mean_01` (1), `spectral` (every spectral feature); all 518 columns by default.
            subset: As in `tracks`.
            split: As in `tracks`.

        Returns:
            Index `track_id`; one column of floats per value, in FMA's order. Spectral centroid, bandwidth and roll-off
            are in Hz.

        Raises:
            GenrelabError: A name is unknown, or the file is missing or damaged.
        """
        return self._wide("features.csv", FMA_FEATURES, names, self._ids(subset, split))

    def echonest(self, *names: str, subset: str | None = None, split: str | None = None) -> "pd.DataFrame":
        """Return the Echo Nest's features of echonest.csv, which has 13,129 of the tracks.

        Args:
            *names: Names or their beginnings by level: `audio_features`, `ranks`, `temporal_features`,
                `energy`; all by default.
            subset: As in `tracks`.
            split: As in `tracks`.

        Returns:
            Index `track_id`; the columns of `fma_echonest` in docs/data-dictionary.md.

        Raises:
            GenrelabError: A name is unknown, or the file is missing or damaged.
        """
        return self._wide("echonest.csv", FMA_ECHONEST, names, self._ids(subset, split))

    def __repr__(self) -> str:
        return f"genrelab.fma({str(self._archive.path)!r}): {', '.join(sorted(self._archive.members))}"

    @cached_property
    def _tracks(self) -> pa.Table:
        found = read_tracks(self._archive)
        _report(len(found.rejected), "tracks.csv")
        return found.data

    def _chosen(self, subset: str | None, split: str | None) -> pa.Table:
        _known(subset, SUBSETS, "subset")
        _known(split, SPLITS, "split")
        tracks = self._tracks
        tracks = in_subset(tracks, subset) if subset else tracks
        return in_split(tracks, split) if split else tracks

    def _ids(self, subset: str | None, split: str | None) -> pa.Array | None:
        return self._chosen(subset, split)[TRACK].combine_chunks() if subset or split else None

    def _wide(
        self, member: str, table: Table, names: tuple[str, ...], ids: pa.Array | None
    ) -> "pd.DataFrame":
        columns = _columns(table, names)
        reading = Reading(self._archive, member, table, 3)
        if reading.header.without_ids:
            raise SourceError(
                f"{reading.source} cannot be joined with the tracks",
                found=reading.header.without_ids,
                allowed="the official file, whose first column is track_id",
                do="download the archive again",
            )
        parts = []
        for part in reading:
            rows = part.table.select([name for name in [TRACK, *columns] if name in part.table.column_names])
            parts.append(rows if ids is None else rows.filter(pc.is_in(rows[TRACK], ids)))
        _report(len(reading.rejected), member)
        return _frame(pa.concat_tables(parts) if parts else table.schema.empty_table(), TRACK)


def fma(path: Path | str) -> FmaFiles:
    """Return a reader of FMA's metadata, which needs no home.

    Args:
        path: fma_metadata.zip, which is read without unpacking it, or its folder.

    Raises:
        GenrelabError: It is missing, is not a zip, or has no tracks.csv.
    """
    return FmaFiles(open_archive(path))


def _columns(table: Table, names: tuple[str, ...]) -> list[str]:
    """Return the columns that have one of the names, or begin with it at a level."""
    offered = [column for column in table if column.name not in {TRACK, *PLACE}]
    chosen = set[str]()
    for name in names:
        start = name.replace(".", "_")
        found = {
            column.name
            for column in offered
            for form in (column.name, column.official.removeprefix("echonest.").replace(".", "_"))
            if form == start or form.startswith(f"{start}_")
        }
        if not found:
            levels = dict.fromkeys(
                column.official.removeprefix("echonest.").split(".")[0] for column in offered
            )
            _known(name, tuple(levels), "feature")
        chosen |= found
    return [column.name for column in offered if not names or column.name in chosen]


def _known(name: str | None, names: tuple[str, ...], what: str) -> None:
    if name is not None and name not in names:
        raise GenrelabError(
            f"FMA has no {what} {name}",
            found=repr(name),
            allowed=", ".join(names) + (", or the name of a column" if what == "feature" else ""),
            do="check the name",
        )


def _report(rejected: int, member: str) -> None:
    if rejected:
        warnings.warn(
            f"{rejected:,} records of {member} cannot be read and are left out; `genrelab ingest-fma` names them",
            stacklevel=4,
        )


def _report_empty(rows: pa.Table) -> None:
    """Warn of columns without any value, which would otherwise be noticed late."""
    empty = [name for name in rows.column_names if name not in PLACE and rows[name].null_count == len(rows)]
    if len(rows) and empty:
        more = f" and {len(empty) - MOST_NAMED:,} more" if len(empty) > MOST_NAMED else ""
        warnings.warn(
            f"columns without any value in these rows: {', '.join(empty[:MOST_NAMED])}{more}", stacklevel=4
        )


def _frame(rows: pa.Table, index: str) -> "pd.DataFrame":
    _report_empty(rows)
    frame: pd.DataFrame = rows.drop_columns([name for name in PLACE if name in rows.column_names]).to_pandas()
    return frame.set_index(index)
