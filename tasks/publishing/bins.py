"""The step that assigns target genres to tracks, and every track to its permanent part of the split."""

from prefect import State, task

from genrelab.analyses.class_balance.analysis import BINNED_TRACKS
from genrelab.rules import rule_digests
from genrelab.runtime.settings import Settings
from tasks.run.step import run_step, version_ids, work_at


@task
def bin_spotify_tracks(settings: Settings) -> State[None]:
    """Compute spotify_binned from spotify_tracks by every rule set, and store the part of the split of each artist."""
    inputs = {**version_ids(settings.home, "spotify_tracks"), "rules": rule_digests(settings.rules)}
    return run_step(
        BINNED_TRACKS.name,
        settings.home,
        inputs,
        work_at("tasks.publishing.work_bins:bin_tracks_of", settings),
        holds=BINNED_TRACKS.fits,
        code=(BINNED_TRACKS.folder,),
    )
