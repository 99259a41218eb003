"""Maps of the origin study: clusters at their origin, and the commonest wrong prediction for each country.

Conventions: one mark per track, spread around the capital (`genrelab.analyses.origin.spread`), the leading
cluster of a country in the middle. A cluster has a colour and a symbol, and hovering shows its number. Clusters
use the hues of the twelve bins: no genre is on this page.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from genrelab.analyses.origin.result import Cluster, CountryScores, OriginStudy, Place
from genrelab.analyses.origin.spread import STEP_DEGREES, spread_around
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, label, text_cells
from genrelab.report.palette import GENRE_COLOURS, density_scale, genre_colour
from genrelab.report.vocabulary import cluster_name
from genrelab.report.wording import count, listing, percent, plural
from genrelab.report.world_map import REGIONS, WORLD, Region, country_names, map_drawing, project, whole

FloatArray = npt.NDArray[np.float64]

SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "triangle-down",
    "star",
    "cross",
    "x",
    "pentagon",
    "hourglass",
)
HUES = tuple(GENRE_COLOURS)
DOT, NARROW_DOT = 4.4, 3.0
CLOSER, DENSER = 1.4, 0.62
"""Size of the dots of a region and their distance in degrees, as multiples of those of the world."""
DEGREE = 4.0
"""CSS pixels of a degree on the map of the world: it gives the size of the hover area."""
LARGEST_LINE = 9.0
LEADING_SHOWN = 2


def cluster_colour(cluster: int) -> str:
    """Return the colour of a cluster, as a CSS reference."""
    return genre_colour(HUES[cluster % len(HUES)])


def cluster_symbol(cluster: int) -> str:
    """Return the symbol of a cluster."""
    return SYMBOLS[cluster % len(SYMBOLS)]


def cluster_map(study: OriginStudy) -> Chart:
    """Draw every track at its origin, marked by cluster, with pickers of cluster and region."""
    places, counts, clusters = study.places, study.grouping.counts, study.grouping.clusters
    spots = _spots(places, counts, STEP_DEGREES)
    closer = _spots(places, counts, STEP_DEGREES * DENSER)
    grid, found = _grid(counts, clusters), _country_trace(places, counts)
    views: dict[str, View] = {}
    for region in REGIONS:
        scale, around = (1.0, spots) if region is WORLD else (CLOSER, closer)
        marks = [_cluster_trace(cluster, around, DOT * scale) for cluster in range(len(counts))]
        names = [] if region is WORLD else [_names(places, region)]
        drawing = map_drawing([*marks, found, *names], region, parallel=study.north_of, legend=True)
        drawing["narrow"]["traces"] = [{}, {}, {}, *[{"marker": {"size": NARROW_DOT * scale}}] * len(marks)]
        views[f"all|{region.name}"] = View(
            title=_title(places, counts),
            caption="Every mark is a track, spread around its capital, the country's leading cluster in the "
            f"middle. Shown: {region.label}.",
            grid=grid,
            **drawing,
        )
    for cluster, row in enumerate(counts):
        drawing = map_drawing(
            [_other_trace(cluster, spots), _cluster_trace(cluster, spots, DOT), found],
            parallel=study.north_of,
        )
        drawing["narrow"]["traces"] = [
            {},
            {},
            {},
            {"marker": {"size": 1.4}},
            {"marker": {"size": NARROW_DOT}},
        ]
        views[f"{cluster}|{WORLD.name}"] = View(
            title=f"{cluster_name(cluster)} is {leading_countries(clusters[cluster])}",
            caption=f"{plural(sum(row), 'track')} of this cluster; small dots are all other tracks.",
            grid=grid,
            **drawing,
        )
    options = [("all", "All clusters"), *((str(at), cluster_name(at)) for at in range(len(counts)))]
    return Chart(
        "cluster-map",
        views,
        (
            Picker("Clusters", tuple(options)),
            Picker("Region", tuple((region.name, region.label) for region in REGIONS)),
        ),
    )


def leading_countries(cluster: Cluster) -> str:
    """Return the leading countries of a cluster: `mostly in Mali (23 %) and India (12 %)`."""
    found = [f"{one.country} ({percent(one.share_of_cluster, 0)})" for one in cluster.leading[:LEADING_SHOWN]]
    return f"mostly in {listing(found)}"


def _title(places: Sequence[Place], counts: Sequence[Sequence[int]]) -> str:
    purest = max(
        range(len(places)), key=lambda at: max(row[at] for row in counts) / max(places[at].tracks, 1)
    )
    share = max(row[purest] for row in counts) / max(places[purest].tracks, 1)
    return f"{places[purest].country} is the purest: {percent(share, 0)} of its tracks are in one cluster"


def _spots(places: Sequence[Place], counts: Sequence[Sequence[int]], step: float) -> list[FloatArray]:
    """Return the positions (latitude, longitude) of the tracks of each cluster, country by country."""
    table = np.array(counts)
    clusters, countries = table.shape
    place = np.concatenate([np.repeat(np.arange(countries), row) for row in table])
    assigned = np.repeat(np.arange(clusters), table.sum(axis=1))
    around = spread_around(np.array([(at.latitude, at.longitude) for at in places]), place, assigned, step)
    return [around[assigned == cluster] for cluster in range(clusters)]


def _cluster_trace(cluster: int, spots: list[FloatArray], size: float) -> dict[str, object]:
    x, y = project(spots[cluster][:, 0], spots[cluster][:, 1])
    return {
        "type": "scatter",
        "mode": "markers",
        "name": str(cluster + 1),
        "x": whole(x),
        "y": whole(y),
        "hoverinfo": "skip",
        "marker": {
            "symbol": cluster_symbol(cluster),
            "color": cluster_colour(cluster),
            "size": size,
            "line": {"width": 0},
        },
    }


def _country_trace(places: Sequence[Place], counts: Sequence[Sequence[int]]) -> dict[str, object]:
    """Return invisible circles over the countries, whose hover text lists their clusters, the leading one first."""
    x, y = project([place.latitude for place in places], [place.longitude for place in places])
    texts = []
    for at, place in enumerate(places):
        order = sorted(range(len(counts)), key=lambda cluster: -counts[cluster][at])
        lines = [f"cluster {cluster + 1}: {counts[cluster][at]}" for cluster in order if counts[cluster][at]]
        texts.append(f"<b>{label(place.country)}</b>, {place.tracks} tracks<br>" + "<br>".join(lines))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": whole(x),
        "y": whole(y),
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": [2 * DEGREE * STEP_DEGREES * place.tracks**0.5 for place in places], "opacity": 0},
        "showlegend": False,
    }


def _other_trace(cluster: int, spots: list[FloatArray]) -> dict[str, object]:
    others = np.concatenate([spot for at, spot in enumerate(spots) if at != cluster])
    x, y = project(others[:, 0], others[:, 1])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": whole(x),
        "y": whole(y),
        "hoverinfo": "skip",
        "marker": {"color": "var(--soft)", "size": 2, "opacity": 0.55, "line": {"width": 0}},
    }


def _names(places: Sequence[Place], region: Region) -> dict[str, object]:
    """Return names below the lower edge of each country's disc."""
    return country_names(
        [label(place.country) for place in places],
        [place.latitude for place in places],
        [place.longitude for place in places],
        [STEP_DEGREES * DENSER * place.tracks**0.5 for place in places],
        region,
    )


def _grid(counts: Sequence[Sequence[int]], clusters: Sequence[Cluster]) -> Grid:
    rows = []
    for at, row in enumerate(counts):
        leading = clusters[at].leading
        countries = [f"{one.country} {count(one.tracks)}" for one in leading]
        holds = [f"{percent(one.share_of_country, 0)} of {one.country}" for one in leading[:1]]
        rows.append(
            text_cells(
                Cell(cluster_name(at), swatch=cluster_colour(at)),
                count(sum(row)),
                count(sum(value > 0 for value in row)),
                Cell(", ".join(countries), listing(holds)),
            )
        )
    return Grid(
        (
            Column("Cluster", is_number=False),
            Column("Tracks"),
            Column("Countries"),
            Column("Leading countries and their tracks", is_number=False),
        ),
        tuple(rows),
    )


def mistaken_map(study: OriginStudy) -> Chart:
    """Draw an arrow from each country to the commonest wrong prediction of the blend."""
    places, known = study.places, study.countries
    at = {place.country: place for place in places}
    lines = [
        (at[one.country], at[wrong.country], wrong.share) for one in known for wrong in one.taken_for[:1]
    ]
    views = {}
    for region in REGIONS:
        drawing = map_drawing(
            [
                *[_line(origin, answer, share) for origin, answer, share in lines],
                _right_trace(known, at),
                *([_plain_names(places, region)] if region is not WORLD else []),
            ],
            region,
            parallel=study.north_of,
        )
        drawing["narrow"]["traces"] = [{}] * (3 + len(lines)) + [{"marker": {"size": 9}}]
        views[region.name] = View(
            title=_mistaken_title(known),
            caption="The colour of a dot is the share of a country's tracks that are predicted correctly: darker is "
            "more. An arrow points to the commonest wrong prediction; a wider arrow is more frequent. "
            f"Shown: {region.label}.",
            grid=_mistaken_grid(known),
            **drawing,
        )
    return Chart(
        "mistaken-map", views, (Picker("Region", tuple((region.name, region.label) for region in REGIONS)),)
    )


def _line(origin: Place, answer: Place, share: float) -> dict[str, object]:
    x, y = project([origin.latitude, answer.latitude], [origin.longitude, answer.longitude])
    # A curve instead of a straight line: two countries that are confused with each other have two lines.
    middle_x, middle_y = x.mean() - (y[1] - y[0]) * 0.16, y.mean() + (x[1] - x[0]) * 0.16
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "marker": {
            "symbol": ["circle", "circle", "arrow"],
            "size": [0, 0, 9],
            "angleref": "previous",
            "standoff": 7,
            "color": "var(--accent)",
            "line": {"width": 0},
        },
        "x": whole(np.array([x[0], middle_x, x[1]])),
        "y": whole(np.array([y[0], middle_y, y[1]])),
        "line": {"color": "var(--accent)", "width": 1 + LARGEST_LINE * share, "shape": "spline"},
        "opacity": 0.55,
        "hoverinfo": "skip",
    }


def _right_trace(known: Sequence[CountryScores], at: Mapping[str, Place]) -> dict[str, object]:
    places = [at[one.country] for one in known]
    x, y = project([place.latitude for place in places], [place.longitude for place in places])
    return {
        "type": "scatter",
        "mode": "markers",
        "x": whole(x),
        "y": whole(y),
        "text": [
            f"<b>{label(one.country)}</b><br>correct {percent(one.right, 0)}<br>wrongly predicted as "
            f"{label(_wrong_predictions(one))}"
            for one in known
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "size": 13,
            "color": [one.right for one in known],
            "cmin": 0,
            "cmax": 1,
            "colorscale": density_scale(),
            "line": {"width": 1, "color": "var(--ink)"},
        },
    }


def _plain_names(places: Sequence[Place], region: Region) -> dict[str, object]:
    return country_names(
        [label(place.country) for place in places],
        [place.latitude for place in places],
        [place.longitude for place in places],
        [0.6] * len(places),
        region,
    )


def _wrong_predictions(one: CountryScores) -> str:
    return (
        ", ".join(f"{wrong.country} {percent(wrong.share, 0)}" for wrong in one.taken_for) or "nothing else"
    )


def _mistaken_title(known: Sequence[CountryScores]) -> str:
    ranked = sorted(known, key=lambda one: one.right)
    best, worst = ranked[-1], ranked[0]
    return (
        f"{best.country} is predicted correctly for {percent(best.right, 0)} of its tracks, "
        f"{worst.country} for {percent(worst.right, 0)}"
    )


def _mistaken_grid(known: Sequence[CountryScores]) -> Grid:
    ranked = sorted(known, key=lambda one: -one.right)
    return Grid(
        (
            Column("Country", is_number=False),
            Column("Tracks"),
            Column("Correct"),
            Column("Wrongly predicted as", is_number=False),
            Column("Mean error", "km"),
            Column("Median error", "km"),
        ),
        tuple(
            text_cells(
                one.country,
                count(one.tracks),
                percent(one.right, 0),
                _wrong_predictions(one),
                count(one.mean_km),
                count(one.median_km),
            )
            for one in ranked
        ),
    )
