"""The topics in MLflow: a parent run, and below it LSI, LDA and the prediction of topics from sound."""

from genrelab.analyses.genre_topics.names import ARTISTS, RANDOM, TOPICS
from genrelab.analyses.genre_topics.pages.charts import pairs_chart
from genrelab.analyses.genre_topics.pages.curves import completion_chart, heard_chart, variance_chart
from genrelab.analyses.genre_topics.result import GenreTopics, Sound
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(found: GenreTopics) -> Run:
    """Return the tree of runs."""
    shared = {"budget": found.budget, "seed": found.seed}
    pairs = pairs_chart(found)
    return Run(
        "topics",
        f"topics · {found.table} version {found.table_version}",
        tags=_tags("all", "genres"),
        params=shared,
        metrics={
            "tracks": found.with_genres,
            "without_genres": found.tracks - found.with_genres,
            "genres": found.genres,
            "unknown_genres": len(found.unknown),
            "genres_of_one_track": len(found.rare),
            "pairs_of_kin": found.related,
        },
        views={"pairs.png": [[pairs.first]]} if pairs else {},
        files={"topics.json": encode(found)},
        runs=[_lsi(found), _lda(found), *(_sound(one, shared) for one in found.sound)],
    )


def _lsi(found: GenreTopics) -> Run:
    singular, variance = found.lsi.shares
    return Run(
        "lsi",
        f"topics · LSI, {len(found.lsi.values)} dimensions",
        tags=_tags("lsi", "genres"),
        metrics={
            "dimensions": len(found.lsi.values),
            "dimensions_999": found.lsi.above_999,
            "singular_values_70": singular[min(TOPICS, len(singular)) - 1],
            "variance_70": variance[min(TOPICS, len(variance)) - 1],
            **({} if found.lsi.farthest is None else {"farthest_from_document": found.lsi.farthest}),
        },
        curves={
            "cumulative_singular_values": list(enumerate(singular, start=1)),
            "cumulative_variance": list(enumerate(variance, start=1)),
        },
        views={"variance.png": [[variance_chart(found).first]]},
    )


def _lda(found: GenreTopics) -> Run:
    numbers = found.completion.numbers if found.completion else ()
    chart = completion_chart(found)
    return Run(
        "lda",
        f"topics · LDA, {len(found.topics)} topics",
        tags=_tags("lda", "genres"),
        params={"topics": len(found.topics), "passes": found.passes, "seed": found.seed},
        metrics={
            "topics_per_track": found.per_track,
            **{
                f"document_topic_{place}/cosine": one.cosine
                for place, one in enumerate(found.matches, start=1)
            },
        },
        curves={"completion/perplexity": [(one.topics, one.perplexity.value) for one in numbers]}
        if numbers
        else {},
        views={"completion.png": [[chart.first]]} if chart else {},
    )


def _sound(found: Sound, shared: dict[str, object]) -> Run:
    names = {RANDOM: "random", ARTISTS: "artists"}
    curves = {f"{names[one.split]}/{one.fitted.replace(' ', '_')}": one for one in found.curves}
    return Run(
        f"knn/{found.features}",
        f"topics · nearest neighbours, {found.features}",
        tags=_tags("knn", found.features) | {"table": found.table, "table_version": str(found.table_version)},
        params=shared
        | {
            "rows": found.rows,
            "columns": found.columns,
            "components": found.components,
            "repeats": found.repeats,
        },
        metrics={f"{name}/baseline_jaccard": one.baseline.value for name, one in curves.items()},
        curves={
            **{
                f"{name}/jaccard": [(p.k, p.jaccard.value) for p in one.points]
                for name, one in curves.items()
            },
            **{
                f"{name}/jaccard_sd": [(p.k, p.deviation) for p in one.points] for name, one in curves.items()
            },
        },
        views={"neighbours.png": [[heard_chart(found).first]]},
    )


def _tags(model: str, features: str) -> dict[str, str]:
    return {
        "model": model,
        "task": "genre-topics",
        "rule_set": "",
        "duplicates": "kept",
        "labels": "genres_all",
        "features": features,
    }
