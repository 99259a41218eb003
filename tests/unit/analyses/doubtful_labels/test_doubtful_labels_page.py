"""What the page, the line and the runs say of doubtful labels."""

from doubtful_labels_facts import made_doubts, made_task

from genrelab.analyses.doubtful_labels.pages.charts import (
    effects_chart,
    genres_chart,
    joint_chart,
    tracks_chart,
)
from genrelab.analyses.doubtful_labels.pages.doubtful_labels import fill
from genrelab.analyses.doubtful_labels.result import Chance, DoubtfulLabels
from genrelab.analyses.doubtful_labels.runs import runs_of
from genrelab.analyses.doubtful_labels.summary import summarise
from genrelab.evaluation.results import Difference


def test_the_page_says_what_was_found_and_what_chance_gives():
    """Counts, expected counts, changed labels, the artist's other tracks and the searched name."""
    part = fill({"doubtful_labels": made_doubts()})["tasks"][0]

    assert "900 of 49,990 labels" in part["summary"]
    assert "country/folk that sounds like rap/hip hop (800)" in part["summary"]
    assert "650 would be doubtful" in part["credible"]
    assert "250 more than genres that sound alike explain" in part["credible"]
    assert "300 labels changed on purpose" in part["checks"]
    assert "A sample of 50,000 of them" in part["rows"]
    assert "tracks labelled focus/sleep" in part["rows"]


def test_the_page_names_the_sample_that_was_read():
    """Only where the table was not read whole."""
    read = made_task(drawn_from="a sample of 499,998 of 900,000 rows, seeded")
    said = [
        fill({"doubtful_labels": DoubtfulLabels((task,), {})})["tasks"][0]["rows"]
        for task in (read, made_task())
    ]

    assert (
        "these are from a sample of 499,998 of 900,000 rows, seeded, by artists (setting training.rows)."
        in said[0]
    )
    assert "training.rows" not in said[1]


def test_doubts_within_chance_are_not_called_errors():
    """The interval of the excess holds 0."""
    task = made_task(doubts=Chance(900, 890.0, 7_000.0, Difference(10.0, -50.0, 70.0)))
    fewer = made_task(doubts=Chance(900, 990.0, 7_000.0, Difference(-90.0, -150.0, -30.0)))

    assert (
        "no count of wrong labels"
        in fill({"doubtful_labels": DoubtfulLabels((task,), {})})["tasks"][0]["credible"]
    )
    assert (
        "fewer than genres that sound alike"
        in fill({"doubtful_labels": DoubtfulLabels((fewer,), {})})["tasks"][0]["credible"]
    )


def test_the_titles_of_the_charts_are_computed():
    """The most doubtful track, the most doubted label, the largest confusion, what dropping changes."""
    task = made_task()

    assert tracks_chart(task).first.title.startswith(
        "A <b>bold</b> song by Somebody is labelled country/folk"
    )
    assert "country/folk are doubted most often: 4.5" in genres_chart(task).first.title
    assert "labelled country/folk are attributed to rock" in joint_chart(task).first.title
    assert effects_chart(task).first.title == (
        "Doubtful rows dropped: the log loss on new artists gets worse (+0.010 to +0.040)"
    )


def test_a_task_without_doubts_and_trials_has_a_page():
    """The reason why nothing was tried is shown; a task that was not audited is named."""
    shown = fill({"doubtful_labels": made_doubts()})
    quiet = shown["tasks"][1]

    assert quiet["tracks"] is quiet["effects"] is None
    assert quiet["genres"].first.title == "No label is doubtful"
    assert "so few artists" in quiet["untried"]
    assert shown["missing"] == [("spotify-bins-mine", "no labels to audit")]


def test_without_any_task_the_page_says_why():
    """And it has no finding."""
    shown = fill({"doubtful_labels": DoubtfulLabels((), {"a": "no labels"})})

    assert (shown["tasks"], shown["finding"]) == ([], "")


def test_the_line_and_the_runs_have_the_same_numbers():
    """One run for each task."""
    found = made_doubts()
    tree = runs_of(found)

    assert "900 of 49,990 labels are doubtful (650 expected" in summarise(found).message
    assert "+0.0260 (+0.0100 to +0.0400)" in summarise(found).message
    assert "spotify-bins-mine: no labels to audit" in summarise(found).message
    assert [one.key for one in tree.runs] == ["spotify-bins-classic", "fma-top-genre"]
    assert tree.runs[0].metrics["doubtful"] == 900
    assert tree.runs[0].metrics["doubtful_dropped/log_loss_change_high"] == 0.04
    assert "planted/found" not in tree.runs[1].metrics
