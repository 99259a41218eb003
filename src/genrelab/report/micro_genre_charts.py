"""Micro-genres: how many a track carries, and how long their tail is."""

from collections.abc import Mapping
from typing import Any

from genrelab.report.charts import bars
from genrelab.report.exploration import items
from genrelab.report.figure import Chart, Grid, View, columns, single, text_cells
from genrelab.report.wording import count, listing, number, percent, plural, share_in_words


def per_track(found: Mapping[str, Any]) -> Chart | None:
    """Tracks by how many micro-genres they carry."""
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
    title = f"{share_in_words(rows[top][1] / total)} of the tracks carry {names[top]} micro-genre"
    title = title[:1].upper() + title[1:] + ("s" if names[top] != "1" else "")
    most = number(found.get("most"))
    texts = [f"{count(tracks)}  ·  {percent(tracks / total)}" for _, tracks in rows]
    view = View(
        title=title + (f"; the most is {count(most)}" if most else ""),
        caption="Tracks by the number of micro-genres of their artist.",
        grid=Grid(
            columns("Micro-genres", "Tracks", "Share"),
            tuple(
                text_cells(name, count(tracks), percent(tracks / total))
                for name, (_, tracks) in zip(names, rows, strict=True)
            ),
        ),
        **bars(names, [tracks for _, tracks in rows], texts, ["var(--accent)"] * len(rows), axis="Tracks"),
    )
    view.layout["yaxis"]["title"] = {"text": "Micro-genres"}
    return single("per-track", view)


def rare(found: Mapping[str, Any]) -> str:
    """The other end of the list, in words."""
    names = [
        f"{one['micro_genre']}"
        for one in items(found.get("bottom"))
        if one.get("micro_genre") and one.get("tracks")
    ]
    once, distinct = number(found.get("once")), number(found.get("distinct"))
    if not names or not once or not distinct:
        return ""
    shown = names[: min(len(names), round(once))]
    return (
        f"{count(once)} of {plural(round(distinct), 'micro-genre')} ({percent(once / distinct)}) occur on "
        f"one track only, such as {listing(shown[:12])}."
    )
