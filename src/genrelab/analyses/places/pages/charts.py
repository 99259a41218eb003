"""Charts and tables of places: counts, rates per head, the student project's remarks, suspects."""

from collections.abc import Sequence

from genrelab.analyses.places.result import PlaceCount, Places
from genrelab.report.charts import intervals
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    table,
    table_of,
    text_column,
)
from genrelab.report.wording import DASH, count, decimal, number, plural
from genrelab.sources.atlas.areas import load_countries, load_states

MOST = 12
DOCUMENT_TRACKS = {
    "New York": 3_500,
    "California": 2_500,
    "New Jersey": 2_500,
    "Oregon": 2_000,
    "Pennsylvania": 2_000,
    "United Kingdom": 3_500,
    "France": 2_500,
    "Germany": 2_000,
    "Netherlands": None,
}
"""Tracks in the student project, to the nearest hundreds that it prints; it gives no figure for the Netherlands."""


def rates_chart(found: Places) -> Chart | None:
    """Draw the artists per million inhabitants of the countries and states with most artists."""
    views = {}
    for name, text, places in (
        ("states", "US states", found.states),
        ("countries", "Countries", found.countries),
    ):
        rows = sorted(places, key=lambda one: (-one.artists, one.name))[:MOST]
        rows = sorted((one for one in rows if one.per_million), key=_rate, reverse=True)
        if rows:
            views[name] = (text, _rates(rows, len(places)))
    if not views:
        return None
    return Chart(
        "rates",
        {name: view for name, (_, view) in views.items()},
        (Picker("Places", tuple((name, text) for name, (text, _) in views.items())),),
    )


def _rate(one: PlaceCount) -> float:
    return one.per_million[0] if one.per_million else 0.0


def _rates(rows: Sequence[PlaceCount], known: int) -> View:
    first, last = rows[0], rows[-1]
    title = (
        f"{first.name} has the most artists for its inhabitants: {_significant(_rate(first))} per million"
        + (f"; {last.name} has {_significant(_rate(last))}" if len(rows) > 1 else "")
    )
    return View(
        title=title,
        caption=f"Artists per million inhabitants with the exact 95 % interval of a count. "
        f"{'All places' if known == len(rows) else f'The {len(rows)} of {known} places with most artists'}.",
        grid=table_of(
            rows,
            (text_column("Place"), lambda one: one.name),
            ("Artists", lambda one: count(one.artists)),
            ("Tracks", lambda one: count(one.tracks)),
            ("Inhabitants", lambda one: count(one.population)),
            (Column("Artists", "per million"), _rate_cell),
            (Column("Tracks", "per million"), lambda one: _significant(one.tracks_per_million)),
        ),
        **intervals(
            [one.name for one in rows],
            [_rate(one) for one in rows],
            [one.per_million[1] if one.per_million else None for one in rows],
            [one.per_million[2] if one.per_million else None for one in rows],
            [f"{_significant(_rate(one))} · {plural(one.artists, 'artist')}" for one in rows],
            ["var(--accent)"] * len(rows),
            axis="Artists per million inhabitants",
            is_share=False,
        ),
    )


def _rate_cell(one: PlaceCount) -> Cell:
    if one.per_million is None:
        return Cell(DASH)
    rate, low, high = map(_significant, one.per_million)
    return Cell(rate, f"{low} to {high}")


def _significant(value: object) -> str:
    """Return a rate with two or three significant digits."""
    found = number(value)
    if found is None:
        return DASH
    return decimal(found, 0 if found >= 100 else 1 if found >= 10 else 2 if found >= 0.1 else 3)  # noqa: PLR2004 - powers of ten


def counts_table(places: Sequence[PlaceCount], most: int = MOST) -> Grid:
    """Return tracks and artists of the largest places, also per head."""
    return table_of(
        places[:most],
        (text_column("Place"), lambda one: Cell(one.name, one.within)),
        ("Tracks", lambda one: count(one.tracks)),
        ("Artists", lambda one: count(one.artists)),
        (Column("Tracks", "per million inhabitants"), lambda one: _significant(one.tracks_per_million)),
        (Column("Artists", "per million inhabitants"), _rate_cell),
        caption=f"The {most} of {len(places)} with most tracks." if len(places) > most else "",
    )


def inhabitants() -> dict[str, int]:
    """Return the inhabitants of the places that the student project names."""
    areas = (*load_countries(), *load_states())
    return {area.name: area.population for area in areas if area.name in DOCUMENT_TRACKS and area.population}


def remarks_table(found: Places) -> Grid:
    """Return the student project's tracks by place beside ours, both per head."""
    known = {one.name: one for one in (*found.states, *found.countries)}
    people = inhabitants()

    def row(name: str, stated: int | None) -> list[object]:
        ours = known.get(name)
        return [
            name,
            f"about {count(stated)}" if stated else "no figure",
            _significant(stated / people[name] * 1e6) if stated else DASH,
            count(ours.tracks if ours else 0),
            _significant(ours.tracks_per_million if ours else 0),
            _rate_cell(ours) if ours else Cell(DASH),
        ]

    return table(
        [
            text_column("Place"),
            Column("Document", "tracks"),
            Column("Document", "tracks per million"),
            Column("Here", "tracks"),
            Column("Here", "tracks per million"),
            Column("Here", "artists per million"),
        ],
        [row(name, stated) for name, stated in DOCUMENT_TRACKS.items()],
    )


def odd_table(found: Places, most: int = 25) -> Grid:
    """Return the suspects and the artists without a place."""
    return table_of(
        found.odd[:most],
        (text_column("Artist", "place in words"), lambda one: Cell(one.artist, one.location)),
        (
            text_column("Coordinates", "where they lie"),
            lambda one: Cell(f"{one.latitude:g}, {one.longitude:g}", one.place or "no land"),
        ),
        (text_column("What is odd", "where it would be"), lambda one: Cell(one.kind, one.would_be)),
        ("Tracks", lambda one: count(one.tracks)),
        caption=f"The {most} of {len(found.odd)} with most tracks; all are in the table fma_places."
        if len(found.odd) > most
        else "",
    )
