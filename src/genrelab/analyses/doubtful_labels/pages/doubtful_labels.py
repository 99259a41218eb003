"""The page of doubtful labels: suspects with reasons, how far they can be trusted, and what dropping them changes."""

from collections.abc import Sequence

from genrelab.analyses.doubtful_labels.analysis import DOUBTFUL_LABELS
from genrelab.analyses.doubtful_labels.names import SURE, UNLIKELY
from genrelab.analyses.doubtful_labels.pages.charts import (
    chance_table,
    effects_chart,
    genres_chart,
    joint_chart,
    tracks_chart,
)
from genrelab.analyses.doubtful_labels.result import TaskDoubts
from genrelab.report.leading import deciding_first
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import slug
from genrelab.report.vocabulary import task_label
from genrelab.report.wording import count, decimal, listing, percent, plural


def fill(facts: Facts) -> Summary:
    """Return one part for each task, and what could not be audited."""
    found = DOUBTFUL_LABELS.found_in(facts)
    if found is None:
        return {}
    tasks = deciding_first(found.tasks, facts)
    return {
        "tasks": [_part(one) for one in tasks],
        "missing": list(found.missing.items()),
        "finding": _finding(tasks),
    }


def _part(found: TaskDoubts) -> Summary:
    return {
        "anchor": slug(found.task),
        "task": found.task,
        "label": task_label(found.task),
        "title": found.title,
        "summary": _summary(found),
        "tracks": tracks_chart(found),
        "genres": genres_chart(found),
        "credible": _credible(found),
        "chance": chance_table(found),
        "checks": _checks(found),
        "effects": effects_chart(found),
        "untried": found.trial.missing,
        "joint": joint_chart(found),
        "rows": _rows(found),
    }


def _summary(found: TaskDoubts) -> str:
    text = (
        f"{count(found.doubts.found)} of {plural(found.audited, 'label')} "
        f"({percent(found.doubts.found / found.audited)}) are doubtful: the most probable genre is another one, as "
        f"probable as it usually is for tracks of that genre and at least {percent(SURE, 0)}, and the label has at "
        f"most {percent(UNLIKELY, 0)}. "
        "No label was changed, and no track is left out of training for it."
    )
    pairs = [f"{one.label} that sounds like {one.suggested} ({count(one.rows)})" for one in found.pairs[:3]]
    return f"{text} Doubted most often: {listing(pairs)}." if pairs else text


def _credible(found: TaskDoubts) -> str:
    """Say whether there are more doubts than genres that sound alike explain."""
    doubts = found.doubts
    alike = (
        f"If every label were drawn from the probabilities of its track, {count(doubts.overlap)} would be doubtful, "
        f"because genres sound alike; if labels had nothing to do with the sound, {count(doubts.random)}."
    )
    if doubts.excess.is_positive:
        verdict = f"The table has {count(doubts.excess.value)} more than genres that sound alike explain."
    elif doubts.excess.is_negative:
        verdict = "The table has fewer than genres that sound alike explain."
    else:
        verdict = (
            "The number found is within chance of the first: it is no count of wrong labels. Read the list as the "
            "tracks to listen to first."
        )
    return f"{alike} {verdict}"


def _checks(found: TaskDoubts) -> str:
    """Say what independent checks show: changed labels, the artist's other tracks, the searched name."""
    said = []
    planted = found.trial.planted
    if planted:
        said.append(
            f"A test with {plural(planted.changed, 'label')} changed on purpose among {count(planted.rows)}: "
            f"{percent(planted.found)} of them become doubtful, and {percent(planted.others)} of the others; a changed "
            f"label ranks as more doubtful than an unchanged one in {percent(planted.ranked, 0)} of all pairs (chance: "
            f"{percent(0.5, 0)})."
        )
    if found.artist_agrees is not None:
        said.append(
            f"{plural(found.artist_rows, 'doubtful track')} have other tracks of their artist; for "
            f"{percent(found.artist_agrees, 0)} of them, most of these sound like the suggested genre too."
        )
    if found.searched is not None:
        doubtful, others = found.searched
        said.append(
            f"The searched name stands in the title of {percent(doubtful)} of the doubtful tracks and of "
            f"{percent(others)} of the others."
        )
    return " ".join(said)


def _rows(found: TaskDoubts) -> str:
    """Say which rows were audited, by what model."""
    text = (
        f"{plural(found.labelled, 'track')} have a label and all {found.features} features"
        + (
            f"; these are from {found.drawn_from}, by artists (setting training.rows). "
            if found.drawn_from
            else ". "
        )
        + (
            f"A sample of {count(found.drawn)} of them, whole artists drawn by the seed, was audited. "
            if found.drawn < found.labelled
            else ""
        )
        + f"Probabilities: XGBoost on {found.folds} folds by artist, calibrated by one exponent "
        f"({decimal(found.exponent, 2)}); log loss {decimal(found.log_loss)}, accuracy {percent(found.accuracy)} on "
        f"{plural(found.artists, 'artist')}. Read from version {found.table_version} of {found.table}; every audited "
        "track is in the table label_doubts."
    )
    if found.alone:
        text += (
            f" Left out, because no other artist teaches the label: tracks labelled {listing(found.alone)}."
        )
    return text


def _finding(tasks: Sequence[TaskDoubts]) -> str:
    if not tasks:
        return ""
    found = tasks[0]
    return (
        f"{count(found.doubts.found)} of {plural(found.audited, 'label')} are doubtful; "
        f"{count(found.doubts.overlap)} would be where genres only sound alike."
    )


PAGE = Page(
    name="doubtful_labels",
    label="Doubtful labels",
    group="Models",
    title="Which labels contradict the sound?",
    question="Every labelled track is judged by a model that was fitted on other artists. Where it hears another genre "
    "than the label says, one of them is wrong: here is where to listen first, and how far such doubts can be trusted.",
    needs=(DOUBTFUL_LABELS.name,),
    command="genrelab doubtful-labels",
    fill=fill,
)
