"""The champions' genre and probabilities for every track: table `predictions`, and what is surprising about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect import State, task

from genrelab import progress
from genrelab.errors import GenrelabError
from genrelab.home import Home
from genrelab.lake import Lake
from genrelab.settings import Settings
from tasks.artifacts import publish_rows, publish_table_summary, publish_text
from tasks.champion_versions import champion_versions
from tasks.step import Outcome, facts_of, nothing_to_do, run_step, version_ids
from tasks.tracking_place import tracking_uri
from tasks.train import READS, step_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from tasks.tracking import Door

STEP = "predict"
CLASSIC, FMA = "spotify-bins-classic", "fma-top-genre"
TOLD = {
    "spotify_binned": ("source", "source_row", "artist_id", "artist_name", "track_name", "genres"),
    "fma_tracks": ("source", "source_row", "artist_id", "artist_name", "track_title", "genres"),
}
"""What people are told of a track: artist, title, micro-genres."""


@task
def predict_genres(settings: Settings) -> State[Any]:
    """Apply each champion to every track, publish `predictions`, and find what is surprising."""
    home = settings.home
    names = models_to_apply(home)
    champions = champion_versions(home, names)
    if not champions and any(facts_of(home, step_of(name)) for name in names):
        return nothing_to_do(STEP, f"no model has earned to be champion yet ({', '.join(names)})")
    tables = sorted({table for name in champions for table in READS[name]})
    inputs = {
        **version_ids(home, *tables),
        "champions": champions,
        "tracking": tracking_uri(home),
    }
    return run_step(
        STEP,
        home,
        inputs,
        lambda: _work(settings, names, champions),
        # a champion that could not be applied is tried again: its files may have been brought back
        always=bool(facts_of(home, STEP).get("failures")),
    )


def models_to_apply(home: Home) -> tuple[str, ...]:
    """The model of the rule set that decided last, the classic one, and that of the FMA."""
    active = facts_of(home, "bin_genres").get("rule_set", "classic")
    names = dict.fromkeys((f"spotify-bins-{active}", CLASSIC, FMA))
    return tuple(name for name in names if name in READS)


def _work(settings: Settings, names: tuple[str, ...], champions: Mapping[str, str]) -> Outcome:
    import pyarrow as pa  # noqa: PLC0415 - a skipped step needs none of them

    from genrelab.tables.predictions import PREDICTIONS  # noqa: PLC0415
    from tasks.publish import publish_derived  # noqa: PLC0415
    from tasks.tracking import connect  # noqa: PLC0415

    if not champions:
        raise GenrelabError(
            "there is no champion to predict with",
            found=f"no champion of {', '.join(names)}",
            do="run `genrelab train` first",
        )
    door, lake = connect(settings.home), Lake(settings.home)
    parts: list[pa.Table] = []
    found: list[dict[str, Any]] = []
    failures: dict[str, str] = {}
    with progress.track("predicting", len(champions), "models") as advance:
        for name in filter(champions.__contains__, names):
            try:
                rows, facts = _predict(lake, door, name, champions[name])
            except GenrelabError as error:
                failures[name] = str(error)
                continue
            parts.append(rows)
            found.append(facts)
            advance(len(found), name)
    if not parts:
        raise GenrelabError("no champion could be applied", found="; ".join(failures.values()))
    made_from = [lake.current(table) for table in sorted({t for f in found for t in READS[f["model"]]})]
    published = publish_derived(lake, PREDICTIONS, pa.concat_tables(parts), made_from)
    missing = {name: "no champion" for name in names if name not in champions} | failures
    publish_table_summary((published,))
    _publish(found, missing)
    said = [_sentence(facts) for facts in found] + [f"{name}: {why}" for name, why in missing.items()]
    return Outcome(
        f"predictions: {published.counts.rows:,} rows; {'; '.join(said)}",
        {"models": found, "failures": failures, "missing": missing},
        (published,),
    )


def _predict(lake: Lake, door: "Door", name: str, version: str) -> "tuple[pa.Table, dict[str, Any]]":
    """Rows of `predictions` of one model, and what is to be said about them."""
    from genrelab.models.tasks import TASKS  # noqa: PLC0415
    from genrelab.predictions import columns_of, join, predict  # noqa: PLC0415
    from genrelab.surprises import summarise  # noqa: PLC0415
    from genrelab.tables import TABLES  # noqa: PLC0415
    from tasks.registry import load_stored, standing  # noqa: PLC0415

    chosen = TASKS[name]
    registered = door.client.get_model_version(name, version)
    model = load_stored(door, registered)
    versions = {table: lake.current(table) for table in chosen.columns}
    tables = {
        table: lake.read(table, [one for one in columns if one in TABLES[table]], versions[table].version)
        for table, columns in columns_of(chosen, model.features).items()
    }
    frame = join(chosen, tables)
    rows = predict(chosen, frame, model)
    told = _told(lake, chosen.table, rows.to_pandas())
    first = tables[chosen.table]
    facts = {
        "model": name,
        "title": chosen.title,
        "table": chosen.table,
        "table_version": versions[chosen.table].version,
        "rule_set": chosen.rule_set,
        "sample": versions[chosen.table].is_sample,
        "champion": {**standing(registered), "label": _label(registered.tags.get("model", ""))},
        "knows_fitted_rows": model.fitted is not None,
        **summarise(told),
        # tracks of the first table that the table of features lacks
        "elsewhere": len(first) - len(frame),
        "elsewhere_unlabelled": first[chosen.target].null_count - int(frame[chosen.target].isna().sum()),
    }
    if chosen.rule_set:
        _add_rules(facts["surprises"], chosen.rule_set)
    return rows, facts


def _label(kind: str) -> str:
    """A kind of model as people read it."""
    from genrelab.models.zoo import MODELS  # noqa: PLC0415

    return next((model.label for model in MODELS if model.name == kind), kind)


def _told(lake: Lake, table: str, rows: "pd.DataFrame") -> "pd.DataFrame":
    """The rows with track, artist and micro-genres."""
    columns = TOLD[table]
    frame = lake.read(table, columns).to_pandas()
    title = columns[-2]
    if table == "fma_tracks":
        names = lake.read("fma_genres", ["genre_id", "title"])
        title_of = dict(zip(names["genre_id"].to_pylist(), names["title"].to_pylist(), strict=True))
        frame["genres"] = [
            [title_of.get(genre, str(genre)) for genre in (() if genres is None else genres)]
            for genres in frame["genres"]
        ]
    renamed = frame.rename(columns={title: "track", "artist_name": "artist", "genres": "micro_genres"})
    told: pd.DataFrame = rows.merge(renamed, on=["source", "source_row"], how="left", sort=False)
    # FMA's file may lack names: the ids still tell tracks apart
    told["track"] = told["track"].fillna("track " + told["track_id"])
    told["artist"] = told["artist"].fillna("artist " + told["artist_id"].astype(str))
    return told


def _add_rules(surprises: list[dict[str, Any]], rule_set: str) -> None:
    """The rule and the micro-genre that decided the label of each, by the model's own rule set."""
    import pyarrow as pa  # noqa: PLC0415

    from genrelab.rules import bin_tracks, load_rule_set  # noqa: PLC0415

    if not surprises:
        return
    genres = pa.array([one["micro_genres"] for one in surprises], pa.list_(pa.string()))
    binned = bin_tracks(genres, load_rule_set(rule_set))
    decided = zip(surprises, binned.rules.to_pylist(), binned.micro_genres.to_pylist(), strict=True)
    for one, rule, micro_genre in decided:
        one["rule"], one["micro_genre"] = rule or "", micro_genre or ""


def _sentence(facts: Mapping[str, Any]) -> str:
    """What became of one model's tracks, for a person."""
    said = (
        f"{facts['model']} version {facts['champion']['version']}: {facts['tracks']:,} tracks, "
        f"{facts['unlabelled']:,} of them without a label"
    )
    if facts["without_features"]:
        said += f", {facts['without_features']:,} without features"
    if facts["elsewhere"]:
        said += f"; {facts['elsewhere']:,} more ({facts['elsewhere_unlabelled']:,} without a label) have no features"
    return said


def _publish(found: list[dict[str, Any]], missing: Mapping[str, str]) -> None:
    """Leave the counts in the Prefect UI."""
    names = ("model", "tracks", "labelled", "unlabelled", "without_features", "fitted", "judged", "agreeing")
    rows = [
        {"version": facts["champion"]["version"], **{name: facts[name] for name in names}} for facts in found
    ]
    publish_rows(
        "predictions",
        rows,
        "Rows per champion; judged are labelled rows that it was not fitted on, agreeing those of them that it names "
        "as people do.",
    )
    if missing:
        publish_text(
            "predictions-missing", "\n".join(f"- **{name}**: {why}" for name, why in missing.items())
        )
