"""Flow `bin_genres`: micro-genres to twelve target genres by ordered rule tables."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.publishing.bins import bin_spotify_tracks
from tasks.run.one_run import FAILURE_HOOKS, one_at_a_time


@flow(name="bin_genres", **FAILURE_HOOKS)
@one_at_a_time
def bin_genres(rules: str = "") -> list[State]:
    """Give every Spotify track its target genre and its side of the split; audit the rule sets.

    Args:
        rules: Rule set that decides: the name of one that ships, or the path of a TOML file; empty takes the
            configured one.
    """
    settings = load_settings(rules=rules)
    return [bin_spotify_tracks(settings), *run_analyses("bin_genres", settings)]
