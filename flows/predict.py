"""Flow `predict`: predict genre and probabilities of every track with the champions."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time
from tasks.training.predict import predict_genres


@flow(name="predict", **RUN_OPTIONS)
@one_at_a_time
def predict() -> list[State]:
    """Apply each champion to every track, including tracks without a genre."""
    return [predict_genres(load_settings())]
