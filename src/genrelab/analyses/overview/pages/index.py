"""The overview page: the main result, the numbers behind it, the finding of each page, and the steps of the run."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.overview.analysis import OVERVIEW
from genrelab.analyses.overview.result import StepReport
from genrelab.analyses.registry import ANALYSES, BY_NAME
from genrelab.analyses.run_history.result import DONE, FAILED, LEFT_OUT, UNCHANGED
from genrelab.analyses.training.analysis import TRAINING
from genrelab.analyses.training.result import Training
from genrelab.report.charts import intervals
from genrelab.report.figure import Cell, Chart, Grid, View, columns, single, table_of, text_column
from genrelab.report.headlines import headline, shown_run, task_page, trainings_in_order
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.vocabulary import find_metric, find_split, labelling, task_label
from genrelab.report.wording import (
    DASH,
    INTERVAL,
    count,
    decimal,
    inside,
    percent,
    plural,
    points,
    seconds,
    sentence,
    when,
)

if TYPE_CHECKING:
    from genrelab.analyses.class_balance.result import BinnedTracks, FmaGenres
    from genrelab.analyses.clusters.result import CollectionClusters

TRACKS_OF = {
    "spotify_tracks": "Spotify",
    "fma_tracks": "Free Music Archive",
    "origin_tracks": "Traditional music, by country of origin",
    "listened": "Your music",
}
"""Tables that hold the tracks of a source, and what the source is called."""
SOURCES = "#sources"
QUESTIONS = (
    ("models.html", "Which model is best, and is its lead real?"),
    ("confusion.html", "Which genre is recognised worst, and as what?"),
    ("micro_genres.html", "What do the rules make of a micro-genre?"),
    ("failed.html", "What failed?"),
    ("changed.html", "What changed?"),
    (SOURCES, "How many tracks of which source?"),
)
"""What a new reader asks first, with the page that answers it."""

STATES = {DONE: "done", UNCHANGED: "unchanged, skipped", LEFT_OUT: "left out", FAILED: "failed"}


def fill(facts: Facts) -> Summary:
    """Return the values of the overview; each part is empty where its facts are absent."""
    trained, sources = TRAINING.found_in(facts), _sources(facts)
    tasks = [task for task in trainings_in_order(facts) if shown_run(task)]
    run = OVERVIEW.found_in(facts)
    steps = run.steps if run else ()
    return {
        "questions": [pair for pair in QUESTIONS if sources or pair[0] != SOURCES],
        "answer": headline(tasks[0]) if tasks else "",
        "all_genres": _all_genres(trained.of_several_labels if trained else ()),
        "numbers": _numbers(facts),
        "sources": sources,
        "best": _best_chart(tasks),
        "steps": [_step(step) for step in steps],
        "run": _run(steps) if steps else "",
    }


def _all_genres(tasks: Sequence[Training]) -> str:
    """Say how well the first champion of sets of labels names all genres of a track; empty without one."""
    for task in tasks:
        split = task.headline()
        run = task.main_on(split, "jaccard")
        score = run.score(split, "jaccard") if run else None
        if task.champion is None or run is None or score is None:
            continue
        metric = find_metric("jaccard")
        text = (
            f"All genres of a track, {find_split(split).label}: the genres that {task.role_of(run)} names and"
            f" those that the track has overlap by {metric.show(score.value)} on average"
            f" {metric.show_interval_after(score.low, score.high)}".rstrip()
        )
        constant = [one for one, _ in task.scored(split, "jaccard") if one.is_baseline][:1]
        for baseline in constant:
            found = baseline.score(split, "jaccard")
            if found:
                text += f"; {inside(baseline.label)} would reach {metric.show(found.value)}"
        return f"{text}. 1 is every genre right and none too many, 0 is none right."
    return ""


def _numbers(facts: Facts) -> list[Summary]:
    """Return the key figures at the top: value, what it is, and its context."""
    tables = TABLES.found_in(facts)
    # by name: this page stays when the code of these analyses is broken
    bins: BinnedTracks | None = BY_NAME["bin_genres"].found_in(facts)
    fma: FmaGenres | None = BY_NAME["ingest_fma"].found_in(facts)
    found = []
    if tables:
        rejected = sum(table.quarantined for table in tables.tables)
        context = (
            f"{count(rejected)} rows quarantined, each with its reason" if rejected else "nothing quarantined"
        )
        found.append((count(len(tables.tables)), "tables published", context))
    if bins and bins.tracks:
        of = f"{percent(bins.binned / bins.tracks)} of {count(bins.tracks)} tracks"
        found.append((count(bins.binned), "tracks with a target genre", of))
    if bins:
        groups = f"sorted into {len(bins.bins)} target genres"
        found.append((count(bins.micro_genres), "micro-genres", groups))
    if fma:
        of = f"of {count(fma.tracks)} in the FMA"
        found.append((count(fma.with_top_genre), "FMA tracks with a top genre", of))
    glance = agreement_at_a_glance(facts)
    if glance is not None:
        ari, chance, genres = glance
        found.append(
            (
                decimal(ari, 2),
                "agreement of clusters and genres",
                f"adjusted Rand index with {genres}; 1 is perfect"
                + (f", chance gives {decimal(chance, 2)}" if chance is not None else ""),
            )
        )
    return [{"value": value, "what": what, "context": context} for value, what, context in found]


def _sources(facts: Facts) -> Grid | None:
    """Return how many tracks of which source are in use; None before any was published."""
    tables = TABLES.found_in(facts)
    found = [table for table in tables.tables if table.table in TRACKS_OF] if tables else []
    return (
        table_of(
            found,
            ("Source", lambda table: Cell(TRACKS_OF[table.table], "sample data" if table.sample else "")),
            ("Tracks", lambda table: count(table.rows)),
            ("Quarantined", lambda table: count(table.quarantined)),
            (text_column("Read from"), lambda table: PurePath(table.source).name),
            (text_column("Version"), lambda table: Cell(str(table.version), when(table.published_at))),
        )
        if found
        else None
    )


def agreement_at_a_glance(facts: Facts) -> tuple[float, float, str] | None:
    """Adjusted Rand index, what chance gives, and whose genres: the one number of the clusters."""
    clusters = [analysis for analysis in ANALYSES if analysis.folder == "clusters"]
    for found in (found for analysis in clusters if (found := analysis.found_in(facts))):
        collection: CollectionClusters = found
        agreement = collection.headline.agreements[-1]
        return agreement.scores["ari"], agreement.chance["ari"], labelling(agreement.labels)
    return None


def _best_chart(tasks: Sequence[Training]) -> Chart | None:
    """Draw the model that stands for every task against its baseline."""
    rows = []
    for task in tasks:
        found = shown_run(task)
        if found:
            run, score, split = found
            rows.append((task, run, score, split, run.baseline_of(split, "accuracy", len(task.labels))))
    if not rows:
        return None
    beaten = [
        (task_label(task.task), score.value - baseline)
        for task, _, score, _, baseline in rows
        if baseline is not None
    ]
    title = "The model of every task"
    if beaten:
        least = min(beaten, key=lambda pair: pair[1])
        most = max(beaten, key=lambda pair: pair[1])
        title = f"{most[0]}: {points(most[1]).lstrip('+')} above always predicting one genre"
        if len(beaten) > 1:
            title = (
                f"Models beat the baseline by {decimal(least[1] * 100, 1)} to {points(most[1]).lstrip('+')}"
                if least[1] > 0
                else f"On {least[0]} the model does not beat the baseline"
            )
    metric = find_metric("accuracy")
    grid = Grid(
        columns("Task", "Accuracy", "Baseline"),
        tuple(
            (
                Cell(
                    task_label(task.task),
                    f"{task.title}\n{run.name}, {inside(find_split(split).label)}",
                    link=task_page(task),
                ),
                Cell(metric.show(score.value), metric.show_interval(score.low, score.high)),
                Cell(metric.show(baseline)),
            )
            for task, run, score, split, baseline in rows
        ),
    )
    drawing = intervals(
        [f"{task_label(task.task)} ({inside(find_split(split).label)})" for task, _, _, split, _ in rows],
        [score.value for _, _, score, _, _ in rows],
        [score.low for _, _, score, _, _ in rows],
        [score.high for _, _, score, _, _ in rows],
        [metric.show(score.value) for _, _, score, _, _ in rows],
        ["var(--accent)"] * len(rows),
        axis="Accuracy",
        is_share=True,
        others=[
            (place, baseline, f"baseline of {task_label(task.task)}")
            for place, (task, _, _, _, baseline) in enumerate(rows)
            if baseline is not None
        ],
    )
    caption = (
        "Accuracy on the test tracks of the champion, or where there is none of the challenger or the model chosen on"
        " the gate: the test tracks choose nothing;"
        f" lines are {INTERVAL}s, hollow diamonds the baseline that always predicts the commonest genre."
    )
    return single("best", View(title=title, caption=caption, grid=grid, **drawing))


def _step(step: StepReport) -> Summary:
    return {
        "step": sentence(step.step.replace("_", " ").replace("-", " ")),
        "state": step.state.replace(" ", "-"),
        "state_text": STATES[step.state],
        "message": step.message,
        "seconds": seconds(step.seconds) if step.finished_at else DASH,
        "last_done": f"last done {step.finished_at[:16].replace('T', ' ')} UTC"
        if step.finished_at
        else "never done",
    }


def _run(steps: Sequence[StepReport]) -> str:
    """One sentence on how the run went; failed steps first."""
    states = [step.state for step in steps]
    failed, skipped, left = states.count(FAILED), states.count(UNCHANGED), states.count(LEFT_OUT)
    text = f"All {len(steps)} steps are done" if not left else f"{plural(states.count(DONE), 'step')} done"
    if failed:
        text = f"{failed} of {plural(len(steps), 'step')} failed"
    if skipped:
        text += f"; {skipped} skipped because nothing had changed"
    if left:
        text += f"; {left} left out because the input is missing"
    spent = sum(step.seconds for step in steps)
    return f"{text}. Their last executions took {seconds(spent)} in total."


PAGE = Page(
    name="index",
    label="Overview",
    title="How well do audio features predict the genre that people name?",
    question="",
    needs=(),
    command="genrelab nightly",
    fill=fill,
)
