"""The chart of duplicates: tracks of each genre that repeat the features of another one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genrelab.report.charts import bars
from genrelab.report.figure import Cell, Chart, Grid, View, columns, single, text_cells
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, percent, sentence

if TYPE_CHECKING:
    from genrelab.analyses.features.result import Exploration


def duplicates_chart(found: "Exploration") -> Chart | None:
    """Draw the share of tracks that repeat another one, by genre, for the first collection with duplicates."""
    for collection in found.collections:
        distinct = collection.repeats.by_genre
        sizes = [one.tracks for one in collection.genres]
        # a genre none of whose tracks has all features has no count
        if len(distinct) == len(sizes) and sum(distinct) < sum(sizes):
            rows = list(zip(collection.genre_names, sizes, distinct, strict=True))
            return single("duplicates", _view(rows, count(collection.repeats.features)))
    return None


def _view(given: Sequence[tuple[str, float, float]], features: str) -> View:
    rows = sorted(given, key=lambda row: row[2] / row[1])
    repeated = [1 - left / size for _, size, left in rows]
    total, left_of_all = sum(size for _, size, _ in rows), sum(left for _, _, left in rows)
    colours = [genre_colour(name) for name, _, _ in rows]
    title = f"{sentence(rows[0][0])} has the most repeats"
    return View(
        title=f"{title}: {percent(repeated[0])} of its tracks have the features of another one",
        caption=f"Share of each genre's tracks that are left out when identical sets of {features} features count once:"
        f" {count(left_of_all)} of {count(total)} tracks remain. Exact copies of a row were already removed.",
        grid=Grid(
            columns("Genre", "Tracks", "Distinct sets of features", "Repeated"),
            tuple(
                text_cells(Cell(name, swatch=colour), count(size), count(left), percent(share))
                for (name, size, left), colour, share in zip(rows, colours, repeated, strict=True)
            ),
        ),
        **bars(
            [name for name, _, _ in rows],
            repeated,
            [
                f"{percent(share)}  ·  {count(size - left)} of {count(size)}"
                for (_, size, left), share in zip(rows, repeated, strict=True)
            ],
            colours,
            axis="Share of the genre's tracks that repeat another one",
            is_share=True,
            short_texts=[percent(share) for share in repeated],
        ),
    )
