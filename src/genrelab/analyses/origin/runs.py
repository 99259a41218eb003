"""The study of origins in MLflow: a parent run, and below it one run per question and model, and the clusters."""

from dataclasses import replace

from genrelab.analyses.origin.pages.charts import by_epoch, cost_histories, scree
from genrelab.analyses.origin.pages.maps import cluster_map, mistaken_map
from genrelab.analyses.origin.pages.new_countries import new_countries
from genrelab.analyses.origin.pages.scores import within
from genrelab.analyses.origin.result import Answer, OriginStudy, Question
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(study: OriginStudy) -> Run:
    """The tree of runs of a study."""
    shared = {
        name: getattr(study, name) for name in ("budget", "seed", "repeats", "folds", "trees", "epochs")
    }
    return Run(
        "study",
        f"origin · {study.table} version {study.table_version}",
        tags={"model": "all", "task": "all", "rule_set": "", "duplicates": "kept"},
        params=shared
        | {"tracks": study.tracks, "features": study.features, "country_folds": study.country_folds},
        runs=[
            _clusters(study),
            *(_answer(study, asked, run, shared) for asked in study.tasks for run in asked.runs),
        ],
    )


def _clusters(study: OriginStudy) -> Run:
    found = study.grouping
    views = [cost_histories(study.costs).first, scree(study.scree).first]
    return Run(
        "clusters/kmeans",
        f"clusters · k-means, k = {found.k}",
        tags={
            "model": "kmeans",
            "task": "clusters",
            "rule_set": "",
            "duplicates": "kept",
            "fitted_on": f"{study.tracks:,} tracks",
        },
        params={"k": found.k, "seed": study.seed, "scaled": False, "shuffles": study.shuffles},
        metrics={
            **found.scores,
            **{f"{name}_by_chance": value for name, value in found.chance.items()},
            "purity": found.mean_purity,
            "purity_by_chance": found.mean_purity_chance,
        },
        views={"map.png": [[cluster_map(study).first]], "costs.png": [views]},
        files={
            "clusters.json": encode(found),
            "costs.json": {
                "histories": [encode(one) for one in study.costs],
                "scree": encode(study.scree),
            },
        },
    )


def _answer(study: OriginStudy, asked: Question, run: Answer, shared: dict[str, object]) -> Run:
    made = Run(
        f"{asked.task}/{run.model}",
        f"{asked.task} · {run.model}",
        tags={
            "model": run.model,
            "task": asked.task,
            "rule_set": "",
            "duplicates": "kept",
            "fitted_on": f"{study.folds - 1} of {study.folds} folds, {study.repeats} x",
        },
        params=shared | {name: str(value) for name, value in run.params.items()},
        metrics={**run.scores, "fit_seconds": run.fit_seconds},
    )
    network = next((one for one in study.networks if one.network == run.model), None)
    if network:
        chart = by_epoch(study)
        return replace(
            made,
            views={"by_epoch.png": [[chart.views[network.network]]]},
            files={"by_epoch.json": encode(network)},
        )
    if asked.left_out and run.model == "blend":
        made = replace(made, views={"countries_left_out.png": [[new_countries(asked, asked.left_out).first]]})
    if (asked.task, run.model) == ("country", "blend"):
        countries = [encode(one) for one in study.countries]
        return replace(
            made,
            views={"countries.png": [[mistaken_map(study).first]]},
            files={"countries.json": {"countries": countries}},
        )
    if (asked.task, run.model) == ("coordinates", "blend"):
        return replace(made, views={**made.views, "distances.png": [[within(asked).first]]})
    return made
