"""The page of outliers: zeros, extreme values, tracks with identical features, and what cleaning removed."""

from collections.abc import Sequence

from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.result import NO_TABLES, PublishedTable
from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.features.pages.outlier_charts import NORMAL, outlier_librosa, outlier_text
from genrelab.analyses.features.result import NOTHING, Example, ExploredCollection, OutlierValues, Repeats
from genrelab.report.charts import bars
from genrelab.report.feature_words import shown, words_for
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    columns,
    genre_cell,
    single,
    text_cells,
)
from genrelab.report.listen import listen_link
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import (
    DASH,
    MINUS,
    count,
    decimal,
    listing,
    percent,
    plural,
)

NO_GENRE = "no genre"
CLEANED = ("spotify_tracks", "spotify_binned", "fma_tracks", "fma_echonest")


def fill(facts: Facts) -> Summary:
    """Return one part for each collection, and the row counts of the source tables."""
    explored = FEATURES.found_in(facts) or NOTHING
    parts = [_part(collection) for collection in explored.collections]
    cleaned = [one for one in (TABLES.found_in(facts) or NO_TABLES).tables if one.table in CLEANED]
    return {
        "parts_of": parts,
        "wide": outlier_librosa(explored.wide) if explored.wide else None,
        "cleaned": _cleaned(cleaned),
        "warnings": [(one.table, warning) for one in cleaned for warning in one.warnings],
        "finding": _finding(parts),
    }


def _finding(parts: Sequence[Summary]) -> str:
    found = next((part["zeros"].first.title for part in parts if part["zeros"]), "")
    return f"{found}." if found else ""


def _part(collection: ExploredCollection) -> Summary:
    return {
        "anchor": collection.name,
        "title": collection.title,
        "zeros": _zeros(collection),
        "no_zeros": [
            words_for(given.feature).label.lower() for given in collection.zeros if not given.tracks
        ],
        "examples": _examples(collection),
        "far": _far(collection),
        "twins": _twins(collection.repeats) + _counted(collection),
    }


def _zeros(collection: ExploredCollection) -> Chart | None:
    views = {
        given.feature: _zero_view(
            given.feature, [(one.genre or NO_GENRE, one.tracks, one.of) for one in given.genres]
        )
        for given in collection.zeros
        if given.genres
    }
    options = tuple((name, words_for(name).label) for name in views)
    return Chart(f"zeros-{collection.name}", views, (Picker("Feature", options),)) if views else None


def _zero_view(feature: str, rows: Sequence[tuple[str, int, int]]) -> View:
    total = sum(tracks for _, tracks, _ in rows)
    name = words_for(feature).label.lower()
    first, tracks, _ = rows[0]
    shares = [percent(found / of) for _, found, of in rows]
    where = f"{count(tracks)} of them are {first}" if first != NO_GENRE else f"{count(tracks)} have no genre"
    return View(
        title=f"{plural(total, 'track')} have {name} 0; {where}"
        if total != 1
        else f"1 track has {name} 0; genre: {first}",
        caption=f"A {name} of 0 means that none was detected: sound effects and sleep noise, not songs. Beside each "
        "bar: "
        "number of tracks, and their share of all tracks of the genre.",
        grid=Grid(
            columns("Genre", "Tracks", "All tracks of the genre", "Share"),
            tuple(
                text_cells(Cell(genre, swatch=genre_colour(genre)), count(found), count(of), share)
                for (genre, found, of), share in zip(rows, shares, strict=True)
            ),
        ),
        **bars(
            [genre for genre, _, _ in rows],
            [found for _, found, _ in rows],
            [f"{count(found)}  ·  {share}" for (_, found, _), share in zip(rows, shares, strict=True)],
            [genre_colour(genre) for genre, _, _ in rows],
            axis=f"Tracks with {name} 0",
        ),
    )


def _examples(collection: ExploredCollection) -> Grid | None:
    """Return examples of tracks with a 0, each once."""
    found: dict[str, tuple[Example, list[str]]] = {}
    for given in collection.zeros:
        for one in given.examples:
            if one.track:
                _, features = found.setdefault(one.track, (one, []))
                name = words_for(given.feature).label.lower()
                features += [name] if name not in features else []
    if not found:
        return None
    return Grid(
        columns("Track", Column("Genre", is_number=False), Column("0 in", is_number=False)),
        tuple(
            text_cells(
                Cell(track, link=listen_link(collection.table, one.track_id, one.track)),
                genre_cell(one.genre or NO_GENRE),
                listing(features),
            )
            for track, (one, features) in found.items()
        ),
        caption="The first tracks in the order of the source.",
    )


def _far(collection: ExploredCollection) -> Chart | None:
    limit = collection.limit
    units = {feature.feature: feature.unit for feature in collection.features}
    rows = sorted((one for one in collection.far if one.tracks), key=lambda one: -one.share)
    if not rows:
        return None
    first = rows[0]
    title = (
        f"{words_for(first.feature).label} has the longest tail: {percent(first.share)} of tracks lie more than "
        f"{limit:g} standard deviations from the mean"
        if first.far
        else f"No track lies more than {limit:g} standard deviations from the mean of any feature"
    )
    view = View(
        title=title,
        caption=f"Tracks with a z-score over {limit:g} or under {MINUS}{limit:g}, for each feature. In a "
        f"normal distribution, {percent(NORMAL, 2)} do. Features limited to 0 to 1 often cannot reach such values.",
        grid=Grid(
            columns(
                "Feature",
                Column("Mean", "± standard deviation"),
                "Below",
                "Above",
                "Share",
                Column("Lowest z"),
                Column("Highest z"),
                Column("Most frequent in", "largest share of its tracks", is_number=False),
            ),
            tuple(_far_row(one, units[one.feature]) for one in rows),
        ),
        **bars(
            [words_for(one.feature).label for one in rows],
            [one.share for one in rows],
            [outlier_text(one) for one in rows],
            ["var(--accent)"] * len(rows),
            axis="Share of tracks beyond the limit",
            is_share=True,
            short_texts=[f"{count(one.far)} · {percent(one.share)}" if one.far else "none" for one in rows],
        ),
    )
    view.layout["xaxis"] |= {"range": [0, first.share * 1.4 or 1]}
    view.layout["xaxis"] |= {"tickformat": ".1%"}
    return single(f"far-{collection.name}", view)


def _far_row(given: OutlierValues, unit: str) -> tuple[Cell, ...]:
    name, home = given.feature, given.home
    most_frequent = Cell(DASH)
    if home:
        genre = home.genre or NO_GENRE
        most_frequent = Cell(
            genre, below=f"{count(home.tracks)} of {count(home.of)}", swatch=genre_colour(genre)
        )
    return text_cells(
        words_for(name).label,
        Cell(shown(name, given.mean, unit) if unit else decimal(given.mean, 2),
             below=f"± {decimal(given.deviation, 2)}"),
        count(given.below),
        count(given.above),
        percent(given.share, 2),
        decimal(given.lowest, 1),
        decimal(given.highest, 1),
        most_frequent,
    )  # fmt: skip


def _twins(repeats: Repeats) -> str:
    """Describe the tracks whose features are identical to those of another one."""
    sharing, tracks = repeats.sharing, repeats.tracks
    if not tracks:
        return ""
    features = f"all {count(repeats.features)} compared features"
    if not sharing:
        return f"No two of the {count(tracks)} tracks are identical in {features}."
    return (
        f"{count(sharing)} of {plural(tracks, 'track')} ({percent(sharing / tracks)}) are identical to another one in "
        f"{features}. {count(repeats.distinct)} distinct sets of features remain; the commonest is on "
        f"{plural(repeats.largest, 'track')}. "
        f"{count(repeats.contested)} tracks are identical to a track of another genre."
    )


def _counted(collection: ExploredCollection) -> str:
    """Say which tracks are compared, where they are fewer than those of the charts above."""
    compared = collection.repeats.tracks
    if not compared or compared == collection.tracks:
        return ""
    return (
        f" Compared are the {count(compared)} tracks of the genres that are described; zeros and extreme values are"
        f" counted over all {count(collection.tracks)}."
    )


def _cleaned(tables: Sequence[PublishedTable]) -> Grid | None:
    """Return what cleaning removed from the tables explored here."""
    if not tables:
        return None
    return Grid(
        columns("Table", "Records read", "Exact duplicates removed", "Quarantined", "Rows published"),
        tuple(
            text_cells(one.table, *map(count, (one.read, one.duplicates, one.quarantined, one.rows)))
            for one in tables
        ),
        caption="A quarantined record is stored with the rule that rejected it. Rows with a 0 or an extreme value are "
        "kept.",
    )


PAGE = Page(
    name="outliers",
    label="Outliers",
    group="Sound",
    title="Which values are unusual?",
    question="Tracks without a tempo, extreme values, tracks with identical features, and records that cleaning "
    "removed "
    "before the analysis.",
    needs=(FEATURES.name,),
    command="genrelab bin-genres",
    fill=fill,
)
