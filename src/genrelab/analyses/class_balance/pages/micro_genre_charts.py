"""Charts of micro-genres or FMA genres: number per track, and the rarest ones."""

from typing import TYPE_CHECKING

from genrelab.report.charts import bars
from genrelab.report.figure import Chart, Grid, View, columns, single, text_cells
from genrelab.report.wording import count, listing, percent, plural, sentence, share_in_words

if TYPE_CHECKING:
    from genrelab.analyses.features.result import MicroGenres

FEW = 3
"""With fewer genres on one track only, the rarest are listed with their counts instead."""


def per_track(
    found: "MicroGenres",
    *,
    name: str = "per-track",
    noun: str = "micro-genre",
    whose: str = "of their artist",
) -> Chart | None:
    """Draw the tracks by their number of micro-genres.

    Args:
        found: From `genrelab.analyses.features.count_micro_genres`.
        name: Name of the chart.
        noun: What is counted.
        whose: Where the genres of a track come from.
    """
    many = found.many
    rows = [(one.micro_genres, one.tracks) for one in found.per_track]
    total = sum(tracks for _, tracks in rows)
    if not total:
        return None
    names = [f"{size} or more" if size == many and many else str(size) for size, _ in rows]
    top = max(range(len(rows)), key=lambda place: rows[place][1])
    title = f"{share_in_words(rows[top][1] / total)} of the tracks have {names[top]} {noun}"
    title = title[:1].upper() + title[1:] + ("s" if names[top] != "1" else "")
    most = found.most
    texts = [f"{count(tracks)}  ·  {percent(tracks / total)}" for _, tracks in rows]
    view = View(
        title=title + (f"; the maximum is {count(most)}" if most else ""),
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


def rare(found: "MicroGenres", noun: str = "micro-genre") -> str:
    """Describe the rarest genres."""
    rows = [(one.micro_genre, one.tracks) for one in found.bottom]
    names = [name for name, _ in rows]
    once, distinct = found.once, found.distinct
    if not names:
        return ""
    if once < FEW:
        rarest = [f"{name} ({plural(tracks, 'track')})" for name, tracks in rows[:8]]
        return f"The rarest of {plural(distinct, noun)}: {listing(rarest)}."
    shown = names[: min(len(names), once)]
    return (
        f"{count(once)} of {plural(distinct, noun)} ({percent(once / distinct)}) occur on "
        f"one track only, such as {listing(shown[:12])}."
    )
