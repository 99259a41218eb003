"""The collection of a person's own music, and its page."""

import pyarrow as pa
import pytest
from your_music_facts import listened, made_music, made_rows

from genrelab.analyses.inputs import Inputs
from genrelab.analyses.your_music.analysis import YOUR_MUSIC
from genrelab.analyses.your_music.collection import PROBLEMS, SHOWN, UNSURE, collection_of
from genrelab.analyses.your_music.pages.your_music import LONGEST, PAGE
from genrelab.analyses.your_music.result import ProblemFile
from genrelab.analyses.your_music.summary import summarise
from genrelab.lake.version import Counts
from genrelab.report.site import summarise_site
from genrelab.runtime.settings import Settings
from tasks.analysis import run_analysis


def rendered(found) -> str:
    return PAGE.render(
        PAGE.summarise({"your_music": found} if found else {}), summarise_site({}) | {"cards": []}
    )


def test_it_reads_the_table_that_it_declares(lake):
    """A table that it reads and does not declare is an error here."""
    data = pa.Table.from_pylist(made_rows())
    lake.publish("listened", data, Counts(len(data), len(data)), source="made", is_sample=True)

    found = YOUR_MUSIC.load(YOUR_MUSIC.compute)(Inputs(YOUR_MUSIC, Settings(lake.home)))

    assert (found.files, found.seconds, found.problem_count) == (8, 8 * 1800.0, 1)
    assert found.sample


def test_files_are_counted_once_whatever_number_of_champions_named_them():
    """The genre of one champion, the several genres of the other."""
    found = made_music()

    assert [(one.genre, one.files, one.seconds) for one in found.genres] == [
        ("Rock", 7, 7 * 1800.0),
        ("Folk", 1, 1800.0),
    ]
    assert found.genres[1].typical[0].genres == ("Folk", "Singer-Songwriter")
    assert (found.several, found.several_files) == ({"Folk": 1, "Singer-Songwriter": 1}, 1)
    assert found.champions == ("fma-all-genres version 3", "fma-small-genres version 3")


def test_the_most_typical_are_the_most_probable_the_strangest_the_least():
    """No file is both."""
    rock = made_music().genres[0]

    assert [one.file for one in rock.typical] == ["6.mp3", "5.mp3", "4.mp3"]
    assert [one.file for one in rock.strange] == ["0.mp3", "1.mp3", "2.mp3"]
    assert made_music().genres[1].strange == ()


def test_unsure_files_come_first():
    """The margin is between the first genre and the second: 0.46 against 0.44, then 0.50 against 0.40."""
    found = made_music().unsure

    assert [one.file for one in found[:2]] == ["日本の歌 <b>.flac", "0.mp3"]
    assert [one.margin for one in found[:2]] == pytest.approx([0.02, 0.1])
    assert found[0].second_genre == "Rock"


def test_a_large_collection_is_listed_in_part_and_counted_whole():
    """Thousands of files make a page that opens."""
    rows = [listened(f"/m/{number:05}.mp3", "Jazz", 0.6) for number in range(3000)]
    rows += [listened(f"/m/x{number:05}.mp3", problem="silent") for number in range(PROBLEMS + 5)]

    found = collection_of(rows, version=1, is_sample=False)

    assert (found.files, found.problem_count, len(found.problems)) == (3000, PROBLEMS + 5, PROBLEMS)
    assert (len(found.unsure), len(found.genres[0].typical)) == (UNSURE, SHOWN)
    assert "5 more are not listed" in rendered(found)


def test_a_file_with_a_problem_is_listed_with_the_reason():
    """Its folder helps to find it, its path stays private."""
    assert made_music().problems == (ProblemFile("notes.mp3", "music", "not audio; do: remove the file"),)
    assert "Not audio; do: remove the file" in rendered(made_music())
    assert "/music/" not in rendered(made_music())


def test_only_files_with_problems_make_a_page_too():
    """It says so."""
    found = collection_of([listened("/m/a.mp3", problem="empty")], version=1, is_sample=False)

    assert "None of 1 file could be given a genre." in rendered(found)
    assert summarise(found).message == "0 files, 0.0 hours of music; 1 without a genre"


def test_names_in_any_script_are_shown_and_tags_in_them_are_text():
    """A name is data; a long one loses its middle, not its end."""
    long = listened(f"/m/{'x' * 300}-live.flac", "Rock", 0.7)
    page = rendered(collection_of([*made_rows(), long], version=1, is_sample=False))

    assert "日本の歌 &lt;b&gt;.flac" in page
    assert "<b>.flac" not in page
    assert "x" * LONGEST not in page
    assert "-live.flac" in page


def test_genres_of_a_champion_trained_on_sample_data_are_labelled():
    """On the page and in the banner of the report."""
    found = collection_of([listened("/m/a.mp3", "Rock", 0.7, is_sample=True)], version=1, is_sample=False)

    assert "trained on sample data" in rendered(found)
    assert "the genres of your music" in summarise_site({"your_music": found})["sample_parts"]
    assert "trained on sample data" not in rendered(made_music())


def test_without_any_file_the_page_says_how_to_begin_and_the_step_does_not_fail(home):
    """A home in which nobody listened is complete."""
    assert "genrelab listen ~/Music" in rendered(None)

    state = run_analysis.fn("your_music", Settings(home=home))

    assert state.is_completed()
    assert "listened does not exist yet" in state.message
