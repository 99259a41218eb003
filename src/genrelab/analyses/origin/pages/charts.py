"""Charts of the origin study other than maps: purity, cost, accuracy by epoch.

Conventions: as in `genrelab.report.charts`. Scores of models are in `genrelab.analyses.origin.pages.scores`.
"""

from collections.abc import Sequence
from itertools import pairwise

from genrelab.analyses.origin.pages.maps import cluster_colour
from genrelab.analyses.origin.result import CostHistory, NetworkCurves, OriginPurity, OriginStudy, Scree
from genrelab.report.charts import Drawing, pairs
from genrelab.report.curves import Line, Mark, lines
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, single, text_cells
from genrelab.report.vocabulary import cluster_name
from genrelab.report.wording import DASH, count, decimal, percent, plural

STUDENT_PROJECT_K = 10
TURN = 3.0
"""An elbow is where a cluster reduces the cost this many times as much as the next one."""
LEAST, SMALLEST = 0.05, 1e-9
"""An elbow reduces the cost without clusters by at least this share; smaller changes may come from one start."""
SHOWN_K = (2, 5, 10, 15, 20)


def purity(origins: Sequence[OriginPurity]) -> Chart:
    """Draw the share of each country's tracks in its leading cluster, beside shuffled clusters."""
    known = sorted(origins, key=lambda one: -one.purity)
    beyond = [one for one in known if one.purity > one.chance_p95]
    clusters = [one.leading_cluster for one in known]
    drawing = pairs(
        [f"{one.country} ({count(one.tracks)})" for one in known],
        [one.chance_p95 for one in known],
        [one.purity for one in known],
        [cluster_colour(cluster) for cluster in clusters],
        before_name="95th percentile of shuffled clusters",
        after_name="Share in the leading cluster",
        axis="Share of the country's tracks",
    )
    view = View(
        title=f"{len(beyond)} of {plural(len(known), 'country', 'countries')} concentrate in one cluster more than "
        "by chance",
        caption="A full dot is the share of a country's tracks in its leading cluster, in the colour of that "
        "cluster. A "
        "hollow dot is the 95th percentile of this share when the clusters are shuffled among all tracks; one in "
        "twenty "
        "countries without a pattern would exceed it. In brackets: tracks.",
        grid=Grid(
            (
                Column("Country", is_number=False),
                Column("Tracks"),
                Column("Leading cluster", is_number=False),
                Column("Share in it"),
                Column("By chance", "mean, and 95th percentile"),
                Column("Shuffles at least as pure"),
                Column("Clusters with a track"),
            ),
            tuple(
                text_cells(
                    one.country,
                    count(one.tracks),
                    Cell(cluster_name(cluster), swatch=cluster_colour(cluster)),
                    percent(one.purity, 0),
                    Cell(percent(one.chance, 0), percent(one.chance_p95, 0)),
                    percent(one.p_value, 1),
                    count(one.clusters),
                )
                for one, cluster in zip(known, clusters, strict=True)
            ),
        ),
        **drawing,
    )
    return single("purity", view)


def cost_histories(costs: Sequence[CostHistory]) -> Chart:
    """Draw the cost by iteration for several k, one line for each start."""
    histories = [(one.k, one.costs) for one in costs]
    series = [
        Line(
            range(len(curve)),
            curve,
            f"k = {k}, start {start + 1}<br>iteration %{{x}}: %{{y:.1f}}",
            colour=cluster_colour(position),
            width=1.6,
            opacity=0.8,
            end="" if start else f" k = {k}",
        )
        for position, (k, curves) in enumerate(histories)
        for start, curve in enumerate(curves)
    ]
    longest = max(len(curve) for _, curves in histories for curve in curves)
    settled = max(_settled(curve) for _, curves in histories for curve in curves)
    view = View(
        title=f"After {plural(settled, 'iteration')}, every start is within 2 % of its final cost",
        caption="Mean squared distance of a track to the centre of its cluster, by iteration of k-means; one line per "
        "start from tracks drawn at random. Iteration 0 is the start itself.",
        grid=Grid(
            columns(
                "Clusters",
                "Starts",
                "At the start",
                "After 1",
                f"After {longest - 1}, best",
                f"After {longest - 1}, worst",
            ),
            tuple(
                text_cells(
                    f"k = {k}",
                    count(len(curves)),
                    decimal(min(curve[0] for curve in curves), 1),
                    decimal(min(curve[1] for curve in curves), 1),
                    decimal(min(curve[-1] for curve in curves), 1),
                    decimal(max(curve[-1] for curve in curves), 1),
                )
                for k, curves in histories
                if len(curves[0]) > 1
            ),
        ),
        **_curves(series, "Iteration", "Cost", last=longest - 1),
    )
    return single("cost-histories", view)


def _settled(curve: Sequence[float]) -> int:
    """Return the first iteration within 2 % of the last."""
    return next(at for at, cost in enumerate(curve) if cost <= curve[-1] * 1.02)


def scree(found: Scree) -> Chart:
    """Draw the cost by the number of clusters, one line for each start."""
    ks, curves = found.k, found.costs
    best = [min(column) for column in zip(*curves, strict=True)]
    series = [
        Line(
            ks,
            curve,
            f"start {start + 1}<br>k = %{{x}}: %{{y:.1f}}",
            colour=cluster_colour(start),
            width=1.4,
            opacity=0.8,
            dots=5,
        )
        for start, curve in enumerate(curves)
    ]
    shown = [at for at, k in enumerate(ks) if k in SHOWN_K]
    view = View(
        title=_scree_title(ks, best),
        caption="Mean squared distance of a track to its centre, by the number of clusters; one line per start, each "
        "run until it converges. A good k would be where the curve flattens.",
        grid=Grid(
            columns("Clusters", "Best cost", "Of the cost without clusters", "Spread over starts"),
            tuple(
                text_cells(
                    f"k = {ks[at]}",
                    decimal(best[at], 1),
                    percent(best[at] / best[0]) if best[0] else DASH,
                    decimal(max(curve[at] for curve in curves) - best[at], 1),
                )
                for at in shown
            ),
        ),
        **_curves(series, "Number of clusters", "Cost"),
    )
    return single("scree", view)


def _scree_title(ks: Sequence[int], best: Sequence[float]) -> str:
    turn = turning_point(best)
    text = (
        f"The elbow of the curve is at {ks[turn]} clusters"
        if turn is not None
        else "The curve has no clear elbow"
    )
    if STUDENT_PROJECT_K in ks and best[0]:
        left = best[ks.index(STUDENT_PROJECT_K)] / best[0]
        text += f"; {STUDENT_PROJECT_K} clusters leave {percent(left, 0)} of the cost"
    return text


def turning_point(best: Sequence[float]) -> int | None:
    """Return the position of the elbow, after which a cluster reduces the cost far less, or None.

    >>> turning_point([100, 60, 20, 18, 17]), turning_point([100, 80, 65, 55, 48])
    (2, None)
    """
    drops = [before - after for before, after in pairwise(best)]
    least = best[0] * LEAST if best else 0.0
    ratios = [
        before / max(after, SMALLEST) if before >= least > 0 else 0.0 for before, after in pairwise(drops)
    ]
    steepest = max(range(len(ratios)), key=ratios.__getitem__, default=0)
    return steepest + 1 if ratios and ratios[steepest] >= TURN else None


def by_epoch(study: OriginStudy) -> Chart:
    """Draw the accuracy of the student project's networks by epoch."""
    majority = study.question("latitude").baseline
    views = {network.network: _epoch_view(network, majority) for network in study.networks}
    options = tuple((network.network, network.label) for network in study.networks)
    return Chart("by-epoch", views, (Picker("Network", options),))


def _epoch_view(network: NetworkCurves, majority: float) -> View:
    parts = {"train": network.train, "stopping": network.stopping, "test": network.test}
    at, stopped, best = network.stopped_at, network.stopped_accuracy, network.best_accuracy
    styles = {
        "train": ("training", "var(--quiet)", "solid"),
        "stopping": ("early stopping", "var(--below-3)", "dash"),
        "test": ("test", "var(--accent)", "solid"),
    }
    epochs = range(1, network.epochs + 1)
    series = [
        Line(
            epochs,
            parts[name],
            f"epoch %{{x}}, {text}: %{{y:.1%}}",
            name=f"{text} ({count(network.rows[name])} tracks)",
            colour=colour,
            dash=dash,
        )
        for name, (text, colour, dash) in styles.items()
    ]
    middle = sorted(at)[len(at) // 2]
    mean_stopped, mean_best = sum(stopped) / len(stopped), sum(best) / len(best)
    stops = f" stops at epoch {middle} " if middle < network.epochs else " not stopped before the end "
    drawing = _curves(
        series,
        "Epoch",
        "Accuracy, mean over splits",
        is_share=True,
        marks=[Mark(middle, stops, is_at_foot=True)],
    )
    return View(
        title=f"{network.label}: {percent(mean_stopped)} where training stops, {percent(mean_best)} at the "
        "best epoch on the test tracks",
        caption="Accuracy of north or south after every epoch, mean over "
        f"{plural(network.splits, 'random split')}. Training stops where the log loss on held-out tracks is "
        "lowest. The student project reports the best epoch on the test tracks, which is optimistic. "
        f"Always predicting the commoner side reaches {percent(majority)}.",
        grid=Grid(
            columns("Split", "Stops at epoch", "Accuracy there", "Best epoch", "Accuracy there"),
            tuple(
                text_cells(
                    f"Split {place + 1}", count(epoch), percent(reached), count(hindsight), percent(flattered)
                )
                for place, (epoch, reached, hindsight, flattered) in enumerate(
                    zip(at, stopped, network.best_epoch, best, strict=True)
                )
            ),
        ),
        **drawing,
    )


def _curves(
    series: Sequence[Line],
    across: str,
    up: str,
    *,
    is_share: bool = False,
    last: int = 0,
    marks: Sequence[Mark] = (),
) -> Drawing:
    highest = max(value for line in series for value in line.y)
    lowest = min(value for line in series for value in line.y)
    room = (highest - lowest) * 0.06
    # names may stand at the ends of the lines
    wide, narrow = ({"range": [-0.2, last * far]} if last else {} for far in (1.09, 1.25))
    return lines(
        series,
        across={"title": {"text": across}, "nticks": 11, **wide},
        up={
            "title": {"text": up},
            "tickformat": ".0%" if is_share else ",",
            "range": [lowest - room, highest + room],
        },
        narrow_across=narrow,
        marks=marks,
    )
