"""What is missing, in MLflow: one run."""

from genrelab.analyses.missing_values.pages.charts import agreement_chart, phi_chart, shares_chart
from genrelab.analyses.missing_values.pages.nullity import nullity_chart
from genrelab.analyses.missing_values.result import Gaps, MissingValues
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(found: MissingValues) -> Run:
    """Return the run."""
    gaps = found.gaps
    metrics: dict[str, float | None] = {f"cells_missing/{one.table}": one.share for one in found.tables}
    charts = {}
    if gaps is not None:
        metrics |= _metrics(gaps)
        charts = {
            "shares.png": shares_chart(gaps),
            "agreement.png": agreement_chart(gaps),
            "phi.png": phi_chart(gaps),
            "nullity.png": nullity_chart(gaps),
        }
    first = next((one for one in found.tables if one.table == "fma_tracks"), None)
    return Run(
        "missing_values",
        "what is missing" + (f" · {first.table} version {first.version}" if first else ""),
        tags={
            "model": "none",
            "task": "missing_values",
            "table": first.table if first else "",
            "table_version": str(first.version) if first else "",
            "sample": str(any(one.sample for one in found.tables)).lower(),
        },
        params={"tables": len(found.tables), "whole_rows": gaps.whole if gaps else 0},
        metrics={name: value for name, value in metrics.items() if value is not None},
        views={name: [[chart.first]] for name, chart in charts.items() if chart},
        files={"missing_values.json": encode(found)},
    )


def _metrics(gaps: Gaps) -> dict[str, float | None]:
    found: dict[str, float | None] = {"whole_rows": gaps.whole, "artists": gaps.artists}
    for one in gaps.columns:
        found |= {
            f"missing/{one.column}": one.share.value,
            f"missing/{one.column}_low": one.share.low,
            f"missing/{one.column}_high": one.share.high,
            f"between_artists/{one.column}": one.agreement,
        }
    for pair in gaps.association.strongest:
        found |= {
            f"phi/{pair.first}/{pair.second}": pair.phi,
            f"phi_of_bound/{pair.first}/{pair.second}": pair.of_bound,
        }
    return found
