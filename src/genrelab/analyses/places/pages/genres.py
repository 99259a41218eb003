"""Charts and tables of genres by place, and of their tests."""

from genrelab.analyses.places.pages.numbers import growth, p_text, permuted_text
from genrelab.analyses.places.result import CrossTable, Places
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    genre_cell,
    label,
    table,
    text_column,
)
from genrelab.report.heatmap import values_heat
from genrelab.report.wording import DASH, count, decimal, percent, plural

STRONGEST = 4.0
"""Standard errors that have the strongest colour."""
NOTABLE = 2.0
NAMES = {
    "document": "Three genres, two continents",
    "continent": "Continents",
    "country": "Countries",
    "state": "US states",
}


def genres_chart(found: Places) -> Chart | None:
    """Draw how far each genre of each place is from chance, artists as units."""
    tested = [one for one in (found.document, *found.tables) if one.tests]
    if not tested:
        return None
    return Chart(
        "genres-by-place",
        {one.name: _residuals(one) for one in tested},
        (Picker("Places", tuple((one.name, NAMES[one.name]) for one in tested)),),
        shows_numbers=False,
    )


def _residuals(found: CrossTable) -> View:
    calm = found.residuals_by_artist
    strengths = [[max(-1.0, min(1.0, value / STRONGEST)) for value in row] for row in calm]
    cells = sum(map(len, calm))
    before = sum(abs(value) > NOTABLE for row in found.residuals for value in row)
    after = sum(abs(value) > NOTABLE for row in calm for value in row)
    texts = [[decimal(value, 1, signed=True) for value in row] for row in calm]
    hovers = [
        [
            f"<b>{label(genre)}</b> in {label(place)}<br>{plural(tracks, 'track')} of {plural(artists, 'artist')}, "
            f"{by_chance:,.1f} expected<br>residual {residual:+.1f} by track, {value:+.1f} by artist"
            for genre, tracks, artists, by_chance, residual, value in zip(found.genres, *row, strict=True)
        ]
        for place, *row in zip(
            found.places, found.tracks, found.artists, found.expected, found.residuals, calm, strict=True
        )
    ]
    return View(
        title=f"{NAMES[found.name]}: {after} of {cells} cells are more than {NOTABLE:.0f} standard errors from chance "
        f"if artists are the unit, {before} if tracks are",
        caption="Each cell is the distance of its number of tracks from what chance gives, in standard errors; artists "
        "are the unit (places dealt out anew among them). In one table of chance, 1 cell in 20 lies beyond 2. The "
        "numbers below give the tracks, those expected, and the distance with tracks as the unit.",
        grid=table(
            ["Place", *found.genres],
            [
                [
                    place,
                    *(
                        Cell(
                            f"{count(tracks)} ({decimal(by_chance, 1)})",
                            f"{decimal(residual, 1, signed=True)}; {plural(artists, 'artist')}",
                        )
                        for tracks, artists, by_chance, residual in zip(*row, strict=True)
                    ),
                ]
                for place, *row in zip(
                    found.places, found.tracks, found.artists, found.expected, found.residuals, strict=True
                )
            ],
            caption="Tracks, expected tracks in brackets; below, adjusted residual by track, and artists.",
        ),
        **values_heat(
            found.places,
            [genre.replace("-", "- ").split() for genre in found.genres],
            strengths,
            texts,
            hovers,
            is_signed=True,
        ),
    )


def document_table(found: Places) -> Grid:
    """Return the student project's counts and its test of each genre."""
    one = found.document
    columns = list(zip(*one.tracks, strict=True))
    artists = list(zip(*one.artists, strict=True))

    def row(at: int) -> list[object]:
        total = sum(columns[at])
        test = found.equal[at] if found.equal else None
        return [
            genre_cell(one.genres[at]),
            *(
                Cell(
                    f"{count(tracks)}"
                    + (f" ({percent(tracks / sum(of_place), 0)})" if sum(of_place) else ""),
                    plural(own, "artist"),
                )
                for tracks, own, of_place in zip(columns[at], artists[at], one.tracks, strict=True)
            ),
            decimal(total / 2, 1),
            decimal(test.statistic, 1) if test else DASH,
            p_text(test.p) if test else DASH,
        ]

    return table(
        [
            "Genre",
            *(Column(place, "tracks, share of the three") for place in one.places),
            Column("Expected", "if counts were equal"),
            Column("Chi-squared", "equal counts"),
            Column("p", "equal counts, tracks"),
        ],
        [row(at) for at in range(len(one.genres))],
    )


def independence_table(found: Places) -> Grid | None:
    """Return the tests of independence, tracks and artists as units side by side."""
    rows = []
    for one in (found.document, *found.tables):
        tests = one.tests
        if tests is None:
            continue
        tracks = sum(map(sum, one.tracks))
        rows.append(
            [
                Cell(
                    NAMES[one.name],
                    f"{len(one.places)} places, {len(one.genres)} genres, {plural(tracks, 'track')}",
                ),
                Cell(p_text(tests.tracks.p), f"chi-squared {decimal(tests.tracks.statistic, 1)}"),
                Cell(_warning(one), mark="" if tests.tracks.is_trusted else "warn"),
                Cell(permuted_text(tests.permuted), f"{count(tests.permuted.permutations)} permutations"),
                Cell(permuted_text(tests.once) if tests.once else DASH),
                Cell(growth(tests.tracks.p, tests.permuted.p)),
                Cell(decimal(tests.permuted.inflation, 1), f"p {p_text(tests.clustered.p)}"),
                Cell(decimal(tests.v, 2), f"less chance {decimal(tests.corrected_v, 2)}"),
            ]
        )
    if not rows:
        return None
    return table(
        [
            text_column("Table"),
            Column("p", "tracks as units"),
            text_column("Smallest expected count"),
            Column("p", "artists permuted"),
            Column("p", "each artist once, permuted"),
            Column("p grows", "permuted over tracks"),
            Column("Inflation", "p after dividing by it"),
            Column("Cramér's V", "tracks"),
        ],
        rows,
    )


def _warning(found: CrossTable) -> str:
    tests = found.tests
    assert tests is not None  # noqa: S101 - the caller has asked
    fewest = decimal(tests.tracks.fewest_expected, 1)
    if tests.tracks.is_trusted:
        return fewest
    exact = (
        f"Fisher's exact test: p {p_text(tests.fisher)}"
        if tests.fisher is not None
        else "do not trust this p"
    )
    return f"{fewest}, below 5: {exact}"
