"""Summary of the exploration: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.features.result import Exploration, ExploredCollection


def summarise(found: Exploration) -> Summary:
    """Summarise what was explored of each table."""
    parts = [
        f"{one.table}: {len(one.features)} features of {one.described:,} tracks in {len(one.genres)} genres"
        f"{_absent(one)}"
        for one in found.collections
    ]
    if found.wide:
        parts.append(f"fma_features: outlier values of {found.wide.features} features")
    rows = [_row(one) for one in found.collections]
    return Summary("; ".join(parts), rows, "Tracks whose features are described by genre.")


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
