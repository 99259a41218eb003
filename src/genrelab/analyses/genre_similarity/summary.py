"""Summary of the similar genres: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.genre_similarity.result import Collection, GenreSimilarity


def summarise(found: GenreSimilarity) -> Summary:
    """Summarise each collection, and why a collection has none."""
    missing = "\n".join(f"- **{name}**: {why}" for name, why in found.missing.items())
    said = [*map(_sentence, found.collections), *(f"{name}: {why}" for name, why in found.missing.items())]
    rows = [
        {
            "collection": one.name,
            "genre": genre.genre,
            "tracks": genre.tracks,
            "most frequent runner-up": pair.other,
            "share": round(pair.share.value, 3),
            "by the priors": round(pair.prior, 3),
        }
        for one in found.collections
        for genre in one.genres
        for pair in genre.pairs[:1]
    ]
    return Summary(
        "; ".join(said),
        rows,
        "The most frequent runner-up of each genre: the most probable genre that a track does not carry.",
        {"genre-similarity-missing": missing} if missing else {},
    )


def _sentence(found: Collection) -> str:
    pairs = [pair for genre in found.genres for pair in genre.pairs]
    return (
        f"{found.name}: {sum(pair.is_more for pair in pairs)} of {len(pairs)} pairs of genres resemble each other "
        f"beyond chance ({found.tracks:,} tracks)"
    )
