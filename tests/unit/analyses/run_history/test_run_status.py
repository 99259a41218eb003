"""The status of a run in words, and what differs between two runs."""

from dataclasses import replace

from run_history_facts import REASON, failed_step, made_history, made_run_record

from genrelab.analyses.run_history.changes import differences, facts_of_run, flips_over, in_a_sentence
from genrelab.analyses.run_history.pages import changed, failed, trends
from genrelab.analyses.run_history.result import ENDED_FAILED, KILLED, RUNNING, RunHistory
from genrelab.analyses.run_history.status import as_text, status_of


def test_a_failed_run_says_what_failed_since_when_and_what_is_in_use():
    """The reason is whole, and the last good version has its date."""
    status = status_of(made_history())

    assert status.is_bad
    assert status.headline == "Run nightly, 2026-03-12 02:30 to 03:14 UTC (44 min): 1 of 3 steps failed."
    text = as_text(status)
    assert REASON in text
    assert "It has failed since 2026-03-11 02:31 UTC." in text
    assert "Still in use: origin_tracks version 0 of 2026-03-09 02:31 UTC." in text
    assert "Sample data: origin_tracks." in text


def test_a_step_that_was_left_out_is_not_done():
    """It is counted apart from those that are done, and named."""
    status = status_of(RunHistory((made_run_record(),), {}))

    assert not status.is_bad
    assert status.headline.endswith("1 step done, 1 unchanged, 1 left out.")
    assert status.left_out.endswith("train_fma.")


def test_a_run_that_failed_outside_of_its_steps_gives_its_reason():
    """So does one that was killed; a report in the middle of a run says that it is."""
    run = made_run_record()

    def headline(**change):
        return status_of(RunHistory((replace(run, **change),), {})).headline

    assert headline(state=ENDED_FAILED, message="TimeLimitError").endswith("it failed: TimeLimitError.")
    assert "was killed" in headline(state=KILLED, ended="")
    assert "still running" in headline(state=RUNNING, ended="")


def test_without_a_run_there_is_no_status():
    """A site without facts has no band."""
    assert status_of(RunHistory((), {})) is None


def test_what_changed_is_counted_by_kind():
    """Tables, champions, scores and predictions; a new failure is named, and one that is over."""
    first, second, third = made_history().runs

    assert in_a_sentence(second, third) == (
        "Changed since the run before: 1 table, 1 champion, 1 score, 2 predictions. New failure: ingest_origin."
    )
    assert "No longer failing: ingest_origin." in in_a_sentence(third, replace(first, key="000004"))
    assert in_a_sentence(first, first) == "Nothing changed since the run before."
    assert in_a_sentence(None, first) == "This is the first run on record."


def test_a_difference_has_the_earlier_and_the_later_text():
    """What one of the runs lacks is an empty text; a run without training has no champions."""
    run = made_run_record()
    found = differences(facts_of_run(run), facts_of_run(replace(run, champions={}, rules={})))

    assert found["Champions"] == [("spotify-bins-reviewed", "Blend, version 1", "")]
    assert ("rule set reviewed", "content abcdef01", "") in found["Rules"]
    assert "Tables" not in found


def test_a_prediction_that_flipped_back_has_not_changed():
    """Over several runs a track has its first genre and its last one."""
    history = made_history()
    one, two, three = (run.key for run in history.runs)

    def between(before, after):
        return [
            (flip.track_id, flip.before, flip.after)
            for flip in flips_over(*vars(history).values(), before, after)
        ]

    assert between(one, two) == [("t1", "rock", "pop")]
    assert between(two, three) == [("t1", "pop", "rock"), ("t2", "dance", "rock")]
    assert between(one, three) == [("t2", "dance", "rock")]


def test_the_page_on_failures_links_the_pages_that_depend_on_them():
    """Origin, Tables and Validation show what a broken origin file leaves in use."""
    summary = failed.fill(made_history())
    [failure] = summary["failures"]

    assert summary["finding"] == "ingest_origin failed; its last good result stays in use."
    assert failure["todo"] == "fetch it again"
    assert {"origin.html", "tables.html", "validation.html"} <= {page["file"] for page in failure["pages"]}
    assert [row[1].text for row in summary["steps"].rows] == ["failed", "left out", "done in this run"]


def test_the_page_on_changes_shows_the_last_two_runs():
    """The newest run is compared with the one before it; a single run with nothing."""
    history = made_history()
    summary = changed.fill(history)

    assert (summary["before"], summary["after"]) == ("000002", "000003")
    assert [section["name"] for section in summary["sections"]] == [
        "Tables",
        "Champions",
        "Scores",
        "Failures",
    ]
    assert summary["flips_note"] == "The predicted genre changed for 2 predictions."
    assert changed.fill(RunHistory(history.runs[:1], {}))["sections"] == []


def test_trends_say_what_they_draw():
    """Each title is computed from the values of its own line, with gaps where a run lacks them."""
    first, second, third = made_history().runs
    charts = {
        chart.name: chart
        for chart in trends.fill(RunHistory((first, replace(second, champions={}), third), {}))["charts"]
    }

    rows = charts["rows"].views["spotify_tracks"]
    assert rows.title == "spotify_tracks: the number of rows went up from 38,531 to 38,533 over 3 runs"
    assert list(rows.traces[0]["y"]) == [38_531, 38_532, 38_533]
    scores = charts["scores"].first
    assert list(scores.traces[0]["y"]) == [0.41, None, 0.43]
    assert scores.title.endswith(
        "went up from 41.0\N{NARROW NO-BREAK SPACE}% to 43.0\N{NARROW NO-BREAK SPACE}% over 2 runs"
    )
    assert charts["failures"].first.title == "ingest_origin failed most: in 1 of 3 runs"
    assert list(charts["failures"].first.traces[0]["y"]) == [0, 0, 1]


def test_a_table_that_varied_is_shown_first():
    """The others can be picked."""
    [rows] = [chart for chart in trends.fill(made_history())["charts"] if chart.name == "rows"]

    assert list(rows.views) == ["spotify_tracks", "origin_tracks"]


def test_a_failure_that_is_over_is_not_shown():
    """The page says that nothing failed."""
    summary = failed.fill(RunHistory((made_run_record(),), {}))

    assert summary["failures"] == []
    assert summary["finding"].startswith("Nothing failed")
    assert failed_step().step not in summary["finding"]
