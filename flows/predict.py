"""Flow `predict`: the champions' genre and probabilities for every track."""

from prefect import State, flow

from genrelab.settings import load_settings
from tasks.one_run import TOLD, one_at_a_time
from tasks.predict import predict_genres


@flow(name="predict", **TOLD)
@one_at_a_time
def predict() -> list[State]:
    """Apply each champion to every track, the unmatched and unlabelled ones included."""
    return [predict_genres(load_settings())]
