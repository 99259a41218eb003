"""The lengths in MLflow: one run."""

from genrelab.analyses.runs import Run
from genrelab.analyses.track_lengths.pages.charts import lengths_chart
from genrelab.analyses.track_lengths.result import TrackLengths
from genrelab.runtime.records import encode


def runs_of(found: TrackLengths) -> Run:
    """The run of an analysis."""
    return Run(
        "lengths",
        f"track lengths · {found.table} version {found.table_version}",
        params={"genres": len(found.genres)},
        metrics={f"median_minutes/{one.genre}": one.median for one in found.genres},
        views={"lengths.png": [[lengths_chart(found).first]]},
        files={"lengths.json": encode(found)},
    )
