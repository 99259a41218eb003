"""Micro-genres, or the genres of an archive: how many a track carries, and how long their tail is."""

from collections.abc import Mapping
from typing import Any

from genrelab.report.charts import bars
from genrelab.report.exploration import items
from genrelab.report.figure import Chart, Grid, View, columns, single, text_cells
from genrelab.report.wording import count, listing, number, percent, plural, sentence, share_in_words

FEW = 3
"""Fewer that occur on one track only say nothing: the rarest are told with their counts instead."""


def per_track(
    found: Mapping[str, Any],
    *,
    name: str = "per-track",
    noun: str = "micro-genre",
    whose: str = "of their artist",
) -> Chart | None:
    """Tracks by how many micro-genres they carry.

    Args:
        found: From `genrelab.analyses.features.count_micro_genres`.
        name: Name of the chart.
        noun: What is counted.
        whose: Where a track has them from.
    """
    many = number(found.get("many"))
    rows = [
        (round(size), tracks)
        for one in items(found.get("per_track"))
        if (size := number(one.get("micro_genres"))) is not None
        and (tracks := number(one.get("tracks"))) is not None
    ]
    total = sum(tracks for _, tracks in rows)
    if not total:
        return None
    names = [f"{size} or more" if size == many and many else str(size) for size, _ in rows]
    top = max(range(len(rows)), key=lambda place: rows[place][1])
    title = f"{share_in_words(rows[top][1] / total)} of the tracks carry {names[top]} {noun}"
    title = title[:1].upper() + title[1:] + ("s" if names[top] != "1" else "")
    most = number(found.get("most"))
    texts = [f"{count(tracks)}  ·  {percent(tracks / total)}" for _, tracks in rows]
    view = View(
        title=title + (f"; the most is {count(most)}" if most else ""),
        caption=f"Tracks by the number of {noun}s {whose}.",
        grid=Grid(
            columns(f"{sentence(noun)}s", "Tracks", "Share"),
            tuple(
                text_cells(name, count(tracks), percent(tracks / total))
                for name, (_, tracks) in zip(names, rows, strict=True)
            ),
        ),
        **bars(names, [tracks for _, tracks in rows], texts, ["var(--accent)"] * len(rows), axis="Tracks"),
    )
    view.layout["yaxis"]["title"] = {"text": f"{sentence(noun)}s"}
    return single(name, view)


def rare(found: Mapping[str, Any], noun: str = "micro-genre") -> str:
    """The other end of the list, in words."""
    rows = [
        (str(one["micro_genre"]), tracks)
        for one in items(found.get("bottom"))
        if one.get("micro_genre") and (tracks := number(one.get("tracks")))
    ]
    names = [name for name, _ in rows]
    once, distinct = number(found.get("once")), number(found.get("distinct"))
    if not names or once is None or not distinct:
        return ""
    if once < FEW:
        told = [f"{name} ({plural(round(tracks), 'track')})" for name, tracks in rows[:8]]
        return f"The rarest of {plural(round(distinct), noun)}: {listing(told)}."
    shown = names[: min(len(names), round(once))]
    return (
        f"{count(once)} of {plural(round(distinct), noun)} ({percent(once / distinct)}) occur on "
        f"one track only, such as {listing(shown[:12])}."
    )
