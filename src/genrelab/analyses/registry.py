"""Every analysis, one line each: a nightly run computes them, and the navigation shows their pages, in this order.

A new analysis is its folder and a line here. Each declaration is imported by its dotted path: one that cannot be
imported is listed with its fault, so that its step fails with its name and all others run. (Not in `genrelab.analyses`
itself: its members import that.)
"""

from pathlib import Path
from typing import Any, NamedTuple

from genrelab.analyses.analysis import SHOWN, Analysis, load
from genrelab.analyses.broken import fault_of


class Line(NamedTuple):
    """One analysis.

    Args:
        step: Name of its step.
        declared: Its declaration, as a dotted path below `genrelab.analyses`.
        flow: The flow that runs it; empty for one of its own, named as the step.
    """

    step: str
    declared: str
    flow: str = ""


LINES = (
    Line("overview", "overview.analysis:OVERVIEW", flow="report"),
    Line("run_history", "run_history.analysis:RUN_HISTORY", flow="report"),
    Line("ingest_fma", "class_balance.analysis:FMA_GENRES", flow="ingest_fma"),
    Line("ingest_origin", "class_balance.analysis:ORIGIN_TRACKS", flow="ingest_origin"),
    Line("bin_genres", "class_balance.analysis:BINNED_TRACKS", flow="bin_genres"),
    Line("audit_rules", "rule_audit.analysis:RULE_AUDIT", flow="bin_genres"),
    Line("look_up", "look_up.analysis:LOOK_UP", flow="report"),
    Line("training", "training.analysis:TRAINING", flow="train"),
    Line("explore", "features.analysis:FEATURES", flow="report"),
    Line("predict", "predictions.analysis:PREDICTIONS", flow="predict"),
    Line("doubtful_labels", "doubtful_labels.analysis:DOUBTFUL_LABELS"),
    Line("compare_clusters_spotify", "clusters.analysis:SPOTIFY_CLUSTERS", flow="compare_clusters"),
    Line("compare_clusters_fma", "clusters.analysis:FMA_CLUSTERS", flow="compare_clusters"),
    Line("study_origin", "origin.analysis:ORIGIN"),
    Line("genre_study", "genre_study.analysis:GENRE_STUDY", flow="study_genres"),
    Line("genre_topics", "genre_topics.analysis:GENRE_TOPICS", flow="study_genres"),
    Line("genre_similarity", "genre_similarity.analysis:GENRE_SIMILARITY", flow="study_genres"),
    Line("missing_values", "missing_values.analysis:MISSING_VALUES", flow="study_archive"),
    Line("archive", "archive.analysis:ARCHIVE", flow="study_archive"),
    Line("places", "places.analysis:PLACES", flow="study_archive"),
    Line("popularity", "popularity.analysis:POPULARITY", flow="study_archive"),
    Line("place_gain", "place_gain.analysis:PLACE_GAIN", flow="study_archive"),
    Line("your_music", "your_music.analysis:YOUR_MUSIC", flow="report"),
    Line("tables", "data_quality.analysis:TABLES", flow="report"),
    Line("validation", "data_quality.analysis:VALIDATION", flow="report"),
    Line("measure_drift", "drift.analysis:DRIFT", flow="train"),
)

GROUPS = ("This run", "Genres", "Sound", "Models", "Without labels", "Data")
"""Groups of the report's pages in the order of the navigation; other groups named by a page follow."""

PIPELINE = (
    "scrape",
    "ingest_spotify",
    "ingest_fma",
    "ingest_origin",
    "bin_genres",
    "train",
    "predict",
    "listen",
    "report",
)
"""Flows that do more than run analyses, each a file in `flows`; `flows.studies` defines all others."""


class NoResult:
    """Result type of an analysis whose declaration cannot be loaded: no record holds one."""


def _analysis(line: Line) -> Analysis[Any]:
    """Return the declaration of a line, or an analysis with the reason why it could not be loaded."""
    try:
        found = load(line.declared)
        if found.name != line.step:
            raise ValueError(f"{line.declared} declares the step {found.name!r}, the registry {line.step!r}")  # noqa: TRY301
    except Exception as error:  # noqa: BLE001 - any error of the declaration
        folder = line.declared.partition(".")[0]
        pages = sorted((Path(__file__).parent / folder / SHOWN).glob("*.html"))
        return Analysis(
            line.step, folder, NoResult, pages=tuple(page.stem for page in pages), fault=fault_of(error)
        )
    else:
        declared: Analysis[Any] = found
        return declared


ANALYSES: tuple[Analysis[Any], ...] = tuple(map(_analysis, LINES))
BY_NAME = {analysis.name: analysis for analysis in ANALYSES}
"""By the name of the step."""
_FLOWS = {line.step: line.flow or line.step for line in LINES}
STUDIES = tuple(dict.fromkeys(flow for flow in _FLOWS.values() if flow not in PIPELINE))
"""Flows that only run analyses, in the order of a nightly run."""


def flow_of(step: str) -> str:
    """Return the flow that runs an analysis."""
    return _FLOWS[step]


def run_by(flow: str) -> tuple[Analysis[Any], ...]:
    """Return the analyses that a flow runs by the generic task, including those that cannot be loaded."""
    found = (BY_NAME[step] for step, runs_in in _FLOWS.items() if runs_in == flow)
    return tuple(analysis for analysis in found if analysis.compute or analysis.fault)


def page_modules() -> list[str]:
    """Return the modules of all pages, each once."""
    return list(dict.fromkeys(module for analysis in ANALYSES for module in analysis.page_modules))


def used_by(folder: str) -> frozenset[str]:
    """Return the folders of all code that an analysis runs: its own and, recursively, those named in `uses`."""
    found, waiting = set(), [folder]
    while waiting:
        one = waiting.pop()
        found.add(one)
        named = {name for analysis in ANALYSES if analysis.folder == one for name in analysis.uses}
        waiting += sorted(named - found)
    return frozenset(found)
