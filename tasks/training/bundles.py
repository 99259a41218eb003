"""Whether the compiled champions can be read; without MLflow, so that a command that only asks them starts fast."""

from collections.abc import Collection

from genrelab.runtime.home import Home
from genrelab.serving.description import champion_names, is_current
from tasks.tracking.place import is_there


def compile_if_old(home: Home, wanted: Collection[str] | None = None) -> None:
    """Compile champions if none is compiled, or if another version of genrelab has compiled them.

    Args:
        home: The home; without MLflow's database nothing is compiled.
        wanted: Names of the champions that will be asked; None for all.
    """
    names = [name for name in champion_names(home) if wanted is None or name in wanted]
    old = [name for name in names if not is_current(home, name)]
    if (names and not old) or not is_there(home):
        return
    from tasks.training.compiled import compile_missing, compile_promoted  # noqa: PLC0415 - takes MLflow

    if not names:
        compile_missing(home)
    for name in old:
        compile_promoted(home, name)
