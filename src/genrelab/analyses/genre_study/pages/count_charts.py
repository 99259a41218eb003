"""Charts of how often genres occur: top ten, bottom ten, all by rank, and genres of a track."""

from genrelab.analyses.genre_study.pages.words import LABELS
from genrelab.analyses.genre_study.result import ALL, GenreStudy, LabelColumn
from genrelab.report.charts import bars
from genrelab.report.curves import Line, lines
from genrelab.report.figure import Chart, Picker, View, single, table
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, percent, plural, sentence

TEN = 10
SHOWN = {"top": "Top ten", "bottom": "Bottom ten"}
MANY = 2_000
"""The student project calls a genre with fewer tracks than this rare."""
MOST_LABELS = 10
"""More genres of a track are one bar."""


def genre_counts(study: GenreStudy) -> Chart:
    """Draw the most and the least frequent genres, with and without parents."""
    views = {
        f"{column.column}|{which}": _ten(study, column, which) for column in study.columns for which in SHOWN
    }
    return Chart(
        "genre-counts",
        views,
        (
            Picker("Genres", tuple((one.column, sentence(LABELS[one.column])) for one in study.columns)),
            Picker("Show", tuple(SHOWN.items())),
        ),
    )


def _ten(study: GenreStudy, column: LabelColumn, which: str) -> View:
    chosen = column.counts[:TEN] if which == "top" else column.counts[-TEN:]
    names = [study.title(genre) for genre, _ in chosen]
    tracks = [number for _, number in chosen]
    if which == "top":
        title = f"{names[0]} is the most frequent genre: {percent(tracks[0] / max(column.tracks, 1), 0)} of all tracks"
    else:
        title = f"The ten rarest genres have {plural(sum(tracks), 'track')} together"
    return View(
        title=title,
        caption=f"Tracks of each genre, counting {LABELS[column.column]}. A track may have several.",
        grid=table(
            ("Genre", "Tracks"), [(name, count(number)) for name, number in zip(names, tracks, strict=True)]
        ),
        **bars(
            names,
            tracks,
            [count(one) for one in tracks],
            [genre_colour(name) for name in names],
            axis="Tracks",
        ),
    )


def all_counts(study: GenreStudy) -> Chart:
    """Draw tracks of every genre by rank."""
    column = study.columns[0]
    rare = sum(number < MANY for _, number in column.counts)
    series = [
        Line(
            range(1, len(one.counts) + 1),
            [number for _, number in one.counts],
            f"rank %{{x}}, {LABELS[one.column]}: %{{y:,}} tracks",
            name=sentence(LABELS[one.column]),
            colour="var(--accent)" if one.column == ALL else "var(--below-3)",
            dash="solid" if one.column == ALL else "dash",
        )
        for one in study.columns
    ]
    steps = [place for place in (0, 9, 49, 99, 149) if place < len(column.counts)]
    view = View(
        title=f"{rare} of {len(column.counts)} genres have fewer than {count(MANY)} tracks",
        caption="Tracks of each genre, from the most frequent to the rarest; the vertical axis is logarithmic. Whoever "
        "names only the most frequent genres is right often, and knows nothing of most genres.",
        grid=table(
            ("Rank", *(sentence(LABELS[one.column]) for one in study.columns)),
            [
                (
                    str(place + 1),
                    *(
                        count(one.counts[place][1]) if place < len(one.counts) else ""
                        for one in study.columns
                    ),
                )
                for place in steps
            ],
        ),
        **lines(
            series,
            across={"title": {"text": "Rank of the genre"}},
            up={"title": {"text": "Tracks"}, "type": "log", "tickformat": ",~g", "dtick": 1},
        ),
    )
    return single("all-counts", view)


def labels_per_track(study: GenreStudy) -> Chart:
    """Draw how many genres tracks have."""
    column = study.columns[0]
    numbers = list(column.by_number[:MOST_LABELS])
    names = [str(place) for place in range(len(numbers))]
    if len(column.by_number) > MOST_LABELS:
        names.append(f"{MOST_LABELS} or more")
        numbers.append(sum(column.by_number[MOST_LABELS:]))
    total = max(column.tracks, 1)
    view = View(
        title=f"A track with genres has {decimal(column.mean, 1)} on average; {plural(column.without, 'track')} "
        f"{'has' if column.without == 1 else 'have'} none",
        caption="Tracks by the number of genres that the artist chose.",
        grid=table(
            ("Genres", "Tracks"), [(name, count(one)) for name, one in zip(names, numbers, strict=True)]
        ),
        **bars(
            names,
            numbers,
            [f"{count(one)} ({percent(one / total, 0)})" for one in numbers],
            ["var(--accent)"] * len(numbers),
            axis="Tracks",
            short_texts=[count(one) for one in numbers],
        ),
    )
    return single("labels-per-track", view)
