"""The flows of the analyses, one for each name in `genrelab.analyses.registry.STUDIES`: `studies.study_origin`.

They are created from the registry, so that a new analysis needs no code here.
"""

from typing import Any

from prefect import Flow, State, flow

from genrelab.analyses.registry import STUDIES, run_by
from genrelab.runtime.choices import Budget
from genrelab.runtime.settings import load_settings
from tasks.analysis import run_analyses
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time


def _flow_of(name: str) -> Flow[..., list[State[Any]]]:
    def study(budget: Budget = "configured") -> list[State[Any]]:
        return run_analyses(name, load_settings(budget=budget))

    study.__name__ = study.__qualname__ = name
    study.__doc__ = f"""{run_by(name)[0].description}

    Args:
        budget: How much work the analysis may do, if it has the choice; `configured` uses the one of genrelab.toml, or
            without one quick on sample data and nightly on real data.
    """
    return flow(name=name, **RUN_OPTIONS)(one_at_a_time(study))


_FLOWS = {name: _flow_of(name) for name in STUDIES}


def __getattr__(name: str) -> Flow[..., list[State[Any]]]:
    try:
        return _FLOWS[name]
    except KeyError:
        raise AttributeError(name) from None
