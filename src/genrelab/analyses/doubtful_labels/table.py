"""The rows of the table `label_doubts`."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from genrelab.analyses.doubtful_labels.doubts import Doubts
from genrelab.analyses.doubtful_labels.reasons import Others
from genrelab.analyses.doubtful_labels.tracks import Tracks
from genrelab.tables.label_doubts import LABEL_DOUBTS
from genrelab.tables.predictions import DECIMALS

SEPARATOR = "; "
"""Between the reasons of a row."""


def rows_of(
    tracks: Tracks,
    doubts: Doubts,
    labels: npt.NDArray[np.int64],
    others: Others,
    reasons: Mapping[int, tuple[str, ...]],
) -> pa.Table:
    """Return the rows of one task.

    Args:
        tracks: The audited tracks.
        doubts: Their doubts.
        labels: Codes of `tracks` of the labels that the codes of `doubts` stand for.
        others: The artist's other tracks.
        reasons: Of the doubtful rows, by position.
    """
    known, names = tracks.known, np.asarray(tracks.labels, dtype=object)
    rows = len(tracks.rows)
    top = np.where(
        labels[doubts.suggested] == tracks.rows.codes,
        doubts.self_confidence,
        doubts.self_confidence + 1 - 2 * doubts.margin,
    )
    columns = {
        "task": [tracks.task.name] * rows,
        "source_table": [tracks.task.table] * rows,
        "source": known["source"].to_numpy(dtype=object),
        "source_row": known["source_row"].to_numpy(dtype=np.int64),
        "track_id": known["track_id"].astype(str).to_numpy(dtype=object),
        "label": names[tracks.rows.codes],
        "label_probability": doubts.self_confidence.round(DECIMALS),
        "suggested_genre": names[labels[doubts.suggested]],
        "suggested_probability": top.round(DECIMALS),
        "normalized_margin": doubts.margin.round(DECIMALS),
        "rank": doubts.rank,
        "is_doubtful": doubts.is_doubtful,
        "artist_tracks": others.tracks,
        "artist_agreeing": others.agreeing,
        "reasons": [SEPARATOR.join(reasons[row]) if row in reasons else None for row in range(rows)],
    }
    return pa.table(columns, schema=LABEL_DOUBTS.schema)
