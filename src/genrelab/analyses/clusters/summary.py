"""Summary of the clusters: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.clusters.result import ClusteringResult, CollectionClusters, LabelAgreement
from genrelab.evaluation.samples import in_words


def summarise(found: CollectionClusters) -> Summary:
    """Summarise the feature sets, the deciding feature of each, and the agreement of the scaled one with genres."""
    decided = "; ".join(
        f"{one.title.lower()}: {one.decides.feature} has {one.decides.value:.0%} of the importance"
        for one in found.clusterings
        if not one.scaled
    )
    scaled = next(one for one in found.clusterings if one.scaled)
    agreed = ", ".join(f"{one.labels} {_rand(one)}" for one in scaled.agreements)
    absent = f" without {', '.join(found.absent)}, which too few tracks have" if found.absent else ""
    return Summary(
        f"{len(found.clusterings)} clusterings of {in_words(found.rows, found.of)}{absent}; {decided}; adjusted Rand "
        f"of all features, scaled: {agreed}",
        [_row(one) for one in found.clusterings],
        "k-means with 12 clusters against genres.",
    )


def _row(one: ClusteringResult) -> dict[str, object]:
    row: dict[str, object] = {
        "features": one.title,
        "decided by": one.decides.feature,
        "forest accuracy": round(one.deciding.accuracy, 3),
        "silhouette": round(one.silhouette, 3),
    }
    for agreement in one.agreements:
        row[f"ari, {agreement.labels}"] = _rand(agreement)
        row[f"led by, {agreement.labels}"] = ", ".join(
            sorted({leader.leader for leader in agreement.leaders})
        )
    return row


def _rand(agreement: LabelAgreement) -> str:
    return f"{agreement.scores['ari']:.3f} (chance {agreement.chance['ari']:.3f})"
