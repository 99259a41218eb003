"""Flow `study_origin`: musical features against the map."""

from prefect import State, flow

from genrelab.choices import Budget
from genrelab.settings import load_settings
from tasks.analysis import run_analysis
from tasks.one_run import TOLD, one_at_a_time


@flow(name="study_origin", **TOLD)
@one_at_a_time
def study_origin(budget: Budget = "configured") -> list[State]:
    """Cluster the tracks of known origin and ask models where they come from.

    Args:
        budget: How much work it may do; `configured` takes the one of genrelab.toml, and without one quick on
            sample data, nightly on real data.
    """
    return [run_analysis("study_origin", load_settings(budget=budget))]
