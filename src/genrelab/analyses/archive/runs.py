"""The archive in MLflow: a parent run, one run for the metadata and one for the outliers."""

from genrelab.analyses.archive.languages import DOCUMENT
from genrelab.analyses.archive.pages.charts import by_genre_chart, kinds_chart, years_chart
from genrelab.analyses.archive.pages.outlier_charts import features_chart, treatments_chart
from genrelab.analyses.archive.result import Archive, Outliers, Profile
from genrelab.analyses.runs import Run
from genrelab.report.figure import Chart, View
from genrelab.runtime.records import encode


def runs_of(found: Archive) -> Run:
    """Return the tree of runs."""
    runs = []
    if found.profile:
        runs.append(_profile(found.profile))
    if found.outliers:
        runs.append(_outliers(found.outliers))
    return Run(
        "archive",
        "the archive",
        tags={"model": "none", "task": "archive"},
        params={"parts": len(runs), "absent": ", ".join(found.absent) or "none"},
        runs=runs,
    )


def _tags(table: str, version: int, model: str, *, is_sample: bool) -> dict[str, str]:
    return {
        "model": model,
        "task": "archive",
        "table": table,
        "table_version": str(version),
        "sample": str(is_sample).lower(),
    }


def _pictures(charts: dict[str, Chart | None]) -> dict[str, list[list[View]]]:
    return {name: [[chart.first]] for name, chart in charts.items() if chart}


def _profile(found: Profile) -> Run:
    metrics: dict[str, float | None] = {"tracks": found.tracks, "artists": found.artists}
    for column in (found.languages, found.licences, found.bit_rates):
        for kind in column.kinds:
            name = f"{column.column}/{kind.name}".replace(",", "")
            metrics |= {
                name: kind.share.value,
                f"{name}_low": kind.share.low,
                f"{name}_high": kind.share.high,
                f"{name}_by_artist": kind.by_artist,
            }
        metrics[f"{column.column}/odd"] = column.odd_tracks
    for one in found.dates:
        metrics |= {f"{one.years.column}/before": one.before, f"{one.years.column}/after": one.after}
    return Run(
        "profile",
        f"metadata · fma_tracks version {found.table_version}",
        tags=_tags("fma_tracks", found.table_version, "none", is_sample=found.sample),
        metrics={name: value for name, value in metrics.items() if value is not None},
        views=_pictures(
            {
                "languages.png": kinds_chart(found.languages, DOCUMENT, {}),
                "licences.png": kinds_chart(found.licences, {}, {}),
                "licences_by_genre.png": by_genre_chart(found.licences),
                "years.png": years_chart(found.dates),
            }
        ),
        files={"profile.json": encode(found)},
    )


def _outliers(found: Outliers) -> Run:
    metrics: dict[str, float | None] = {"touched": found.touched, "features": len(found.features)}
    for one in found.features:
        metrics[f"z/{one.by_z.feature}"] = one.by_z.far
        metrics[f"robust/{one.by_z.feature}"] = one.robust
    if found.trial:
        metrics["validation/baseline_accuracy"] = found.trial.baseline
        for each in found.trial.treatments:
            name = f"{each.treatment}_{each.rule}" if each.rule else each.treatment
            metrics |= {
                f"{name}/validation/accuracy": each.accuracy.value,
                f"{name}/validation/accuracy_low": each.accuracy.low,
                f"{name}/validation/accuracy_high": each.accuracy.high,
                f"{name}/validation/log_loss": each.log_loss.value,
                f"{name}/validation/log_loss_change": each.log_loss_change.value,
                f"{name}/validation/log_loss_change_low": each.log_loss_change.low,
                f"{name}/validation/log_loss_change_high": each.log_loss_change.high,
            }
    return Run(
        "outliers",
        f"outliers · fma_features version {found.table_version}",
        tags=_tags("fma_features", found.table_version, "logistic_regression", is_sample=found.sample),
        params={"limit": found.limit, "tracks": found.tracks, "document_feature": found.document.named},
        metrics={name: value for name, value in metrics.items() if value is not None},
        views=_pictures(
            {
                "features.png": features_chart(found),
                "treatments.png": treatments_chart(found.trial) if found.trial else None,
            }
        ),
        files={"outliers.json": encode(found)},
    )
