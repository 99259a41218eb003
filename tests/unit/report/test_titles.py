"""Every title of the charts of models, predictions, labels and genres is true of what the chart draws.

Each claim is read from the title and worked out again from the traces, on generated results; no result is asked.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from report_facts import made_facts
from training_facts import matrix, spotify_task

from genrelab.analyses.class_balance.pages import classes
from genrelab.analyses.doubtful_labels.pages import doubtful_labels
from genrelab.analyses.overview.pages import index
from genrelab.analyses.predictions.pages import predictions
from genrelab.analyses.training.pages import confusion, models
from genrelab.analyses.training.result import Training, Trainings
from genrelab.evaluation.results import CalibrationBin, ClassScores, Comparison, Difference, Importance, Score
from genrelab.report.figure import Chart, View, table

SEEDS = range(4)
OFTEN = 0.05
"""From how much more on a genre is predicted too often."""
FEW = 30
"""Tracks below which a genre is not named."""


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


def percent(share: float, digits: int = 0) -> str:
    """A share as titles write it."""
    return f"{share * 100:.{digits}f} %"


def charts_in(value: Any) -> list[Chart]:
    """The charts of a summary."""
    if isinstance(value, Chart):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [chart for each in inner for chart in charts_in(each)]


def names_of(view: View) -> list[str]:
    """The names of the rows, whole: as the table has them."""
    return [row[0].text for row in view.grid.rows]


def generated(seed: int) -> Training:
    """The made-up training with other mistakes, confidences, times, importances and tests."""
    chance = random.Random(seed)  # noqa: S311 - made-up numbers
    task = spotify_task()
    labels = list(task.labels)
    runs = []
    for run in task.runs:
        sizes = [chance.choice((0, 4, 45, 300, 900)) for _ in labels]
        counts = matrix(labels, [*sizes[:-1], 60], chance.random(), seed)
        rows = [sum(row) for row in counts]
        columns = [sum(row[place] for row in counts) for place in range(len(labels))]
        report = tuple(
            ClassScores(
                label,
                0.5,
                counts[place][place] / max(rows[place], 1),
                0.5,
                float(rows[place]),
                rows[place] / sum(rows),
                columns[place] / sum(rows),
                artists=rows[place] // 2,
            )
            for place, label in enumerate(labels)
        )
        bins = tuple(
            CalibrationBin(
                step / 10,
                min(1.0, max(0.0, step / 10 + chance.uniform(-0.2, 0.2))),
                chance.choice((3.0, 80.0)),
            )
            for step in range(1, 10)
        )
        value = chance.uniform(0.36, 0.5)
        runs.append(
            replace(
                run,
                confusion={"grouped": counts},
                per_class={"grouped": report},
                calibration={"grouped": bins},
                scores=run.scores | {"grouped/accuracy": Score(value, value - 0.005, value + 0.005)},
                importances=tuple(Importance(one.feature, chance.random()) for one in run.importances),
                fit_seconds=chance.choice((0.02, 0.5, 3.0, 60.0)),
            )
        )
    comparisons = tuple(
        Comparison(run.model, run.label, Difference(0.0, 0.0, 0.0), Difference(0.0, 0.0, 0.0), p, p < 0.05)
        for run in task.runs
        for p in [chance.choice((0.001, 0.4))]
        if run.duplicates == "kept" and run.model != "random_forest"
    )
    return replace(task, runs=tuple(runs), comparisons=comparisons)


def counts_of(view: View) -> list[list[int]]:
    """The counts in the cells of a matrix, 0 where a cell is empty because it rounds to nothing."""
    texts = view.traces[1]["text"]
    wide = len(view.traces[0]["x"])
    cells = [int(text.rpartition("<br>")[2].replace(",", "")) if text else 0 for text in texts]
    return [cells[start : start + wide] for start in range(0, len(cells), wide)]


def worst(view: View) -> None:
    """The lowest dot of a genre with enough tracks, and the diamond beside it."""
    found = re.fullmatch(
        r"(.+) is recognised worst: (.+) of its ([\d,]+) tracks?; (.+) are predicted as (.+)",
        plain(view.title),
    )
    assert found, view.title
    rows = [
        (row[0].text, int(row[1].text.replace(",", "")), share)
        for row, share in zip(view.grid.rows, view.traces[0]["x"], strict=True)
    ]
    genre, tracks, share = min((row for row in rows if row[1] >= FEW), key=lambda row: row[2])
    place = names_of(view).index(genre)
    at = view.traces[1]["y"].index(place)

    assert found[1].lower() == genre.lower()
    assert (found[2], int(found[3].replace(",", ""))) == (percent(share), tracks)
    assert plain(view.traces[1]["text"][at]).startswith(found[5])
    assert found[4] == percent(view.traces[1]["x"][at])


def matrix_title(view: View) -> None:
    """What is predicted too often, or the largest share of a row that is another genre."""
    counts, labels, title = (
        counts_of(view),
        [column.label for column in view.grid.columns[1:]],
        plain(view.title),
    )
    total = sum(map(sum, counts))
    excess = {
        label: (sum(row[place] for row in counts) - sum(counts[place])) / total
        for place, label in enumerate(labels)
    }
    if found := re.fullmatch(r"(.+) of all predictions are (.+), but only (.+) of the tracks", title):
        assert max(excess, key=excess.__getitem__) == found[2]
        assert excess[found[2]] > OFTEN - 0.01
        return
    found = re.fullmatch(
        r"(.+) is taken for another genre most: (.+) of its ([\d,]+) tracks? are predicted as (.+)", title
    )
    assert found, title
    assert max(excess.values()) < OFTEN + 0.01
    shares = {
        (labels[row], labels[column]): cell / sum(cells)
        for row, cells in enumerate(counts)
        for column, cell in enumerate(cells)
        if row != column and sum(cells) >= FEW
    }
    (genre, other), share = max(shares.items(), key=lambda pair: pair[1])
    assert (found[1].lower(), found[4]) == (genre.lower(), other)
    assert (
        abs(float(found[2].removesuffix(" %")) - share * 100) <= 1
    )  # cells that round to nothing are not drawn


def calibrated(view: View) -> None:
    """The share of tracks in dots that are off, and the dot of many tracks that is farthest off."""
    trace, title = view.traces[0], plain(view.title)
    dots = list(zip(trace["x"], trace["y"], trace["customdata"], strict=True))
    off = sum(size for at, right, size in dots if round(abs(at - right), 3) > OFTEN) / sum(
        trace["customdata"]
    )
    if not off:
        assert title.endswith("within 5 points of the share of correct predictions for all tracks")
        return
    assert f"off by more than 5 points for {percent(off)} of tracks" in title
    many = [dot for dot in dots if dot[2] >= FEW]
    if not many:
        assert title.endswith("of tracks")
        return
    at, right, _ = max(many, key=lambda dot: abs(dot[0] - dot[1]))
    assert f"most where it is {percent(at)}: {percent(right)} are correct" in title
    assert title.endswith("too high" if at > right else "too low")


def farthest_apart(view: View) -> None:
    """The row whose two dots are farthest apart."""
    before, after = (trace["x"] for trace in view.traces)
    place = max(range(len(before)), key=lambda row: abs(before[row] - after[row]))
    shown = (
        {percent(before[place]), percent(before[place], 1)},
        {percent(after[place]), percent(after[place], 1)},
    )

    assert names_of(view)[place].lower() in view.title.lower()
    assert all(any(text in plain(view.title) for text in each) for each in shown)


def longest_bar(view: View) -> None:
    """The longest bar, or that there is none."""
    lengths = view.traces[0]["x"]
    if not any(lengths):
        assert view.title.startswith("No ")
        return
    name = names_of(view)[max(range(len(lengths)), key=lengths.__getitem__)]

    assert name.replace("_", " ").lower() in view.title.replace("_", " ").lower()


def two_longest(view: View) -> None:
    """Both longest bars and their share of all."""
    lengths = view.traces[0]["x"]
    for name in names_of(view)[:2]:
        assert name.lower() in view.title.lower()
    assert sorted(lengths, reverse=True) == lengths
    assert percent(sum(lengths[:2]) / sum(lengths)) in plain(view.title)


def leader(view: View) -> None:
    """The score of the champion's dot, how far it is above the line, and the best dot where that is another."""
    names = [text.replace("<br>", " ") for text in view.layout["yaxis"]["ticktext"]]
    values = view.traces[0]["x"]
    own = next(place for place, name in enumerate(names) if name.endswith(", champion"))
    best = max(range(len(values)), key=values.__getitem__)
    lower = "Log loss" in view.grid.columns[1].label or "Calibration" in view.grid.columns[1].label
    best = min(range(len(values)), key=values.__getitem__) if lower else best
    texts = [plain(text) for text in view.traces[0]["text"]]
    title = plain(view.title)

    assert title.startswith(
        f"{names[own].removesuffix(', champion')}, the model in use, reaches {texts[own]}"
    )
    if above := re.search(r"([\d.]+) points above", title):
        assert float(above[1]) == pytest.approx(
            100 * (values[own] - view.layout["shapes"][0]["x0"]), abs=0.051
        )
    assert (f"; {names[best]} has {texts[best]} here" in title) is (texts[best] != texts[own])


def fastest(view: View) -> None:
    """The highest and the leftmost dot, and how far they are apart."""
    trace, title = view.traces[0], plain(view.title)
    best = max(range(len(trace["x"])), key=trace["y"].__getitem__)
    quick = min(range(len(trace["x"])), key=trace["x"].__getitem__)
    names = trace["customdata"]

    assert len(names) > 1
    assert "0.0 s" not in title
    if best == quick:
        assert title.startswith(f"{names[best]} is the most accurate and the fastest")
        return
    assert title.startswith(f"{names[quick]} trains in ")
    assert f", {names[best]} in " in title
    assert f"{100 * (trace['y'][best] - trace['y'][quick]):.1f} points" in title
    if times := re.search(r"for ([\d,]+) times", title):
        ratio = trace["x"][best] / trace["x"][quick]
        assert float(times[1].replace(",", "")) == pytest.approx(ratio, abs=0.5)
        assert ratio >= 1.5


CHECKS: dict[str, Callable[[View], None]] = {
    "worst": worst,
    "confusion": matrix_title,
    "calibration": calibrated,
    "classes": farthest_apart,
    "features": longest_bar,
    "leaders": leader,
    "speed": fastest,
    "shares": farthest_apart,
    "unlabelled": two_longest,
    "labels": longest_bar,
    "balance": longest_bar,
    "micro-genres": longest_bar,
    "fma-titles": longest_bar,
}


def check(charts: Sequence[Chart]) -> set[str]:
    """Check every view of every chart that claims something; returns the kinds that were checked."""
    checked = set()
    for chart in charts:
        for kind, claim in CHECKS.items():
            if chart.name == kind or chart.name.startswith(f"{kind}-"):
                for view in chart.views.values():
                    claim(view)
                checked.add(kind)
    return checked


def checked_by_hand(claim: Callable[[View], None], title: str, *traces: dict[str, Any]) -> bool:
    """Whether a claim that contradicts its chart passes its check."""
    rows = ("pop", "rock")
    grid = table(("Genre", "Tracks"), ((name, "90") for name in rows))
    view = View(title, list(traces), {}, grid)
    try:
        claim(view)
    except AssertionError:
        return False
    return True


def test_a_title_that_contradicts_its_chart_fails_its_check():
    """As users met them: the other genre, errors that cancel, a model compared with itself."""
    dots = {"x": [0.63, 0.33], "y": [0.48, 0.48], "customdata": [90, 90]}
    times = {"x": [103.0], "y": [0.49], "customdata": ["Forest"]}
    off = "A: confidence is off by more than 5 points for 100 % of tracks"
    true = f"{off}, most where it is {{}}: 48 % are correct, so it is too {{}}"

    assert checked_by_hand(longest_bar, "Rock leads", {"x": [1, 2]})
    assert not checked_by_hand(longest_bar, "Pop leads", {"x": [1, 2]})
    assert not checked_by_hand(farthest_apart, "Pop: 10 % and 20 %", {"x": [0.1, 0.1]}, {"x": [0.2, 0.5]})
    assert checked_by_hand(calibrated, true.format("63 %", "high"), dots)
    assert not checked_by_hand(calibrated, true.format("33 %", "low"), dots | {"x": [0.7, 0.33]})
    assert not checked_by_hand(calibrated, "A is well calibrated", dots)
    assert not checked_by_hand(fastest, "Forest trains in 103 s, Forest in 103 s: 0.0 points", times)


@pytest.mark.parametrize("seed", SEEDS)
def test_titles_of_models_are_true_of_their_charts(seed):
    """On the page of every task and on that of mistakes, whatever the numbers are."""
    task = generated(seed)
    facts = made_facts() | {"training": Trainings((task,))}
    pages = [confusion.PAGE, *(models.PAGE.more or list)(facts)]

    checked = check([chart for page in pages for chart in charts_in(page.summarise(facts))])

    assert checked == {"worst", "confusion", "calibration", "classes", "features", "leaders", "speed"}


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        (predictions.PAGE, {"shares", "unlabelled"}),
        (doubtful_labels.PAGE, {"labels"}),
        (classes.PAGE, {"balance", "micro-genres", "fma-titles"}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_titles_of_genres_and_labels_are_true_of_their_charts(page, kinds):
    """The bar, or the pair of dots, that a title names is the longest, or the farthest apart."""
    assert check(charts_in(page.summarise(made_facts()))) >= kinds


@pytest.mark.parametrize("seed", SEEDS)
def test_the_overview_says_what_its_chart_draws(seed):
    """The smallest and the largest distance of a dot to its diamond."""
    task = generated(seed)
    other = replace(generated(seed + 100), task="other", title="other")
    facts = made_facts() | {"training": Trainings((task, other))}
    (view,) = (view for chart in charts_in(index.PAGE.summarise(facts)) for view in chart.views.values())
    dots, diamonds = view.traces
    apart = [100 * (dots["x"][row] - level) for row, level in zip(diamonds["y"], diamonds["x"], strict=True)]

    assert plain(view.title) == f"Models beat the baseline by {min(apart):.1f} to {max(apart):.1f} points"
