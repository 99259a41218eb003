"""The similar genres in MLflow: a parent run, and below it one run per collection."""

from genrelab.analyses.genre_similarity.pages.charts import matrix_view
from genrelab.analyses.genre_similarity.result import Collection, GenreSimilarity
from genrelab.analyses.runs import Run
from genrelab.runtime.records import encode


def runs_of(found: GenreSimilarity) -> Run:
    """The tree of runs."""
    return Run(
        "similarity",
        "similar genres",
        tags={"model": "all", "task": "all", "rule_set": "", "duplicates": "removed"},
        params={"collections": ", ".join(one.name for one in found.collections) or "none"},
        metrics={"collections": len(found.collections)},
        files={"missing.json": dict(found.missing)} if found.missing else {},
        runs=[_collection(one) for one in found.collections],
    )


def _collection(found: Collection) -> Run:
    pairs = [(genre, pair) for genre in found.genres for pair in genre.pairs]
    metrics: dict[str, float] = {
        "tracks": found.tracks,
        "artists": found.artists,
        "accuracy": found.accuracy,
        "pairs": len(pairs),
        "pairs_more": sum(pair.is_more for _, pair in pairs),
        "pairs_less": sum(pair.is_less for _, pair in pairs),
        **{f"first/{genre.genre}": genre.pairs[0].share.value for genre in found.genres if genre.pairs},
        **{f"lift/{genre.genre}": genre.pairs[0].lift for genre in found.genres if genre.pairs},
    }
    return Run(
        found.name,
        f"similar genres · {found.name} · {found.table} version {found.table_version}",
        tags={
            "model": "xgboost",
            "task": found.name,
            "table": found.table,
            "table_version": str(found.table_version),
            "sample": str(found.sample).lower(),
            "rule_set": found.rule_set,
            "duplicates": "removed",
            "fitted_on": f"{found.folds - 1} of {found.folds} folds by artist",
        },
        params={"budget": found.budget, "folds": found.folds, "features": found.features},
        metrics=metrics,
        views={"similar_genres.png": [[matrix_view(found)]]},
        files={"similar_genres.json": encode(found)},
    )
