"""Summary of the topics: one line for the log, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.genre_topics.result import GenreTopics


def summarise(found: GenreTopics) -> Summary:
    """Summarise topics, the strongest pair, and how well topics are heard."""
    said = [
        (
            f"{len(found.topics)} topics of {found.genres} genres on {found.with_genres:,} tracks of {found.table} "
            f"version {found.table_version}"
        )
    ]
    if found.pairs:
        pair = found.pairs[0]
        said.append(
            f"{pair.first} and {pair.second} go together {pair.lift.value:.0f} times as often as by chance"
        )
    for one in found.sound:
        curves = ", ".join(f"{curve.points[0].jaccard.value:.3f} ({curve.split})" for curve in one.curves[:2])
        said.append(f"nearest neighbour from {one.features}: Jaccard {curves}")
    said += [f"{features}: {why}" for features, why in found.missing.items()]
    said += found.problems
    return Summary(
        "; ".join(said),
        [
            {"topic": one.name, "share": round(one.share, 4), "tracks": one.tracks}
            for one in found.topics
            if one.tracks
        ],
        "Topics of the genres of the FMA's tracks.",
    )
