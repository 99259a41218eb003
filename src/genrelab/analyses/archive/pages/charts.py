"""Charts of the metadata: kinds of tracks, kinds by genre, years and lengths.

Outliers are in `outlier_charts`; the text is in `archive`.
"""

from collections.abc import Callable, Mapping, Sequence

from genrelab.analyses.archive.result import Dates, Kind, Kinds, Labels, Spread
from genrelab.report.charts import bars, intervals
from genrelab.report.distributions import spreads
from genrelab.report.figure import Cell, Chart, Grid, Picker, View, genre_cell, single, table, table_of
from genrelab.report.heatmap import heat
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, percent, plural, sentence

NO_GENRE = "no single root"
COLUMNS = {
    "track_language_code": "language",
    "track_license": "licence",
    "track_bit_rate": "bit rate",
    "track_date_recorded": "recorded",
    "album_date_released": "album released",
    "artist_active_year_begin": "artist active since",
}
"""What a column says, in a word."""
FEWEST_ARTISTS = 5
"""Artists that a genre needs to stand in a title."""
MOST_ROWS = 12
KIND_ROW = 40


def kinds_chart(found: Kinds, documents: Mapping[str, float], meanings: Mapping[str, str]) -> Chart | None:
    """Draw the share of each kind over tracks, with its interval.

    Args:
        found: The column.
        documents: Shares that the student project reports, by kind.
        meanings: What a kind means, by kind.
    """
    if not found.kinds:
        return None
    rows, word = found.kinds[:MOST_ROWS], COLUMNS[found.column]
    first = rows[0]
    drawing = intervals(
        [one.name for one in rows],
        [one.share.value for one in rows],
        [one.share.low for one in rows],
        [one.share.high for one in rows],
        [f"{percent(one.share.value)} · {plural(one.artists, 'artist')}" for one in rows],
        ["var(--accent)"] * len(rows),
        axis=f"Share of the tracks with a {word}",
        is_share=True,
        others=[
            (place, documents[one.name], f"{one.name} in the student project")
            for place, one in enumerate(rows)
            if one.name in documents
        ],
    )
    for trace in drawing["traces"][1:]:
        trace["mode"] = "markers"
    drawing["traces"][0]["textposition"] = [_side(one.share.value) for one in rows]
    drawing["layout"]["xaxis"]["range"] = [-0.03, 1.03]
    drawing["height"] = 100 + KIND_ROW * len(rows)
    columns: list[tuple[str, Callable[[Kind], object]]] = [
        (sentence(word), lambda one: Cell(one.name, meanings.get(one.name, ""))),
        ("Tracks", lambda one: count(one.tracks)),
        ("Artists", lambda one: count(one.artists)),
        ("Share of tracks", lambda one: Cell(percent(one.share.value), _ends(one.share.low, one.share.high))),
        ("Artists counted once", lambda one: percent(one.by_artist)),
    ]
    if documents:
        columns.append(("Document", lambda one: percent(documents.get(one.name))))
    view = View(
        title=f"{first.name}: {percent(first.share.value)} of {plural(found.tracks, 'track')} with a {word}, "
        f"{percent(first.by_artist)} where every artist counts once",
        caption="Share of tracks with its 95 % interval, artists as clusters, and the artists who have such tracks."
        + (" Hollow diamond: the student project." if documents else ""),
        grid=table_of(found.kinds, *columns),
        **drawing,
    )
    return single(found.column, view, shows_numbers=True)


def _side(share: float) -> str:
    """Return where the text of a dot has room."""
    right, left = 0.15, 0.7
    return "top right" if share < right else "top left" if share > left else "top center"


def _ends(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no interval: one artist"
    return f"{decimal(low * 100, 1)} to {decimal(high * 100, 1)}"


def by_genre_chart(found: Kinds) -> Chart | None:
    """Draw the kinds in each genre, with artists as the unit and with tracks."""
    if len(found.genres) < 2 or len(found.kinds) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    word = COLUMNS[found.column]
    names = [one.genre or NO_GENRE for one in found.genres]
    kinds = [one.name for one in found.kinds]
    top = kinds[0]
    compared = [one for one in found.genres if one.genre and one.artists >= FEWEST_ARTISTS] or found.genres
    share, genre = max((one.by_artist[0], one.genre or NO_GENRE) for one in compared)
    low, last = min((one.by_artist[0], one.genre or NO_GENRE) for one in compared)
    counts = [[float(cell) for cell in one.counts] for one in found.genres]
    views = {
        key: View(
            title=title,
            caption=f"Each row is a genre, each column a {word}: percent of the row"
            + (", every artist counted once" if key == "artists" else "")
            + ", tracks below. A genre is listed from ten tracks on.",
            grid=table(
                ["Genre", "Tracks", "Artists", *kinds],
                [
                    [
                        genre_cell(name),
                        count(one.tracks),
                        count(one.artists),
                        *(percent(cell) for cell in row),
                    ]
                    for name, one, row in zip(names, found.genres, shares, strict=True)
                ],
            ),
            **heat(
                names,
                kinds,
                shares,
                counts,
                row_axis="Genre",
                column_axis=sentence(word),
                reads="{row}: {column}",
            ),
        )
        for key, title, shares in (
            (
                "artists",
                f"{top}: from {percent(low, 0)} of the artists of {last} to {percent(share, 0)} of {genre}",
                [list(one.by_artist) for one in found.genres],
            ),
            (
                "tracks",
                f"{top} by tracks: an artist with many of them counts as many times",
                [[cell / one.tracks for cell in one.counts] for one in found.genres],
            ),
        )
    }
    options = (("artists", "artists, each once"), ("tracks", "tracks"))
    return Chart(f"{found.column}-by-genre", views, (Picker("Counted", options),))


def years_chart(dates: Sequence[Dates]) -> Chart | None:
    """Draw the years of each column, in steps of five."""
    shown = [one for one in dates if one.years.tracks]
    if not shown:
        return None
    views = {}
    for one in shown:
        years, word = one.years, COLUMNS[one.years.column]
        low, middle, high = (round(value) for value in years.quartiles or (0, 0, 0))
        names = [f"{start} to {start + 4}" for start, _, _ in years.bins]
        views[years.column] = View(
            title=f"{sentence(word)}: half of {plural(years.artists, 'artist')} from {low} to {high}, the "
            f"median is {middle}",
            caption=f"Tracks by five years, from {count(years.tracks)} with a date; {count(years.missing)} have none. "
            f"Quartiles count every artist once.{_odd(one)}",
            grid=table(
                ["Years", "Tracks", "Artists"],
                [
                    [name, count(tracks), count(artists)]
                    for name, (_, tracks, artists) in zip(names, years.bins, strict=True)
                ],
            ),
            **bars(
                names,
                [tracks for _, tracks, _ in years.bins],
                [f"{count(tracks)} · {plural(artists, 'artist')}" for _, tracks, artists in years.bins],
                ["var(--accent)"] * len(names),
                axis="Tracks",
            ),
        )
    options = tuple((one.years.column, sentence(COLUMNS[one.years.column])) for one in shown)
    return Chart("years", views, (Picker("Date", options),))


def _odd(found: Dates) -> str:
    odd = [
        f" {plural(found.before, 'track')} from before 1900" if found.before else "",
        f" {plural(found.after, 'track')} later than the newest track of the archive ({found.until})"
        if found.after
        else "",
    ]
    said = " and".join(part for part in odd if part)
    return f" Counted apart:{said}." if said else ""


def spread_chart(found: Spread, name: str, axis: str, title: str) -> Chart | None:
    """Draw quartiles by genre, every artist counted once.

    Args:
        found: The column.
        name: Name of the chart.
        axis: Quantity and unit.
        title: Start of the title.
    """
    if not found.genres:
        return None
    rows = found.genres
    named = [one for one in rows if one.genre and one.artists >= FEWEST_ARTISTS] or list(rows)
    first, last = named[0], named[-1]
    is_year = axis == "Year"

    def text(value: float) -> str:
        return decimal(value, 0) if is_year else decimal(value, 1)

    names = [one.genre or NO_GENRE for one in rows]
    view = View(
        title=f"{title}: a median of {text(first.quartiles[1])} in {first.genre or NO_GENRE}, of "
        f"{text(last.quartiles[1])} in {last.genre or NO_GENRE}",
        caption="Dot: median over artists of the median of their tracks; bar: the middle half of the artists.",
        grid=table_of(
            rows,
            ("Genre", lambda one: genre_cell(one.genre or NO_GENRE)),
            ("Tracks", lambda one: count(one.tracks)),
            ("Artists", lambda one: count(one.artists)),
            ("Lower quartile", lambda one: text(one.quartiles[0])),
            ("Median", lambda one: text(one.quartiles[1])),
            ("Upper quartile", lambda one: text(one.quartiles[2])),
        ),
        **spreads(
            names,
            [one.quartiles for one in rows],
            [text(one.quartiles[1]) for one in rows],
            [genre_colour(one.genre) for one in rows],
            axis=axis,
        ),
    )
    return single(name, view)


def labels_table(found: Labels) -> Grid | None:
    """Return the labels that most artists name."""
    if not found.top:
        return None
    return table_of(
        found.top,
        ("Label", lambda one: one.name),
        ("Artists", lambda one: count(one.artists)),
        ("Tracks", lambda one: count(one.tracks)),
    )
