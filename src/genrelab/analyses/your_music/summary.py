"""What is reported of a collection where it was computed: a line, and a table for the Prefect UI."""

from genrelab.analyses.analysis import Summary
from genrelab.analyses.your_music.result import YourMusic


def summarise(found: YourMusic) -> Summary:
    """Return the most frequent genre, and the genres as rows."""
    problems = f"; {found.problem_count:,} without a genre" if found.problem_count else ""
    most = f", most often {found.genres[0].genre} ({found.genres[0].files:,} files)" if found.genres else ""
    return Summary(
        f"{found.files:,} files, {found.seconds / 3600:.1f} hours of music{most}{problems}",
        [
            {"genre": one.genre, "files": one.files, "hours": round(one.seconds / 3600, 2)}
            for one in found.genres
        ],
        "The collection by genre.",
    )
