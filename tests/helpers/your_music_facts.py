"""Made-up rows of the table `listened`, and what the page "Your music" is made of."""

from genrelab.analyses.your_music.collection import collection_of
from genrelab.analyses.your_music.result import YourMusic


def listened(path: str, genre: str = "", probability: float = 0.0, **changes) -> dict[str, object]:
    """Return a row: a file with a genre and a second one, or without any."""
    other = "Folk" if genre != "Folk" else "Rock"
    row = {
        "path": path,
        "file": path.rpartition("/")[2],
        "digest": "0" * 64,
        "recipe": "clips-59@1",
        "seconds": 1800.0,
        "problem": "",
        "champion": "fma-small-genres" if genre else "",
        "model_version": 3 if genre else None,
        "genre": genre or None,
        "probability": probability if genre else None,
        "probabilities": [
            {"genre": genre, "probability": probability},
            {"genre": other, "probability": 0.9 - probability},
        ]
        if genre
        else None,
        "all_genres": None,
        "nearest": [{"track": "Food", "artist": "AWOL", "genre": "Hip-Hop"}] if genre else None,
        "is_sample": False,
    }
    return row | changes


def made_rows() -> list[dict[str, object]]:
    """Return seven files of Rock, one of Folk with several genres, one that cannot be used."""
    rock = [listened(f"/music/rock/{number}.mp3", "Rock", 0.5 + number / 25) for number in range(7)]
    folk = listened("/music/東京/日本の歌 <b>.flac", "Folk", 0.46)
    several = folk | {
        "genre": None,
        "champion": "fma-all-genres",
        "all_genres": ["Folk", "Singer-Songwriter"],
    }
    broken = listened("/music/notes.mp3", problem="not audio; do: remove the file")
    return [*rock, folk, several, broken]


def made_music() -> YourMusic:
    """Return the summary of these files."""
    return collection_of(made_rows(), version=2, is_sample=False)


RESULTS = {"your_music": made_music}
