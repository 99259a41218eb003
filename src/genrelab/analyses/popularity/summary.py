"""What is reported of the popularity of tracks where it was computed: a line, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.popularity.result import ALL_TRACKS, OFFICIAL, RANDOM, Popularity


def summarise(found: Popularity) -> Summary:
    """How well plays can be predicted, and from what."""
    group = found.group(ALL_TRACKS)
    if group is None or not group.allowed:
        why = "; ".join(found.missing.values()) or "nothing is known of the tracks but their plays"
        return Summary(f"{found.counted.used:,} tracks with a number of plays; not predicted: {why}")
    best = group.allowed[-1]
    r2 = best.by_split[OFFICIAL].r2
    rows = [
        {
            "tracks": one.label,
            "inputs": each.label,
            "R2, new artists": round(each.by_split[OFFICIAL].r2.value, 3),
            "R2, random tracks": round(each.by_split[RANDOM].r2.value, 3),
            "Spearman": round(each.by_split[OFFICIAL].spearman.value, 3),
            "AUC, top tenth": round(each.by_split[OFFICIAL].top_decile_auc.value, 3),
        }
        for one in found.groups
        for each in one.sets
    ]
    return Summary(
        f"{found.counted.used:,} tracks, {found.table} version {found.table_version}: {best.label.lower()} predict "
        f"log plays of new artists with an R2 of {r2.value:.2f}",
        rows,
        "How well plays can be predicted, by inputs.",
    )
