"""The champions' genre and probabilities for every track: table `predictions`, and what is surprising about it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from prefect import State, task

from genrelab import progress
from genrelab.errors import GenrelabError
from genrelab.home import Home
from genrelab.lake import Lake
from genrelab.models.tasks import TASKS
from genrelab.settings import Settings
from tasks.artifacts import publish_rows, publish_table_summary, publish_text
from tasks.champion_versions import champion_versions, task_of
from tasks.step import Outcome, facts_of, nothing_to_do, run_step, version_ids
from tasks.tracking_place import tracking_identity
from tasks.train import step_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from genrelab.predictions import StoredModel
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
    tables = sorted({table for name in champions for table in TASKS[task_of(name)].columns})
    inputs = {
        **version_ids(home, *tables),
        "champions": champions,
        "tracking": tracking_identity(home),
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
    return tuple(name for name in names if name in TASKS)


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
    applied = {name: own for name in names if (own := _of_task(champions, name))}
    with progress.track("predicting", len(applied), "tasks") as advance:
        for name, own in applied.items():
            models, broken = _load(door, own)
            failures |= broken
            if not models:
                continue
            try:
                rows, facts = _predict(lake, name, models)
            except GenrelabError as error:
                failures[name] = str(error)
                continue
            parts.append(rows)
            found.append(facts)
            advance(len(found), name)
    if not parts:
        raise GenrelabError("no champion could be applied", found="; ".join(failures.values()))
    made_from = [
        lake.current(table)
        for table in sorted({table for facts in found for table in TASKS[facts["task"]].columns})
    ]
    published = publish_derived(lake, PREDICTIONS, pa.concat_tables(parts), made_from)
    missing = {name: "no champion" for name in names if name not in applied} | failures
    publish_table_summary((published,))
    _publish(found, missing)
    said = [_sentence(facts) for facts in found] + [f"{name}: {why}" for name, why in missing.items()]
    return Outcome(
        f"predictions: {published.counts.rows:,} rows; {'; '.join(said)}",
        {"models": found, "failures": failures, "missing": missing},
        (published,),
    )


def _of_task(champions: Mapping[str, str], name: str) -> dict[str, str]:
    """The champions of a task: its own, and those that do without some features."""
    return {model: version for model, version in champions.items() if task_of(model) == name}


def _load(
    door: "Door", champions: Mapping[str, str]
) -> "tuple[list[tuple[StoredModel, Any]], dict[str, str]]":
    """The champions of a task with their registered versions, and why others cannot be loaded."""
    from tasks.registry import load_stored  # noqa: PLC0415

    models, broken = [], {}
    for name, version in champions.items():
        registered = door.client.get_model_version(name, version)
        try:
            models.append((load_stored(door, registered), registered))
        except GenrelabError as error:
            broken[name] = str(error)
    return models, broken


def _predict(
    lake: Lake, name: str, models: "list[tuple[StoredModel, Any]]"
) -> "tuple[pa.Table, dict[str, Any]]":
    """Rows of `predictions` of one task, and what is to be said about them."""
    from genrelab.predictions import columns_of, join, predict_by_features  # noqa: PLC0415
    from genrelab.surprises import summarise  # noqa: PLC0415
    from genrelab.tables import TABLES  # noqa: PLC0415
    from tasks.registry import standing  # noqa: PLC0415

    chosen = TASKS[name]
    features = list(
        dict.fromkeys(each for model, _ in models for each in (*model.features, *chosen.features))
    )
    versions = {table: lake.current(table) for table in chosen.columns}
    tables = {
        table: lake.read(table, [one for one in columns if one in TABLES[table]], versions[table].version)
        for table, columns in columns_of(chosen, features).items()
    }
    frame = join(chosen, tables)
    rows = predict_by_features(chosen, frame, [model for model, _ in models])
    told = _told(lake, chosen.table, rows.to_pandas())
    first = tables[chosen.table]
    served = _served(rows, [model for model, _ in models], frame, chosen.features)
    main, registered = next(pair for pair in models if pair[0].name == served[0]["model"])
    has_some = frame[list(chosen.features)].notna().any(axis=1).to_numpy()
    facts = {
        "task": name,
        "model": main.name,
        "title": chosen.title,
        "table": chosen.table,
        "table_version": versions[chosen.table].version,
        "rule_set": chosen.rule_set,
        "sample": versions[chosen.table].is_sample,
        "champion": {**asdict(standing(registered)), "label": _label(registered.tags.get("model", ""))},
        "served": served,
        # tracks with features, of which every champion takes one that they lack
        "unserved": int((has_some & ~rows["has_features"].to_numpy()).sum()),
        "knows_fitted_rows": all(model.fitted is not None for model, _ in models),
        **summarise(told),
        # tracks of the first table that the table of features lacks
        "elsewhere": len(first) - len(frame),
        "elsewhere_unlabelled": first[chosen.target].null_count - int(frame[chosen.target].isna().sum()),
    }
    if chosen.rule_set:
        _add_rules(facts["surprises"], chosen.rule_set)
    return rows, facts


def _served(
    rows: "pa.Table", models: "Sequence[StoredModel]", frame: "pd.DataFrame", features: Sequence[str]
) -> list[dict[str, Any]]:
    """Which champion predicts how many tracks, that of the most first.

    Each with the features that it does `without`, and those that it takes and no track has, `absent`.
    """
    counts = rows.filter(rows["has_features"])["model"].value_counts().to_pylist()
    tracks = {one["values"]: one["counts"] for one in counts}
    served = [
        {
            "model": model.name,
            "version": str(model.version),
            "tracks": tracks.get(model.name, 0),
            "without": [name for name in features if name not in model.features],
            "absent": [name for name in model.features if frame[name].isna().all()],
        }
        for model in models
    ]
    return sorted(served, key=lambda one: (-one["tracks"], one["model"]))


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
    """What became of one task's tracks, for a person."""
    served = facts["served"]
    who = f"{facts['model']} version {facts['champion']['version']}" if len(served) == 1 else facts["task"]
    said = f"{who}: {facts['tracks']:,} tracks, {facts['unlabelled']:,} of them without a label"
    if len(served) > 1 or served[0]["absent"]:
        said += f" ({', '.join(map(_by_whom, served))})"
    without = facts["without_features"] - facts["unserved"]
    if without:
        said += f", {without:,} without features"
    if facts["unserved"]:
        said += f", {facts['unserved']:,} not predicted: they lack a feature of every champion"
    if facts["elsewhere"]:
        said += f"; {facts['elsewhere']:,} more ({facts['elsewhere_unlabelled']:,} without a label) have no features"
    return said


def _by_whom(one: Mapping[str, Any]) -> str:
    """How many tracks one champion predicts, and why it predicts none."""
    name = f"version {one['version']} of {one['model']}"
    if one["tracks"] or not one["absent"]:
        return f"{one['tracks']:,} by {name}"
    return f"none by {name}: no track has {', '.join(one['absent'])}"


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
