"""Every analysis, in the order in which a nightly run computes them and the navigation shows their pages.

A new analysis is its folder and a line here. (Not in `genrelab.analyses` itself: its members import that.)
"""

from typing import Any

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.class_balance.analysis import BINNED_TRACKS, FMA_GENRES, ORIGIN_TRACKS
from genrelab.analyses.clusters.analysis import FMA_CLUSTERS, SPOTIFY_CLUSTERS
from genrelab.analyses.data_quality.analysis import TABLES, VALIDATION
from genrelab.analyses.drift.analysis import DRIFT
from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.origin.analysis import ORIGIN
from genrelab.analyses.overview.analysis import OVERVIEW

ANALYSES: tuple[Analysis[Any], ...] = (
    OVERVIEW,
    FMA_GENRES,
    ORIGIN_TRACKS,
    BINNED_TRACKS,
    FEATURES,
    SPOTIFY_CLUSTERS,
    FMA_CLUSTERS,
    ORIGIN,
    TABLES,
    VALIDATION,
    DRIFT,
)
BY_NAME = {analysis.name: analysis for analysis in ANALYSES}
"""By the name of the step."""


def page_modules() -> list[str]:
    """Modules of all pages, each once."""
    return list(dict.fromkeys(module for analysis in ANALYSES for module in analysis.page_modules))


def used_by(folder: str) -> frozenset[str]:
    """Folders of the analyses whose code an analysis runs: its own, and those that it names in `uses`, and theirs."""
    found, waiting = set(), [folder]
    while waiting:
        one = waiting.pop()
        found.add(one)
        named = {name for analysis in ANALYSES if analysis.folder == one for name in analysis.uses}
        waiting += sorted(named - found)
    return frozenset(found)
