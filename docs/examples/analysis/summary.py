"""What people are told of the lengths where they were computed: a line, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.track_lengths.result import TrackLengths


def summarise(found: TrackLengths) -> Summary:
    """The genres with the longest and the shortest tracks."""
    longest, shortest = found.genres[0], found.genres[-1]
    return Summary(
        f"{found.tracks:,} tracks of {len(found.genres)} genres, {found.table} version {found.table_version}: "
        f"half of {longest.genre} is longer than {longest.median:.1f} minutes, "
        f"half of {shortest.genre} than {shortest.median:.1f}",
        [{"genre": one.genre, "tracks": one.tracks, "median, minutes": one.median} for one in found.genres],
        "Lengths of tracks by genre.",
    )
