"""The gain by places in MLflow: a parent run, and below it one run for each set of inputs."""

from genrelab.analyses.place_gain.result import PlaceGain, PlaceModel
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(found: PlaceGain) -> Run:
    """The tree of runs."""
    metrics = {"placed_tracks": found.placed, "tracks": found.tracks, "artists": found.artists}
    permuted = (
        {
            "permuted/gain_mean": found.permuted.mean,
            "permuted/gain_highest": found.permuted.highest,
            "permuted/p": found.permuted.p,
        }
        if found.permuted
        else {}
    )
    return Run(
        "place_gain",
        f"place and genre · {found.table} version {found.table_version}",
        tags=_tags(found, "all"),
        params={
            "budget": found.budget,
            "sound": found.sound,
            "folds": found.folds,
            "repeats": found.repeats,
            "genres": len(found.genres),
        },
        metrics={name: float(value) for name, value in metrics.items()} | permuted,
        files={"place_gain.json": encode(found)},
        runs=[_model(found, one) for one in found.models],
    )


def _model(found: PlaceGain, one: PlaceModel) -> Run:
    metrics = {
        "cv/log_loss": one.log_loss.value,
        "cv/log_loss_low": one.log_loss.low,
        "cv/log_loss_high": one.log_loss.high,
        "cv/accuracy": one.accuracy.value,
        "cv/accuracy_low": one.accuracy.low,
        "cv/accuracy_high": one.accuracy.high,
    }
    for name, gain in (("log_loss_gain", one.loss_gain), ("accuracy_gain", one.accuracy_gain)):
        if gain:
            metrics |= {f"cv/{name}": gain.value, f"cv/{name}_low": gain.low, f"cv/{name}_high": gain.high}
    return Run(
        f"place_gain/{one.name}",
        f"place and genre · {one.name}",
        tags=_tags(found, one.name),
        params={"inputs": one.inputs},
        metrics={name: value for name, value in metrics.items() if value is not None},
    )


def _tags(found: PlaceGain, model: str) -> dict[str, str]:
    return {
        "model": model,
        "task": "place-gain",
        "table": found.table,
        "table_version": str(found.table_version),
        "sample": str(found.sample).lower(),
    }
