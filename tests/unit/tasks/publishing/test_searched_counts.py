"""The line of binning says how many labels may belong to the searched name."""

import pyarrow as pa

from tasks.publishing.work_bins import _searched


def binned(suspect: list[bool | None], names: list[int | None]) -> pa.Table:
    """Binned rows, and one without a bin that is suspect."""
    return pa.table(
        {
            "genre_bin": [*["pop"] * len(suspect), None],
            "label_is_suspect": pa.array([*suspect, True], pa.bool_()),
            "names_of_artist_id": pa.array([*names, 2], pa.int64()),
        }
    )


def test_suspect_labels_and_shared_ids_are_counted() -> None:
    """Of the binned rows; a catch-all id is counted beside the others."""

    assert _searched(binned([True, False, None, True], [1, 3, None, 2_248])) == (
        "; 2 labels may belong to the searched name, which is in the title, instead of the track's artist; "
        "2 binned tracks (50.0%) share their artist id with another name, 1 of them a catch-all id"
    )


def test_source_without_suspects_says_nothing() -> None:
    assert _searched(binned([False, None], [1, None])) == ""
