"""Flow `listen`: find the genres of the audio files in the configured folders."""

from prefect import State, flow

from genrelab.runtime.settings import load_settings
from tasks.publishing.listen import listen_to_folders
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


@flow(name="listen", **RUN_OPTIONS)
@one_at_a_time
def listen() -> list[State]:
    """Judge the audio files in the folders of `[listen]` by the champions, and publish `listened`."""
    return [listen_to_folders(load_settings())]
