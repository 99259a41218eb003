"""Clusters against genres: does grouping tracks by sound alone find what people call genres?"""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.charts import bars
from genrelab.report.figure import Cell, Chart, Column, Grid, View, columns, single, text_cells
from genrelab.report.heatmap import heat
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.pages.confusion import row_shares
from genrelab.report.palette import genre_colour, slug
from genrelab.report.wording import (
    count,
    decimal,
    listing,
    number,
    percent,
    plural,
    points,
    said,
    sentence,
)

AGREEMENT = (
    (
        "ari",
        "Adjusted Rand index",
        "Pairs of tracks on which clusters and genres agree; 0 is chance, 1 is perfect.",
    ),
    (
        "ami",
        "Adjusted mutual information",
        "How much a cluster tells about the genre; 0 is chance, 1 is everything.",
    ),
    ("v_measure", "V-measure", "Harmonic mean of the next two."),
    ("homogeneity", "Homogeneity", "Whether a cluster holds one genre only; 1 is perfect."),
    ("completeness", "Completeness", "Whether a genre lies in one cluster only; 1 is perfect."),
    ("silhouette", "Silhouette", "How well apart the clusters lie, from -1 to 1; says nothing about genres."),
)
WEAK, MODERATE = 0.1, 0.4
"""Up to these adjusted Rand indices agreement is called weak and moderate; a convention of this report."""


def fill(facts: Facts) -> Summary:
    """One section per comparison."""
    given = (facts.get("clusters") or {}).get("comparisons") or []
    comparisons = [_comparison(comparison, place) for place, comparison in enumerate(given)]
    finding = ""
    if comparisons:
        finding = f"{comparisons[0]['headline']}."
    return {"finding": finding, "comparisons": comparisons}


def _comparison(given: Mapping[str, Any], place: int) -> Summary:
    title = str(given.get("title") or given.get("table") or f"Comparison {place + 1}")
    anchor = f"{slug(title) or 'comparison'}-{place + 1}"
    features = [str(feature) for feature in given.get("features") or []]
    clusters = [cluster for cluster in given.get("clusters") or [] if isinstance(cluster, Mapping)]
    return {
        "title": title,
        "anchor": anchor,
        "headline": headline(given, clusters),
        "rows": count(given.get("rows")),
        "left_out": count(given.get("left_out")) if given.get("left_out") else "",
        "k": count(given.get("k")),
        "features": listing(features),
        "scaled": given.get("scaled"),
        "matrix": _matrix(given, clusters, anchor),
        "leaders": _leaders(clusters, anchor),
        "scores": _scores(given),
    }


def headline(given: Mapping[str, Any], clusters: Sequence[Mapping[str, Any]]) -> str:
    """How well clusters and genres agree, and who leads most clusters."""
    ari = number((given.get("scores") or {}).get("ari"))
    chance = number((given.get("chance") or {}).get("ari"))
    parts = []
    if ari is not None:
        strength = "weakly" if ari < WEAK else "moderately" if ari < MODERATE else "strongly"
        against = f" against {decimal(chance, 2)} by chance" if chance is not None else ""
        parts.append(f"Clusters and genres agree {strength} (adjusted Rand index {decimal(ari, 2)}{against})")
    leading = [str(cluster["leader"]) for cluster in clusters if cluster.get("leader")]
    if leading:
        first = max(dict.fromkeys(leading), key=leading.count)
        parts.append(f"{first} leads {leading.count(first)} of {plural(len(leading), 'cluster')}")
    return sentence("; ".join(parts)) if parts else "Nothing was compared"


def _matrix(given: Mapping[str, Any], clusters: Sequence[Mapping[str, Any]], anchor: str) -> Chart | None:
    genres = [str(genre) for genre in given.get("genres") or []]
    counts = given.get("counts") or []
    rows = [[number(cell) or 0.0 for cell in row] for row in counts if isinstance(row, list)]
    if not genres or not rows or any(len(row) != len(genres) for row in rows):
        return None
    names = [
        f"Cluster {said(clusters[place].get('cluster') if place < len(clusters) else place)}"
        for place in range(len(rows))
    ]
    order = sorted(range(len(rows)), key=lambda place: -sum(rows[place]))
    names, rows = [names[place] for place in order], [rows[place] for place in order]
    shares = row_shares(rows)
    purest, column = max(
        ((row, column) for row in range(len(rows)) for column in range(len(genres))),
        key=lambda cell: shares[cell[0]][cell[1]],
    )
    title = f"The purest is {names[purest].lower()}: {percent(shares[purest][column], 0)} {genres[column]}"
    grid = Grid(
        (Column("Cluster", is_number=False), *(Column(genre) for genre in genres)),
        tuple(
            (
                Cell(name),
                *(Cell(count(cell), percent(share, 0)) for cell, share in zip(row, row_share, strict=True)),
            )
            for name, row, row_share in zip(names, rows, shares, strict=True)
        ),
        "Tracks, and share of the cluster.",
    )
    view = View(
        title=title,
        caption="Each row is a cluster, the largest first; the large figure is the percentage of its tracks,"
        " the small one their count.",
        grid=grid,
        **heat(
            names,
            genres,
            shares,
            rows,
            row_axis="Cluster",
            column_axis="Genre",
            reads="{column} in {row}",
        ),
    )
    return single(f"matrix-{anchor}", view)


def _leaders(clusters: Sequence[Mapping[str, Any]], anchor: str) -> Chart | None:
    drawn = [
        (cluster, share) for cluster in clusters if (share := number(cluster.get("leader_share"))) is not None
    ]
    if not drawn:
        return None
    drawn.sort(key=lambda pair: -pair[1])
    majority = sum(share > 0.5 for _, share in drawn)  # noqa: PLR2004 - half of it is a majority
    title = (
        f"In {majority} of {plural(len(drawn), 'cluster')} one genre holds the majority"
        if majority
        else "In no cluster does one genre hold the majority"
    )
    grid = Grid(
        (
            Column("Cluster", is_number=False),
            Column("Tracks"),
            Column("Leader", is_number=False),
            Column("Share"),
            Column("Runner-up", is_number=False),
            Column("Lead"),
        ),
        tuple(
            text_cells(
                f"Cluster {said(cluster.get('cluster'))}",
                count(cluster.get("size")),
                Cell(said(cluster.get("leader")), swatch=genre_colour(cluster.get("leader"))),
                percent(share),
                Cell(said(cluster.get("runner_up")), swatch=genre_colour(cluster.get("runner_up"))),
                points(cluster.get("lead")),
            )
            for cluster, share in drawn
        ),
    )
    view = View(
        title=title,
        caption="Share of the leading genre in each cluster, and by how much it leads the next one.",
        grid=grid,
        **bars(
            [f"Cluster {said(cluster.get('cluster'))}" for cluster, _ in drawn],
            [share for _, share in drawn],
            [
                f"{said(cluster.get('leader'))} {percent(share, 0)}{_ahead(cluster)}"
                for cluster, share in drawn
            ],
            [genre_colour(cluster.get("leader")) for cluster, _ in drawn],
            short_texts=[f"{said(cluster.get('leader'))} {percent(share, 0)}" for cluster, share in drawn],
            axis="Share of the cluster's tracks",
            is_share=True,
        ),
    )
    return single(f"leaders-{anchor}", view)


def _ahead(cluster: Mapping[str, Any]) -> str:
    lead = number(cluster.get("lead"))
    return "" if lead is None else f", {points(lead, 0).lstrip('+')} ahead"


def _scores(given: Mapping[str, Any]) -> Grid | None:
    scores, chance = given.get("scores") or {}, given.get("chance") or {}
    rows = [
        (Cell(label, meaning), Cell(decimal(scores.get(name))), Cell(decimal(chance.get(name))))
        for name, label, meaning in AGREEMENT
        if number(scores.get(name)) is not None
    ]
    if not rows:
        return None
    return Grid(
        columns("Agreement", "Clusters", "By chance"),
        tuple(rows),
        "By chance: the same scores with the genres shuffled.",
    )


PAGE = Page(
    name="clusters",
    label="Clusters",
    title="Does the sound alone find the genres?",
    question="k-means groups tracks by audio features and has never heard of genres. Where its clusters and "
    "the genres agree, the genre has a sound of its own.",
    needs=("clusters",),
    command="genrelab compare-clusters",
    fill=fill,
)
