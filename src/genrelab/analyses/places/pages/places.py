"""The page of places: where artists are, for how many inhabitants, and whether genres go with places."""

from collections import Counter

from genrelab.analyses.places.analysis import PLACES
from genrelab.analyses.places.pages.charts import (
    DOCUMENT_TRACKS,
    counts_table,
    inhabitants,
    odd_table,
    rates_chart,
    remarks_table,
)
from genrelab.analyses.places.pages.genres import NAMES, document_table, genres_chart, independence_table
from genrelab.analyses.places.pages.maps import places_map
from genrelab.analyses.places.pages.numbers import growth, p_text, permuted_text
from genrelab.analyses.places.result import CrossTable, Places
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.wording import count, decimal, listing, percent, plural
from genrelab.tables.places import COUNTRY, NEAREST, NOWHERE, OFF_GLOBE, STATE, SUSPICIONS

THIN = 0.05
"""Share of the tracks with coordinates below which the page says `only`."""
LEVEL = 0.05
"""p value below which a difference is called more than chance."""
FEW = 20
"""Artists of a continent below which its shares are no statement about it."""


def fill(found: Places) -> Summary:
    """Return counts, maps, tests and suspects."""
    return {
        "finding": _finding(found),
        "found": bool(found.counted_artists),
        "coverage": _coverage(found),
        "decided": _decided(found),
        "map": places_map(found) if found.counted_artists else None,
        "spread": _spread(found),
        "continents": counts_table(found.continents),
        "countries": counts_table(found.countries),
        "rates": rates_chart(found),
        "remarks": _remarks(found),
        "remarks_table": remarks_table(found),
        "question": QUESTION,
        "verdicts": [_verdict(one) for one in (found.document, *found.tables)],
        "tests": independence_table(found),
        "genres": genres_chart(found),
        "document": _document(found),
        "document_table": document_table(found),
        "left_out": _left_out(found),
        "odd": _odd(found),
        "odd_table": odd_table(found) if found.odd else None,
    }


QUESTION = (
    "A test of independence asks whether the mix of genres differs from place to place by more than chance. "
    "Chi-squared takes every track as an independent observation. They are not: an artist has one place and mostly one "
    "genre, so a productive band in a small state looks like a local scene. The permutation test deals the places out "
    "anew among the artists, each with all their tracks, and asks how often chance alone gives a difference as large. "
    "Where the two disagree, believe the second."
)


def with_article(name: str) -> str:
    """Return the name of a country as it stands in a sentence."""
    return f"the {name}" if name.startswith("United ") or name in {"Netherlands", "Philippines"} else name


def _coverage(found: Places) -> str:
    """Say how many tracks have coordinates: the first sentence of the page."""
    if not found.located_artists:
        return (
            f"None of the {count(found.tracks)} tracks has coordinates, so no artist can be put on a map. On the full "
            "archive, 42 % of the tracks have them."
        )
    share = found.stated_tracks / found.tracks
    text = (
        f"{'Only ' if share < THIN else ''}{plural(found.stated_tracks, 'track')} of {count(found.tracks)} "
        f"({percent(share)}) state coordinates, those of {plural(found.located_artists, 'artist')} among "
        f"{count(found.artists)}: "
    )
    text += (
        "too thin for any statement about the archive, and every number below is about these artists."
        if share < THIN
        else "every number below is about these artists."
    )
    if found.located_tracks > found.stated_tracks:
        text += (
            f" Other tracks of the same artists belong to the same place; with them it is "
            f"{plural(found.located_tracks, 'track')}."
        )
    return text


def _decided(found: Places) -> str:
    """Say how places were found."""
    ways = (
        (STATE, "lie inside the polygon of a US state"),
        (COUNTRY, "inside that of another country"),
        (NEAREST, "within 0.25 degrees of the nearest one (simplified coastlines cut off harbours)"),
        (NOWHERE, "on no land"),
        (OFF_GLOBE, "beyond the poles or the date line"),
    )
    said = [f"{count(found.decided[way])} {text}" for way, text in ways if found.decided.get(way)]
    text = f"Of these artists {listing(said)}. " if said else ""
    if found.half:
        text += f"{plural(found.half, 'artist')} with a latitude or a longitude alone: not placed. "
    if found.several:
        text += f"{plural(found.several, 'artist')} state several places: the commonest counts. "
    suspects = sum(one.kind in SUSPICIONS for one in found.odd)
    if suspects:
        text += f"{plural(suspects, 'suspect')} and those without a place count nowhere below."
    return text.strip()


def _spread(found: Places) -> str:
    """Say which continents and countries dominate."""
    if not found.counted_artists:
        return ""
    shares = [
        f"{one.name} {percent(one.artists / found.counted_artists, 0)} of the artists and "
        f"{percent(one.tracks / found.counted_tracks, 0)} of the tracks"
        for one in found.continents[:2]
    ]
    rest = [one.name for one in found.continents[2:]]
    text = f"{listing(shares)}; " + (
        f"the rest: {listing(rest)}. " if rest else "no other continent appears. "
    )
    few = [one.name for one in found.continents if one.artists < FEW]
    if few:
        text += f"Fewer than {FEW} artists ({listing(few)}): there a few prolific ones decide the number of tracks. "
    return text + "Read artists before tracks: a place with one artist of 60 tracks is no scene."


def _remarks(found: Places) -> str:
    """Check the student project's remarks on Oregon and the Netherlands, per head."""
    people = inhabitants()
    stated = {name: tracks / people[name] * 1e6 for name, tracks in DOCUMENT_TRACKS.items() if tracks}
    text = (
        "The student project finds Oregon overrepresented for its population, and the Netherlands too. By its own"
        " figures "
        f"Oregon has {stated['Oregon']:.0f} tracks per million inhabitants, Pennsylvania with as many tracks "
        f"{stated['Pennsylvania']:.0f}, New York {stated['New York']:.0f} and California {stated['California']:.0f}: "
        "the remark holds, for tracks. It gives no figure for the Netherlands. "
    )
    states = sorted(found.states, key=lambda one: -(one.per_million or (0.0,))[0])
    names = [one.name for one in states]
    if "Oregon" in names:
        oregon = states[names.index("Oregon")]
        text += (
            f"Here Oregon has {plural(oregon.artists, 'artist')} and {plural(oregon.tracks, 'track')}, rank "
            f"{names.index('Oregon') + 1} of {len(names)} states by artists per head"
        )
        whole = next((one for one in found.countries if one.name == "United States"), None)
        if oregon.per_million and whole and whole.per_million:
            low, average = oregon.per_million[1], whole.per_million[0]
            verdict = (
                "even the lower end is above" if low > average else "its interval includes or lies below"
            )
            text += (
                f": {decimal(oregon.per_million[0], 2)} per million ({decimal(low, 2)} to "
                f"{decimal(oregon.per_million[2], 2)}); {verdict} the country's {decimal(average, 2)}"
            )
        text += ". "
    dutch = next((one for one in found.countries if one.name == "Netherlands"), None)
    if dutch is None:
        text += "No artist with coordinates is from the Netherlands here. "
    elif dutch.per_million:
        rates = sorted(found.countries, key=lambda one: -(one.per_million or (0.0,))[0])
        text += (
            f"The Netherlands have {plural(dutch.artists, 'artist')}, {decimal(dutch.per_million[0], 2)} per million, "
            f"rank {rates.index(dutch) + 1} of {len(rates)} countries. "
        )
    return text + (
        "A state where a label or a radio station took part has more artists in the archive than its music scene would "
        "explain; the numbers cannot tell the two apart."
    )


def _verdict(one: CrossTable) -> str:
    """Say what the tests of a table amount to."""
    name = NAMES[one.name]
    if one.tests is None:
        return f"{name}: not tested, because {one.missing}."
    tests, artists = one.tests, one.tests.permuted
    if artists.p < LEVEL:
        verdict = "the genres differ by more than the chance of which artists joined"
    elif tests.once and tests.once.p < LEVEL:
        verdict = (
            "a few productive artists can explain the difference by tracks, yet counting each artist once the genres "
            f"differ by more than chance (p {permuted_text(tests.once)})"
        )
    elif tests.tracks.p < LEVEL:
        verdict = "what looks like a difference of places can be that of a few productive artists"
    else:
        verdict = "no difference beyond chance"
    unit = "p" if tests.tracks.is_trusted else "p (not to be trusted: expected counts below 5)"
    return (
        f"{name}: {verdict}. With tracks as units {unit} is {p_text(tests.tracks.p)}; with artists it is "
        f"{permuted_text(artists)}: it grows {growth(tests.tracks.p, artists.p)}."
    )


def _document(found: Places) -> str:
    """Explain what SciPy's `chisquare` tests, and what the student project meant to ask."""
    text = (
        "The student project passes the tracks of three genres on two continents to SciPy's chisquare and reads the p"
        " values "
        "as evidence that genre depends on the continent. That function tests each column by itself, for equal counts: "
        "Rock fails as soon as one continent has more artists in the archive, whatever they play. The question that "
        "the student project meant, whether the mix of genres differs, is the test of independence above."
    )
    if not found.equal:
        return (
            text
            + " Here a genre has no track on either continent, so the student project's test is not computed."
        )
    small = [one for one, test in zip(found.document.genres, found.equal, strict=True) if not test.is_trusted]
    if small:
        text += f" Expected counts below 5, p not to be trusted: {listing(small)}."
    if found.document.tests is None:
        text += f" It cannot be computed here, because {found.document.missing}."
    return text


def _left_out(found: Places) -> str:
    genres = sorted({genre for one in found.tables for genre in one.left_out_genres})
    text = (
        f"No column of the tables: {listing(genres)}, played by a single artist with a place. "
        if genres
        else ""
    )
    for one in found.tables:
        if one.left_out_places:
            few = one.left_out_places[:8]
            more = len(one.left_out_places) - len(few)
            text += (
                f"No row of the table of {NAMES[one.name]}, for too few artists: "
                f"{listing([*few, *([f'{more} more'] if more else [])])}. "
            )
    return text.strip()


def _odd(found: Places) -> str:
    """State the rule of suspects, and how many there are."""
    rule = (
        "Coordinates are a suspect if the artist's own words name a country (or US state), they do not lie in it, and "
        "they would with a sign changed or with latitude and longitude swapped; without such words, if they lie in the "
        "sea and would lie on land swapped, which is only a hint. Nothing is corrected: the table "
        "fma_places keeps the stated place and says why it is doubted."
    )
    if not found.odd:
        return f"{rule} None was found."
    kinds = Counter(one.kind for one in found.odd)
    said = [f"{kind}: {plural(number, 'artist')}" for kind, number in kinds.most_common()]
    return f"{rule} Found: {'; '.join(said)}."


def _finding(found: Places) -> str:
    if not found.counted_artists:
        return "No artist of the archive has coordinates."
    first = found.countries[0]
    text = (
        f"{percent(found.stated_tracks / found.tracks)} of the tracks have coordinates; "
        f"{percent(first.artists / found.counted_artists, 0)} of these artists are from {with_article(first.name)}"
    )
    tested = [one for one in (found.document, *found.tables) if one.tests]
    if not tested:
        return f"{text}."
    one = tested[0]
    assert one.tests is not None  # noqa: S101 - chosen above
    return (
        f"{text}. Genre by place ({NAMES[one.name].lower() if one.name != 'state' else NAMES[one.name]}): "
        f"p {p_text(one.tests.tracks.p)} by track, {permuted_text(one.tests.permuted)} by artist."
    )


PAGE = Page(
    name="places",
    label="Places",
    group="Data",
    title="Where are the artists of the archive?",
    question="Artists of the Free Music Archive may state where they are. Where do they come from, for how many "
    "inhabitants, and does the genre go with the place?",
    needs=(PLACES.name,),
    command="genrelab study-archive",
    fill=of_result(PLACES, fill),
)
