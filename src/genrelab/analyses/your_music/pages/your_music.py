"""The page of a person's own music: genres, typical and strange files, unsure ones, problems."""

from collections.abc import Callable, Mapping, Sequence

from genrelab.analyses.your_music.analysis import YOUR_MUSIC
from genrelab.analyses.your_music.result import GenreFiles, Heard, YourMusic
from genrelab.report.charts import bars
from genrelab.report.figure import (
    Cell,
    Chart,
    Grid,
    Picker,
    View,
    genre_cell,
    single,
    table_of,
    text_column,
)
from genrelab.report.page import Page, Summary, of_result
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, listing, percent, plural, seconds, sentence

LONGEST = 64
"""Characters of a name in a table; the middle of a longer one is left out."""
MOST_BARS = 20
HOUR = 3600


def fill(found: YourMusic) -> Summary:
    """Return the values of the page."""
    return {
        "finding": _finding(found),
        "is_sample": found.sample,
        "collection": _collection(found.genres) if found.genres else None,
        "typical": _by_genre(found.genres, lambda one: one.typical),
        "strange": _by_genre(found.genres, lambda one: one.strange),
        "unsure": _unsure(found.unsure),
        "several": _several(found) if found.several else None,
        "several_text": f"Several genres were asked for {plural(found.several_files, 'file')}; a file may count "
        "for none, one or many.",
        "near": _near(found.near_genres, found.files),
        "problems": table_of(
            found.problems,
            ("File", lambda one: _file(one.file, one.folder)),
            (text_column("Why it has no genre"), lambda one: sentence(one.problem)),
        ),
        "problems_text": _problems(found),
        "method": f"Read from version {found.table_version} of {found.table}, which holds the files of the last run "
        f"of `genrelab listen` and of those before it. Genres by {listing(found.champions) or 'no champion'}. "
        "Probabilities are calibrated on tracks of artists that the champion was not trained on, all of the Free Music "
        "Archive: music unlike that archive is judged by what it resembles there.",
    }


def _finding(found: YourMusic) -> str:
    if not found.genres:
        return f"None of {plural(found.problem_count, 'file')} could be given a genre."
    first = found.genres[0]
    text = (
        f"{plural(found.files, 'file')}, {seconds(found.seconds)} of music in {plural(len(found.genres), 'genre')}: "
        f"most often {first.genre}, {percent(first.files / found.files, 0)} of the files"
    )
    return (
        f"{text}; {plural(found.problem_count, 'file')} without a genre."
        if found.problem_count
        else f"{text}."
    )


def _collection(genres: Sequence[GenreFiles]) -> Chart:
    """Return the chart of the collection: files of each genre, or hours."""
    grid = table_of(
        genres,
        ("Genre", lambda one: genre_cell(one.genre)),
        ("Files", lambda one: count(one.files)),
        ("Length", lambda one: seconds(one.seconds)),
    )
    shown = genres[:MOST_BARS]
    names, colours = [one.genre for one in shown], [genre_colour(one.genre) for one in shown]
    longest = max(genres, key=lambda one: one.seconds)
    files = View(
        title=f"{genres[0].genre} has the most files",
        caption="Files by their most probable genre.",
        grid=grid,
        **bars(
            names, [one.files for one in shown], [count(one.files) for one in shown], colours, axis="Files"
        ),
    )
    hours = View(
        title=f"{longest.genre} lasts longest",
        caption="Total length of the files by their most probable genre.",
        grid=grid,
        **bars(
            names,
            [one.seconds / HOUR for one in shown],
            [seconds(one.seconds) for one in shown],
            colours,
            axis="Length, hours",
        ),
    )
    picker = Picker("Count", (("files", "files"), ("hours", "hours")))
    return Chart("collection", {"files": files, "hours": hours}, (picker,))


def _by_genre(genres: Sequence[GenreFiles], chosen: Callable[[GenreFiles], Sequence[Heard]]) -> Grid | None:
    """Return a table of files of each genre; None without any file."""
    rows = [one for genre in genres for one in chosen(genre)]
    if not rows:
        return None
    return table_of(
        rows,
        ("File", lambda one: _file(one.file, one.folder)),
        (text_column("Genre"), lambda one: genre_cell(one.genre)),
        ("Probability", lambda one: percent(one.probability, 0)),
        (text_column("Sounds most like", "track of the archive"), lambda one: _short(one.near)),
    )


def _unsure(files: Sequence[Heard]) -> Grid | None:
    if not files:
        return None
    return table_of(
        files,
        ("File", lambda one: _file(one.file, one.folder)),
        (text_column("Either"), lambda one: genre_cell(one.genre, percent(one.probability, 0))),
        (
            text_column("Or"),
            lambda one: genre_cell(one.second_genre, percent(one.probability - one.margin, 0)),
        ),
        ("Margin", lambda one: decimal(one.margin, 2)),
        (text_column("Several genres"), lambda one: listing(one.genres)),
    )


def _several(found: YourMusic) -> Chart:
    shown = dict(list(found.several.items())[:MOST_BARS])
    view = View(
        title=f"{next(iter(shown))} is named most often where a file may have several genres",
        caption="Files by genre, as named by the champion of several genres; the most frequent ones.",
        grid=table_of(
            found.several.items(),
            ("Genre", lambda one: genre_cell(one[0])),
            ("Files", lambda one: count(one[1])),
            ("Share", lambda one: percent(one[1] / found.several_files)),
        ),
        **bars(
            list(shown),
            list(shown.values()),
            [count(files) for files in shown.values()],
            [genre_colour(genre) for genre in shown],
            axis="Files",
        ),
    )
    return single("several", view)


def _near(genres: Mapping[str, int], files: int) -> str:
    """Return the genres of the nearest tracks of the archive in a sentence; empty if none is known."""
    if not genres:
        return ""
    most = [f"{genre} ({plural(number, 'file')})" for genre, number in list(genres.items())[:3]]
    return (
        f"The most similar track of the archive, for {plural(files, 'file')}: most often of {listing(most)}."
    )


def _problems(found: YourMusic) -> str:
    if not found.problem_count:
        return ""
    text = f"{plural(found.problem_count, 'file')} could not be given a genre."
    rest = found.problem_count - len(found.problems)
    return f"{text} {count(rest)} more are not listed." if rest else text


def _file(name: str, folder: str) -> Cell:
    return Cell(_short(name), _short(folder))


def _short(text: str) -> str:
    """Return a name without the middle if it is long: its end tells takes and formats apart."""
    if len(text) <= LONGEST:
        return text
    half = (LONGEST - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


PAGE = Page(
    name="your_music",
    label="Your music",
    group="Your music",
    title="Which genres are in your music?",
    question="Point genrelab at a folder of music, and it hears the genre of every file. Here is the collection by "
    "genre, what is typical, what is strange, and where the champion is unsure: listen to those first.",
    needs=(YOUR_MUSIC.name,),
    command="genrelab listen ~/Music",
    fill=of_result(YOUR_MUSIC, fill),
)
