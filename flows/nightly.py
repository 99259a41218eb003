"""Flow `nightly`: everything in order; one failed branch does not stop the others."""

from prefect import State, flow

from flows.bin_genres import bin_genres
from flows.compare_clusters import compare_clusters
from flows.ingest_fma import ingest_fma
from flows.ingest_origin import ingest_origin
from flows.ingest_spotify import ingest_spotify
from flows.predict import predict
from flows.report import report
from flows.scrape import scrape
from flows.study_origin import study_origin
from flows.train import train
from genrelab.choices import Budget
from tasks.one_run import TOLD, one_at_a_time
from tasks.outcome import is_scraped, published_tables, tell_the_truth
from tasks.retention import clean_up


@flow(name="nightly", **TOLD)
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
        spotify: `sample`, `api`, or a folder or file of earlier pulls (CSV); empty takes the configured source.
        fma: `sample`, `download`, or fma_metadata as a zip or an unpacked folder; empty takes the configured source.
        origin: `sample`, or default_features_1059_tracks.txt; empty takes the configured source.
        budget: How much work training may do; `configured` takes the one of genrelab.toml, and without one quick
            on sample data, nightly on real data.
        artists: For spotify = api: a file of artist ids, URIs or search terms; empty takes the configured one.
        rules: Rule set that decides the genres: the name of one that ships, or the path of a TOML file; empty takes
            the configured one.
        strict: Refuse tables that have caveats; off takes the configured value.
    """
    before = published_tables()
    if is_scraped(spotify):
        states = {"scrape": scrape(spotify, artists, strict=strict, return_state=True)}
    else:
        states = {"ingest_spotify": ingest_spotify(spotify, strict=strict, return_state=True)}
    states |= {
        "ingest_fma": ingest_fma(fma, strict=strict, return_state=True),
        "ingest_origin": ingest_origin(origin, strict=strict, return_state=True),
        "bin_genres": bin_genres(rules, return_state=True),
        "train": train(budget, return_state=True),
        "predict": predict(return_state=True),
        "compare_clusters": compare_clusters(budget, return_state=True),
        "study_origin": study_origin(budget, return_state=True),
    }
    states["report"] = report(return_state=True)
    clean_up(return_state=True)
    return tell_the_truth(states, before)
