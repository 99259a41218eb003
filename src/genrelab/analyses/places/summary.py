"""Summary of the places: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.places.result import CrossTable, Places
from genrelab.tables.places import SUSPICIONS


def summarise(found: Places) -> Summary:
    """Summarise how many artists have a place, and whether genres go with places."""
    suspects = sum(one.kind in SUSPICIONS for one in found.odd)
    return Summary(
        f"{found.stated_tracks:,} of {found.tracks:,} tracks, of {found.located_artists:,} of {found.artists:,} "
        f"artists, have coordinates; {found.counted_artists:,} artists have a place in {len(found.countries)} "
        f"countries, {suspects:,} are suspects, {len(found.odd) - suspects:,} have no place; "
        + "; ".join(map(_sentence, (found.document, *found.tables))),
        [
            {
                "country": one.name,
                "tracks": one.tracks,
                "artists": one.artists,
                "artists per million": one.per_million[0] if one.per_million else None,
            }
            for one in found.countries
        ],
        "Tracks and artists by country.",
    )


def _sentence(one: CrossTable) -> str:
    if one.tests is None:
        return f"genre by {one.name}: not tested ({one.missing})"
    return f"genre by {one.name}: p {one.tests.tracks.p:.2g} by track, {one.tests.permuted.p:.2g} by artist"
