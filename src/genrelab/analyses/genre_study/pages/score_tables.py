"""Tables of the steps: what the student project reports beside ours, and every score on FMA's split."""

from genrelab.analyses.genre_study.pages.words import SCORES, score_cell, with_spread
from genrelab.analyses.genre_study.result import FeatureStudy, Step
from genrelab.report.charts import intervals
from genrelab.report.figure import Cell, Grid, View, table
from genrelab.report.wording import DASH, INTERVAL, decimal


def comparison(found: FeatureStudy, labels: str) -> Grid:
    """The student project, our run of the same, artists kept apart, and FMA's split, step by step."""
    return table(
        (
            "Step",
            "The student project",
            "Ours, random tracks",
            "Ours, artists apart",
            "Ours, FMA's split",
            "Named from",
        ),
        [
            (
                Cell(step.title, "hears nothing" if step.is_baseline else ""),
                decimal(step.document) if step.document is not None else DASH,
                with_spread(step.random, step.random_sd),
                with_spread(step.apart, step.apart_sd),
                score_cell(step, "jaccard"),
                DASH if step.threshold is None else f"{step.threshold:g}",
            )
            for step in _rows(found, labels)
        ],
        f"Mean Jaccard index; below it the standard deviation over draws, or the {INTERVAL} by artist",
    )


def all_scores(found: FeatureStudy, labels: str) -> Grid | None:
    """Every score of every step on FMA's test part; None where it was not run so."""
    rows = [step for step in _rows(found, labels) if step.scores]
    if not rows:
        return None
    there = [name for name in SCORES if any(step.score(name) is not None for step in rows)]
    return table(
        ("Step", *(SCORES[name] for name in there)),
        [
            (
                Cell(step.title, "hears nothing" if step.is_baseline else ""),
                *(score_cell(step, name) for name in there),
            )
            for step in rows
        ],
        f"FMA's test part; below each score the {INTERVAL} by artist. Hamming loss and coverage error: less is better",
    )


def scores_view(found: FeatureStudy, labels: str) -> View | None:
    """Draw the Jaccard index of every step on FMA's split, with intervals and the best baseline."""
    rows = [step for step in _rows(found, labels) if step.scores]
    songs = sorted((step for step in rows if not step.is_baseline), key=_value, reverse=True)
    bars = [step for step in rows if step.is_baseline]
    if not songs or not bars:
        return None
    baseline = max(bars, key=_value)
    return View(
        title=_title(songs, baseline),
        caption="Mean Jaccard index on tracks of artists that are in no training: of the genres named or true, the "
        "share that "
        f"is both. Bars are {INTERVAL}s; diamonds are what the student project reports on random tracks.",
        grid=comparison(found, labels),
        **intervals(
            [step.title for step in songs],
            [_value(step) for step in songs],
            [step.score("jaccard", "_low") for step in songs],
            [step.score("jaccard", "_high") for step in songs],
            [decimal(_value(step)) for step in songs],
            ["var(--accent)"] * len(songs),
            axis="Jaccard index, FMA's test part",
            is_share=False,
            lines=[(_value(baseline), "without hearing")],
            others=[
                (row, step.document, f"The student project, {step.title}")
                for row, step in enumerate(songs)
                if step.document is not None
            ],
        ),
    )


def _title(songs: list[Step], baseline: Step) -> str:
    best, bar = songs[0], _value(baseline)
    beyond = sum((step.score("jaccard", "_low") or _value(step)) > bar for step in songs)
    if not beyond:
        return f"No step is surely better than naming the same genres for every track ({decimal(bar)})"
    return (
        f"{best.title} reaches {decimal(_value(best))}; {beyond} of {len(songs)} steps are surely better than "
        "naming the same "
        f"genres for every track ({decimal(bar)})"
    )


def _value(step: Step) -> float:
    return step.score("jaccard") or 0.0


def _rows(found: FeatureStudy, labels: str) -> list[Step]:
    return [step for step in found.steps if step.labels == labels]
