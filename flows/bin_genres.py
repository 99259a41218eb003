"""Flow `bin_genres`: assign one of twelve target genres to every track by ordered rules."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.publishing.bins import bin_spotify_tracks
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="bin_genres", **RUN_OPTIONS)
@one_at_a_time
def bin_genres(rules: str = "") -> list[State]:
    """Assign every Spotify track its target genre and its part of the split, and audit the rule sets.

    Args:
        rules: Rule set that assigns the genres: the name of a built-in one, or the path of a TOML file; empty uses the
            configured one.
    """
    settings = load_settings(rules=rules)
    return [bin_spotify_tracks(settings), *run_analyses("bin_genres", settings)]
