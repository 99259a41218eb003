"""Flow `nightly`: run every flow in order; a failed flow does not stop the others."""

from prefect import State, flow

from flows import find_flow
from genrelab.analyses.registry import STUDIES
from genrelab.runtime.choices import Budget
from tasks.publishing.listen import has_folders
from tasks.retention import clean_up
from tasks.run.cancelled import is_cancelled, stopped
from tasks.run.one_run import RUN_OPTIONS, one_at_a_time
from tasks.run.outcome import cannot_load, finalize_nightly_state, is_scraped, published_tables


@flow(name="nightly", **RUN_OPTIONS)
@one_at_a_time
def nightly(
    spotify: str = "",
    fma: str = "",
    origin: str = "",
    budget: Budget = "configured",
    artists: str = "",
    rules: str = "",
    strict: bool = False,
) -> State:
    """Run the whole pipeline: scrape or ingest, bin, train, compare, report.

    Args:
        spotify: `sample`, `api`, or a folder or file of earlier pulls (CSV); empty uses the configured source.
        fma: `sample`, `download`, or fma_metadata as a zip or an unpacked folder; empty uses the configured source.
        origin: `sample`, or default_features_1059_tracks.txt; empty uses the configured source.
        budget: How many models and searches training may run; `configured` uses that of genrelab.toml, or by default
            quick on sample data and nightly on real data.
        artists: For spotify = api: a file of artist ids, URIs or search terms; empty uses the configured one.
        rules: Rule set that assigns the genres: the name of a built-in one, or the path of a TOML file; empty uses
            the configured one.
        strict: Refuse tables that have caveats; off uses the configured value.
    """
    before = published_tables()
    tracks: dict[str, str | bool] = {"spotify": spotify, "strict": strict}
    asked: dict[str, dict[str, str | bool]] = {
        **({"scrape": {**tracks, "artists": artists}} if is_scraped(spotify) else {"ingest_spotify": tracks}),
        "ingest_fma": {"fma": fma, "strict": strict},
        "ingest_origin": {"origin": origin, "strict": strict},
        "bin_genres": {"rules": rules},
        "train": {"budget": budget},
        "predict": {},
        **({"listen": {}} if has_folders() else {}),
        **{study: {"budget": budget} for study in STUDIES},
        "report": {},
    }
    states = {name: _run(name, parameters) for name, parameters in asked.items()}
    if is_cancelled():
        return stopped()
    clean_up(return_state=True)
    return finalize_nightly_state(states, before)


def _run(name: str, parameters: dict[str, str | bool]) -> State:
    """Run a flow and return its state; a flow whose code cannot be loaded fails by itself."""
    try:
        found = find_flow(name)
    except Exception as error:  # noqa: BLE001 - any error of its import
        return cannot_load(name, error)
    state: State = found(**parameters, return_state=True)
    return state
