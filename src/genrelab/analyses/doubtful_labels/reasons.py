"""Why a label is doubtful, in the words of music.

Conventions: reasons are clauses without a full stop, the most important first. Copies of a recording count as one
track.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from genrelab.analyses.doubtful_labels.doubts import Doubts
from genrelab.analyses.doubtful_labels.tracks import SEARCHED, Tracks

IntArray = npt.NDArray[np.int64]

FEW = 0.5
"""Below this share of the artist's other tracks, that few of them have the label is a reason."""


@dataclass(frozen=True)
class Others:
    """The artist's other tracks, shape (rows,) each.

    Args:
        tracks: How many there are.
        agreeing: How many sound most like the suggested genre.
        same_label: How many have the label.
    """

    tracks: IntArray
    agreeing: IntArray
    same_label: IntArray


def others_of(tracks: Tracks, doubts: Doubts, labels: IntArray) -> Others:
    """Count the other tracks of each row's artist.

    Args:
        tracks: The audited tracks.
        doubts: Their doubts.
        labels: Codes of `tracks` of the labels that the codes of `doubts` stand for.
    """
    frame = pd.DataFrame(
        {
            "artist": tracks.artists,
            "twin": tracks.twins,
            "label": tracks.rows.codes,
            "sound": labels[doubts.suggested],
        }
    )
    # A track sounds the same in each of its copies, but copies may have several labels.
    once = frame.drop_duplicates(["artist", "twin"])
    labelled = frame.drop_duplicates(["artist", "twin", "label"])
    return Others(
        _counted(frame, once, ["artist"]),
        _counted(frame, once, ["artist", "sound"]),
        _counted(frame, labelled, ["artist", "label"]),
    )


def _counted(frame: pd.DataFrame, counted: pd.DataFrame, by: list[str]) -> IntArray:
    """Return, for each row, the counted rows that agree with it, less itself."""
    sizes = counted.groupby(by).size().rename("size").reset_index()
    return frame.merge(sizes, on=by, how="left")["size"].to_numpy(dtype=np.int64) - 1


def copies_with_other_labels(tracks: Tracks, row: int, same: IntArray) -> list[str]:
    """Return the other labels of the recording of a row, sorted.

    Args:
        tracks: The audited tracks.
        row: The row.
        same: Rows with the same features.
    """
    return sorted({tracks.labels[code] for code in tracks.rows.codes[same] if code != tracks.rows.codes[row]})


def reasons_of(
    tracks: Tracks, rows: IntArray, doubts: Doubts, labels: IntArray, others: Others, decided: pd.DataFrame
) -> Iterator[tuple[str, ...]]:
    """Return the reasons of each of some rows.

    Args:
        tracks: The audited tracks.
        rows: Whose reasons are wanted.
        doubts: The doubts about the tracks.
        labels: Codes of the labels, as for `others_of`.
        others: The artist's other tracks.
        decided: `rule` and `micro_genre` that decided the label of each of `rows`; without columns for labels that
            people gave.
    """
    copies = pd.Series(tracks.twins).groupby(tracks.twins).indices
    for place, row in enumerate(rows.tolist()):
        label, suggested = tracks.labels[tracks.rows.codes[row]], tracks.labels[labels[doubts.suggested[row]]]
        top = doubts.self_confidence[row] + 1 - 2 * doubts.margin[row]
        found = [
            f"labelled {label}",
            f"the model gives {label} {doubts.self_confidence[row]:.2f} and {suggested} {top:.2f}",
        ]
        found += _of_artist(
            int(others.tracks[row]), int(others.agreeing[row]), int(others.same_label[row]), label, suggested
        )
        other_labels = copies_with_other_labels(tracks, row, np.asarray(copies[tracks.twins[row]]))
        if other_labels:
            found.append(f"the same recording is also labelled {_listed(other_labels)}")
        if "micro_genre" in decided and isinstance(decided["micro_genre"].iloc[place], str):
            found.append(
                f"the label came from the micro-genre {decided['micro_genre'].iloc[place]} "
                f"by the rule {decided['rule'].iloc[place]}"
            )
        if SEARCHED in tracks.known and tracks.known[SEARCHED].iloc[row]:
            found.append("the searched name stands in the title, so the track may be somebody else's")
        yield tuple(found)


def _of_artist(tracks: int, agreeing: int, same_label: int, label: str, suggested: str) -> list[str]:
    if not tracks:
        return []
    if tracks == 1:
        sound = f"sounds like {suggested}" if agreeing else f"does not sound like {suggested}"
        return [
            f"the artist's only other track {sound}",
            *([] if same_label else [f"it is not labelled {label}"]),
        ]
    verb = "sounds" if agreeing == 1 else "sound"
    found = [f"{agreeing or 'none'} of the artist's {tracks} other tracks {verb} like {suggested}"]
    if same_label < FEW * tracks:
        found.append(f"{same_label or 'none'} of them {'is' if same_label == 1 else 'are'} labelled {label}")
    return found


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
