"""What people are told of the exploration where it was computed: a line, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.features.result import Exploration, ExploredCollection


def summarise(found: Exploration) -> Summary:
    """What was explored of each table."""
    told = [
        f"{one.table}: {len(one.features)} features of {one.described:,} tracks in {len(one.genres)} genres"
        f"{_absent(one)}"
        for one in found.collections
    ]
    if found.wide:
        told.append(f"fma_features: far values of {found.wide.features} features")
    rows = [_row(one) for one in found.collections]
    return Summary("; ".join(told), rows, "Tracks whose features are described by genre.")


def _absent(found: ExploredCollection) -> str:
    return f" (no track has {', '.join(found.absent)})" if found.absent else ""


def _row(found: ExploredCollection) -> dict[str, object]:
    return {
        "table": found.table,
        "version": found.table_version,
        "tracks": found.tracks,
        "described": found.described,
        "genres": len(found.genres),
        "features": len(found.features),
        "sharing all features": found.repeats.sharing,
    }
