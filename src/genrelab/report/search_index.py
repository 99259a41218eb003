"""What the search of the report finds, as scripts that a page loads at the first keystroke.

Conventions: a page opened from disk may not read other files, so that each list is a script with one call,
`found(NAME, ZIPPED)`. `entries` holds pages, charts, models and what pages name under the key `search` of their
summary, as `(kind, text, address, note)`. `names` holds artists and tracks in columns; ids are of Spotify and empty for
other sources, whose artists and tracks are searched where they come from. Of a large table it holds the most popular
tracks, and says so in `note`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt

from genrelab.analyses.training.analysis import TRAINING
from genrelab.report.figure import Chart, pack
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.vocabulary import task_label

Entry = tuple[str, str, str, str]
MODELS_PAGE = "models.html"
MOST_TRACKS = 200_000
"""Tracks of a table that the search finds at most.

A browser loads all names as one script and compares each at every keystroke: so many take 10 MB, 4.6 million would take
250 MB.
"""


@dataclass
class Names:
    """Artists and tracks, each once.

    Args:
        artists: Names.
        artist_ids: Their ids at Spotify, or empty texts.
        titles: Titles of tracks.
        by: Place of each track's artist in `artists`.
        ids: Ids of the tracks at Spotify, or empty texts.
        genre: Place of each track's genre in `genres`.
        genres: Genres; the first one is empty, for tracks without one.
        note: Which tracks were left out, in words; empty if none were.
    """

    artists: list[str] = field(default_factory=list)
    artist_ids: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    by: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    genre: list[int] = field(default_factory=list)
    genres: list[str] = field(default_factory=lambda: [""])
    note: str = ""

    def add_note(self, rows: int, source: str) -> None:
        """Say that only the most popular tracks of a table are among the names.

        Args:
            rows: Tracks of the table.
            source: Where they come from: "Spotify" or "FMA".
        """
        more = (
            f"Search finds the {MOST_TRACKS:,} most popular of {rows:,} {source} tracks, and their artists."
        )
        self.note = f"{self.note} {more}".strip()

    def columns(self) -> dict[str, object]:
        """Return what the script holds: the columns, and the note if there is one."""
        return {name: value for name, value in asdict(self).items() if name != "note" or value}

    def add(self, columns: Mapping[str, Sequence[object]], *, has_ids: bool) -> None:
        """Add the tracks of a table.

        Args:
            columns: `artist`, `artist_id`, `title`, `track_id` and `genre`, of the same length; values may be None.
                A track without a title and an artist without a name are left out.
            has_ids: Whether the ids are Spotify's.
        """
        known: dict[tuple[object, object], int] = {}
        places = {name: place for place, name in enumerate(self.genres)}
        seen: set[tuple[int, object]] = set()
        names = ("artist", "artist_id", "title", "track_id", "genre")
        for artist, artist_id, title, track_id, genre in zip(*(columns[name] for name in names), strict=True):
            if not artist or not title:
                continue
            key = (artist, artist_id if has_ids else None)
            if key not in known:
                known[key] = len(self.artists)
                self.artists.append(str(artist))
                self.artist_ids.append(str(artist_id or "") if has_ids else "")
            if (known[key], title) in seen:
                continue
            seen.add((known[key], title))
            called = str(genre or "")
            if called not in places:
                places[called] = len(self.genres)
                self.genres.append(called)
            self.titles.append(str(title))
            self.by.append(known[key])
            self.ids.append(str(track_id) if has_ids else "")
            self.genre.append(places[called])


def most_popular(popularity: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Mark the `MOST_TRACKS` most popular tracks; of equally popular ones the first.

    Args:
        popularity: Of each track, NaN where it is missing; shape (tracks,).
    """
    known: npt.NDArray[np.float64] = np.nan_to_num(popularity, nan=-1)
    if len(known) <= MOST_TRACKS:
        return np.ones(len(known), dtype=bool)
    least = np.partition(known, -MOST_TRACKS)[-MOST_TRACKS]
    is_found: npt.NDArray[np.bool_] = known > least
    is_found[np.flatnonzero(known == least)[: MOST_TRACKS - is_found.sum()]] = True
    return is_found


def search_entries(made: Sequence[tuple[Page, Summary]], facts: Facts) -> list[Entry]:
    """Return what the search finds besides artists and tracks.

    Args:
        made: Every page with its summary.
        facts: What the run found.
    """
    found: list[Entry] = [("Pages", page.label, page.file, f"{page.group}: {page.title}") for page, _ in made]
    for page, summary in made:
        found += [tuple(entry) for entry in summary.get("search", ())]
        found += [
            ("Charts", chart.first.title, f"{page.file}#{chart.name}", page.label)
            for chart in _charts(summary)
        ]
    return [*found, *_models(made, facts)]


def _charts(value: object) -> Iterator[Chart]:
    """Yield the charts of a summary."""
    if isinstance(value, Chart):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _charts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _charts(each)


def _models(made: Sequence[tuple[Page, Summary]], facts: Facts) -> list[Entry]:
    trained = TRAINING.found_in(facts)
    own = {page.task: page.file for page, _ in made if page.task}
    return [
        ("Models", run.name, own.get(one.task, MODELS_PAGE), task_label(one.task))
        for one in (trained.tasks if trained else ())
        for run in one.runs
    ]


def list_script(name: str, value: object) -> str:
    """Return the script that hands over a list."""
    return f'found("{name}","{pack(value)}");\n'
