"""Charts of clusters and genres: deciding features, agreement, leading genres.

Conventions: every chart has a picker of the feature set, and of the labelling where there are two; clusters are
numbered by size. The first view is that of the headline set, or of the capstone project.
"""

from collections.abc import Callable, Iterable, Sequence

from genrelab.analyses.clusters.result import ClusteringResult, CollectionClusters, LabelAgreement
from genrelab.report.charts import bars
from genrelab.report.feature_words import words_for
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, label, single, text_cells
from genrelab.report.heatmap import heat, values_heat
from genrelab.report.palette import genre_colour
from genrelab.report.vocabulary import cluster_name, labelling
from genrelab.report.wording import count, decimal, inside, listing, percent, plural, points, sentence

SCORES = (
    ("ari", "Adjusted Rand index", "Pairs of tracks on which both agree, adjusted for chance; 1 is perfect."),
    ("ami", "Adjusted mutual information", "Shared information, adjusted for chance; 1 is perfect."),
    ("v_measure", "V-measure", "Harmonic mean of homogeneity and completeness; 1 is perfect."),
    ("homogeneity", "Homogeneity", "Whether a cluster holds one genre only; 1 is perfect."),
    ("completeness", "Completeness", "Whether a genre lies in one cluster only; 1 is perfect."),
    ("matched", "Best one-to-one matching", "Share of tracks in a cluster matched to their genre, one to one."),
)  # fmt: skip
DECIDES = 0.5
"""From this share of the importance on, one feature determines the clusters."""
MAJORITY = 0.5
OF_CLUSTER, OF_GENRE = "cluster", "genre"


def ordered(collection: CollectionClusters) -> list[ClusteringResult]:
    """Return the feature sets, the headline first."""
    first = collection.headline
    return [first, *(one for one in collection.clusterings if one is not first)]


def set_picker(sets: Iterable[ClusteringResult]) -> Picker:
    """Return the picker of feature sets."""
    return Picker("Clustered on", tuple((one.feature_set, one.title) for one in sets))


def labels_picker(names: Iterable[str]) -> Picker:
    """Return the picker of labellings."""
    return Picker("Genres by", tuple((name, sentence(labelling(name))) for name in names))


def compared(collection: CollectionClusters) -> list[tuple[ClusteringResult, LabelAgreement]]:
    """Return every feature set with every labelling, beginning with the labelling in use (the last one)."""
    return [
        (one, found)
        for one in ordered(collection)
        for name in reversed(collection.label_names)
        if (found := one.by(name))
    ]


def deciding_chart(collection: CollectionClusters) -> Chart:
    """Draw the importance of each feature in each clustering."""
    sets = collection.clusterings
    features = list(dict.fromkeys(name for one in sets for name in one.features))
    weights = [{weight.feature: weight.value for weight in one.deciding.importances} for one in sets]
    rows = [[found.get(name) for name in features] for found in weights]
    view = View(
        title=decided(sets[0]),
        caption="Share of each feature in the importance of a random forest of 100 trees that predicts the "
        "clusters. If one"
        " feature has most of it, the clusters are little more than ranges of that feature.",
        grid=Grid(
            columns(
                "Clustered on",
                Column("Main feature", is_number=False),
                Column("Its importance"),
                Column("Forest", "clusters predicted correctly"),
                Column("Capstone project"),
                Column("Silhouette"),
            ),
            tuple(
                text_cells(
                    one.title,
                    words_for(one.decides.feature).label,
                    percent(one.decides.value, 0),
                    percent(one.deciding.accuracy),
                    percent(one.document_accuracy) if one.document_accuracy is not None else "",
                    decimal(one.silhouette, 2),
                )
                for one in sets
            ),
        ),
        **values_heat(
            [one.title for one in sets],
            [words_for(name).lines for name in features],
            rows,
            [["" if value is None else f"{value * 100:.0f}" for value in row] for row in rows],
            [
                [
                    f"<b>{label(words_for(name).label)}</b> has {percent(value, 0)} of the "
                    f"importance<br>{label(one.title)}"
                    for name, value in zip(features, row, strict=True)
                ]
                for one, row in zip(sets, rows, strict=True)
            ],
            column_axis="Percent of the importance",
        ),
    )
    return single(f"deciding-{collection.name}", view, shows_numbers=True)


def decided(one: ClusteringResult) -> str:
    """Say whether one feature determines the clusters."""
    share, name = one.decides.value, words_for(one.decides.feature).label.lower()
    if share >= DECIDES:
        return f"{one.title}: {name} determines the clusters, with {percent(share, 0)} of the importance"
    return f"{one.title}: no single feature determines the clusters; {name} is most important, with {percent(share, 0)}"


def agreement_chart(collection: CollectionClusters) -> Chart:
    """Draw every score of every feature set beside chance."""
    views = {}
    for name, title, meaning in SCORES:
        for labels in reversed(collection.label_names):
            found = [(one, agreement) for one in collection.clusterings if (agreement := one.by(labels))]
            if found:
                views[f"{name}|{labels}"] = _score_view(name, title, meaning, labels, found)
    pickers = (
        Picker("Score", tuple((name, title) for name, title, _ in SCORES)),
        labels_picker(reversed(collection.label_names)),
    )
    return Chart(f"agreement-{collection.name}", views, pickers)


def _score_view(
    name: str, title: str, meaning: str, labels: str, found: Sequence[tuple[ClusteringResult, LabelAgreement]]
) -> View:
    values = [agreement.scores[name] for _, agreement in found]
    chance = [agreement.chance[name] for _, agreement in found]
    best = max(range(len(found)), key=lambda place: values[place])
    return View(
        title=f"{title} with {labelling(labels)}: {decimal(values[best])} at best ({inside(found[best][0].title)}); "
        f"shuffled genres give {decimal(chance[best])}",
        caption=f"{meaning} By chance: the mean over {count(found[0][1].shuffles)} shuffles of the genres"
        " among the tracks. Tracks of an artist share genre and sound, so a little more than that is no finding.",
        grid=Grid(
            columns("Clustered on", title, "By chance", Column("By chance", "95th percentile")),
            tuple(
                text_cells(
                    one.title,
                    decimal(agreement.scores[name]),
                    decimal(agreement.chance[name]),
                    decimal(agreement.chance[f"{name}_p95"]),
                )
                for one, agreement in found
            ),
        ),
        **bars(
            [one.title for one, _ in found],
            [max(value, 0.0) for value in values],
            [f"{decimal(value)}, chance {decimal(by)}" for value, by in zip(values, chance, strict=True)],
            ["var(--accent)"] * len(found),
            axis=title,
        ),
    )


def matrix_chart(collection: CollectionClusters) -> Chart:
    """Draw clusters against genres: shares of each cluster, or of each genre."""
    views = {}
    for one, agreement in compared(collection):
        names = [cluster_name(number) for number in range(len(agreement.counts))]
        by_genre = [list(column) for column in zip(*agreement.counts, strict=True)]
        views[f"{one.feature_set}|{agreement.labels}|{OF_CLUSTER}"] = _matrix_view(
            names, agreement.genres, agreement.counts, "Cluster", "Genre", "{column} in {row}", _purest
        )
        views[f"{one.feature_set}|{agreement.labels}|{OF_GENRE}"] = _matrix_view(
            agreement.genres, names, by_genre, "Genre", "Cluster", "{row} in {column}", _gathered
        )
    pickers = (
        set_picker(ordered(collection)),
        labels_picker(reversed(collection.label_names)),
        Picker("Shares of", ((OF_CLUSTER, "Each cluster"), (OF_GENRE, "Each genre"))),
    )
    return Chart(f"matrix-{collection.name}", views, pickers)


def _purest(row: str, column: str, share: float) -> str:
    return f"{row} is the purest: {percent(share, 0)} of its tracks are {column}"


def _gathered(row: str, column: str, share: float) -> str:
    return (
        f"{sentence(row)} is the most concentrated: {percent(share, 0)} of its tracks are in {column.lower()}"
    )


def _matrix_view(
    rows: Sequence[str],
    cells: Sequence[str],
    counts: Sequence[Sequence[float]],
    row_axis: str,
    column_axis: str,
    reads: str,
    say: Callable[[str, str, float], str],
) -> View:
    totals = [sum(row) for row in counts]
    shares = [
        [value / total if total else 0.0 for value in row] for row, total in zip(counts, totals, strict=True)
    ]
    _, row, column = max(
        ((share, place, at) for place, line in enumerate(shares) for at, share in enumerate(line)),
        key=lambda found: found[0],
    )
    return View(
        title=say(rows[row], cells[column], shares[row][column]),
        caption=f"Each row is a {row_axis.lower()} and adds up to 100; the large figure is the percentage of its"
        " tracks, the small one their number.",
        grid=Grid(
            (Column(row_axis, is_number=False), *(Column(name) for name in cells)),
            tuple(
                (
                    Cell(name),
                    *(
                        Cell(count(value), percent(share, 0))
                        for value, share in zip(line, of_row, strict=True)
                    ),
                )
                for name, line, of_row in zip(rows, counts, shares, strict=True)
            ),
            f"Tracks, and share of the {row_axis.lower()}.",
        ),
        **heat(rows, cells, shares, counts, row_axis=row_axis, column_axis=column_axis, reads=reads),
    )


def leaders_chart(collection: CollectionClusters) -> Chart:
    """Draw the leading genre of each cluster and by how much it leads."""
    views = {
        f"{one.feature_set}|{agreement.labels}": _leaders_view(one, agreement)
        for one, agreement in compared(collection)
    }
    pickers = (set_picker(ordered(collection)), labels_picker(reversed(collection.label_names)))
    return Chart(f"leaders-{collection.name}", views, pickers)


def _leaders_view(one: ClusteringResult, agreement: LabelAgreement) -> View:
    leaders = agreement.leaders
    matched = {found.cluster: found.genre for found in agreement.matching}
    majority = sum(found.leader_share > MAJORITY for found in leaders)
    majorities = f"in {majority} of {plural(len(leaders), 'cluster')} one genre has the majority"
    if not majority:
        majorities = "no genre has the majority in any cluster"
    names = [cluster_name(found.cluster) for found in leaders]
    return View(
        title=f"{leading(agreement)}; {majorities}",
        caption="Share of the leading genre in each cluster, and by how much it leads the next one.",
        grid=Grid(
            (
                Column("Cluster", is_number=False),
                Column("Tracks"),
                Column("Leader", is_number=False),
                Column("Share"),
                Column("Runner-up", is_number=False),
                Column("Lead"),
                Column("Matched to", "one to one", is_number=False),
            ),
            tuple(
                text_cells(
                    Cell(name, one.clusters[found.cluster].description),
                    count(found.size),
                    _genre(found.leader),
                    percent(found.leader_share),
                    _genre(found.runner_up),
                    points(found.lead),
                    _genre(matched.get(found.cluster, "")),
                )
                for name, found in zip(names, leaders, strict=True)
            ),
        ),
        **bars(
            names,
            [found.leader_share for found in leaders],
            [
                f"{found.leader} {percent(found.leader_share, 0)}, {points(found.lead, 0).lstrip('+')} ahead"
                for found in leaders
            ],
            [genre_colour(found.leader) for found in leaders],
            short_texts=[f"{found.leader} {percent(found.leader_share, 0)}" for found in leaders],
            axis="Share of the cluster's tracks",
            is_share=True,
        ),
    )


def leading(agreement: LabelAgreement) -> str:
    """Say which genres lead at least one cluster, the commonest genre first."""
    totals = [sum(column) for column in zip(*agreement.counts, strict=True)]
    commonest = agreement.genres[max(range(len(totals)), key=lambda place: totals[place])]
    found = [leader.leader for leader in agreement.leaders]
    leading_genres = [name for name in dict.fromkeys([commonest, *found]) if name and name in found]
    if leading_genres in ([], [commonest]):
        return f"{sentence(commonest)} leads every cluster"
    verb = "leads" if len(leading_genres) == 1 else "lead"
    return f"{plural(len(leading_genres), 'genre')} {verb} at least one cluster: {listing(leading_genres)}"


def _genre(name: str) -> Cell:
    return Cell(name or "none", swatch=genre_colour(name) if name else "")
