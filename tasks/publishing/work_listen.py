"""The work of `tasks.publishing.listen`, which a skipped step does not import: judge files, publish `listened`."""

from genrelab.audio.extract import find_files, require_audio
from genrelab.audio.listening import rows_of
from genrelab.runtime import engine
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.settings import Settings
from tasks.publishing.listened import hear, out_of_reach, publish_listened
from tasks.run.step import Outcome


def listen_to_files(settings: Settings) -> Outcome:
    """Judge the audio files of the configured folders, and publish `listened` if an answer has changed.

    Raises:
        GenrelabError: There is no audio file, or what audio needs is missing.
    """
    home = settings.home
    require_audio()
    files, unusable = find_files(settings.listen_folders)
    if not files:
        raise GenrelabError(
            "there is no audio file in the folders of [listen]",
            found="; ".join(f"{each.path}: {each.problem}" for each in unusable) or "other files, or none",
            do="correct folders in genrelab.toml, or connect the disk",
        )
    with engine.use(settings):
        heard, asked = hear(home, files, unusable, settings.cores)
    version = publish_listened(home, rows_of(heard), asked, settings.listen_folders)
    paths = {each.extracted.path for each in heard}
    problems = {each.extracted.path for each in heard if each.extracted.problem}
    sample = ", ".join(each.name for each in asked if each.is_sample)
    message = f"listened: {len(paths) - len(problems):,} of {len(paths):,} files heard"
    if problems:
        message += f"; {len(problems):,} cannot be used: the page Your music says why"
    if away := out_of_reach(home):
        message += f"; {away:,} of earlier runs are not there now and keep their rows (genrelab listen --forget PATH)"
    if sample:
        message += f"; SAMPLE DATA, the answers of {sample} mean nothing"
    return Outcome(message, {"files": len(paths), "problems": len(problems)}, (version,))
