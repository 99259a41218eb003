"""Summary of the predictions: one line for the log, and tables for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.predictions.mixes import describe
from genrelab.analyses.predictions.result import GenreSets, Predictions, Served, TaskPredictions
from genrelab.runtime.choices import FAIR

COUNTS = ("model", "tracks", "labelled", "unlabelled", "without_features", "fitted", "judged", "agreeing")

OF_SETS = ("model", "tracks", "labelled", "without_features", "fitted", "filled")


def summarise(found: Predictions) -> Summary:
    """Summarise the predictions of each task, and what could not be predicted."""
    missing = "\n".join(f"- **{name}**: {why}" for name, why in found.missing.items())
    return Summary(
        "; ".join(
            [
                *map(_sentence, found.models),
                *map(_of_sets, found.genre_sets),
                *(f"{name}: {why}" for name, why in found.missing.items()),
            ]
        ),
        [
            {"version": one.champion.version, **{name: getattr(one, name) for name in COUNTS}}
            for one in found.models
        ]
        + [
            {
                "version": one.champion.version,
                **{name: getattr(one, name) for name in OF_SETS},
                "unlabelled": one.tracks - one.labelled,
            }
            for one in found.genre_sets
        ],
        "Rows per champion. Judged: labelled rows that it was not fitted on. Agreeing: judged rows whose prediction "
        "matches the label.",
        {"predictions-missing": missing} if missing else {},
    )


def _sentence(found: TaskPredictions) -> str:
    """Return one sentence on the tracks of one task."""
    served = found.served
    who = f"{found.model} version {found.champion.version}" if len(served) == 1 else found.task
    said = f"{who}: {found.tracks:,} tracks, {found.unlabelled:,} of them without a label"
    if len(served) > 1 or served[0].absent:
        said += f" ({', '.join(map(_predicted_by, served))})"
    without = found.without_features - found.unserved
    if without:
        said += f", {without:,} without features"
    if found.unserved:
        said += f", {found.unserved:,} not predicted: they lack a feature of every champion"
    if found.elsewhere:
        said += (
            f"; {found.elsewhere:,} more ({found.elsewhere_unlabelled:,} without a label) have no features"
        )
    return said + _named_by(found) + _mixes(found)


def _of_sets(found: GenreSets) -> str:
    """Return one sentence on the tracks of one task of several genres."""
    said = (
        f"{found.model} version {found.champion.version}: every genre of {found.tracks:,} tracks, "
        f"{found.named:.1f} on average"
    )
    if len(found.served) > 1 or found.served[0].absent:
        said += f" ({', '.join(map(_predicted_by, found.served))})"
    if found.without_features:
        said += f", {found.without_features:,} not predicted: they lack a feature of every champion"
    if found.filled:
        said += f"; {found.filled:,} have no genre at the source and are filled"
    else:
        said += "; no track without a genre has features, so none is filled"
    if found.elsewhere:
        said += (
            f"; {found.elsewhere:,} more ({found.elsewhere_unlabelled:,} without a genre) have no features"
        )
    return said


def _named_by(found: TaskPredictions) -> str:
    """Say how genres are named where that is not the default, and which champions have no calibration."""
    said = "; genres are named fairly to rare ones" if found.decision == FAIR else ""
    if found.uncalibrated:
        said += f"; {', '.join(found.uncalibrated)} has no calibration: its own probabilities are published"
    return said


def _mixes(found: TaskPredictions) -> str:
    """Say what is known of the mix of each collection, by champion where there are several."""
    several = len(found.served) > 1
    return "".join(
        f"; {f'by {mix.model}, ' if several else ''}{describe(mix)}"
        for mix in found.mixes
        if mix.model not in found.uncalibrated  # said once, for all its collections
    )


def _predicted_by(one: Served) -> str:
    """Say how many tracks one champion predicts, or why it predicts none."""
    name = f"version {one.version} of {one.model}"
    if one.tracks or not one.absent:
        return f"{one.tracks:,} by {name}"
    return f"none by {name}: no track has {', '.join(one.absent)}"
