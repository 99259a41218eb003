"""The step that reads FMA metadata into the fma_ tables; wide tables are checked by their column profile."""

from prefect import State, task

from genrelab.analyses.class_balance.analysis import FMA_GENRES
from genrelab.runtime.settings import SAMPLE, Settings
from tasks.publishing.audit import audit_inputs
from tasks.run.step import run_step, work_at

DOWNLOAD = "download"
NEEDED = ("fma_genres", "fma_tracks", "fma_echonest", "fma_features")
"""Tables that later steps read: they are there, if empty, whatever the source has."""


@task
def ingest_fma_tables(settings: Settings) -> State[None]:
    """Read tracks, genres, Echo Nest features and librosa features, as far as the source has them."""
    inputs = _source(settings) | audit_inputs(settings, *NEEDED, "fma_raw_echonest")
    return run_step(
        FMA_GENRES.name,
        settings.home,
        inputs,
        work_at("tasks.publishing.work_fma:ingest_archive", settings),
        strict=settings.strict,
        holds=FMA_GENRES.fits,
        code=(FMA_GENRES.folder,),
    )


def _source(settings: Settings) -> dict[str, object]:
    if settings.fma == SAMPLE:
        return {"sample": settings.seed}
    if settings.fma == DOWNLOAD:
        from genrelab.sources.fma.download import SHA1  # noqa: PLC0415 - a skipped step needs no reader

        return {"download": SHA1}
    from genrelab.sources.fma import fingerprint  # noqa: PLC0415

    return {"source": fingerprint(settings.fma)}
