"""What is reported of the gain by places where it was computed: a line, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.place_gain.result import PlaceGain


def summarise(found: PlaceGain) -> Summary:
    """What the place adds to the sound."""
    if found.missing:
        return Summary(
            f"{found.placed:,} of {found.read:,} tracks have a place; not compared: {found.missing}"
        )
    last, permuted = found.models[-1], found.permuted
    rows = [
        {
            "inputs": one.label,
            "log loss": round(one.log_loss.value, 3),
            "accuracy": round(one.accuracy.value, 3),
            "gain in log loss": "" if one.loss_gain is None else str(one.loss_gain),
        }
        for one in found.models
    ]
    p = f", p = {permuted.p:.3f} against dealt-out places" if permuted else ""
    return Summary(
        f"{found.tracks:,} tracks of {found.artists:,} artists with a place: the log loss of the sound changes by "
        f"{last.loss_gain} with the place, above 0 is better{p}",
        rows,
        "What the place of the artist adds to the sound.",
    )
