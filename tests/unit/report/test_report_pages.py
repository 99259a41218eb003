"""Every page: the values it works out from the facts."""

from dataclasses import replace

import pytest
from awkward_names import AWKWARD
from report_facts import made_facts
from run_facts import made_bins, made_table
from training_facts import made_model, made_training, made_trainings, spotify_task

from genrelab.analyses.class_balance.analysis import BINNED_TRACKS
from genrelab.analyses.class_balance.pages import classes
from genrelab.analyses.class_balance.result import BinTracks
from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.pages import tables
from genrelab.analyses.data_quality.result import PublishedTables
from genrelab.analyses.overview.pages import index as overview
from genrelab.analyses.training.pages import confusion, matrices, models
from genrelab.analyses.training.pages.task_page import section
from genrelab.analyses.training.result import Trainings
from genrelab.evaluation.results import CalibrationBin, Score
from genrelab.report.heatmap import row_shares
from genrelab.report.pages import PAGES
from genrelab.report.site import summarise_site


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


@pytest.fixture
def facts():
    return made_facts()


def test_class_balance_says_what_is_seen(facts):
    """The title names the largest genre's share and how far the smallest lies behind."""
    summary = classes.PAGE.summarise(facts)
    chart = summary["bins"]["balance"].first

    assert chart.title == "Pop is just over a third of all binned tracks, 22 times as many as gospel/worship"
    assert [plain(cell.text) for cell in chart.grid.rows[0]] == ["pop", "12,197", "34.8 %"]
    assert chart.grid.rows[0][0].swatch == "var(--genre-pop)"
    assert summary["bins"]["unmatched"] == "3,486"
    assert plain(summary["bins"]["coverage"]) == "91.0 %"
    assert plain(summary["finding"]).startswith(
        "The rule set 'classic' finds a genre for 91.0 % of the tracks"
    )


def test_bars_are_ordered_by_size(facts):
    """The largest genre comes first, whatever the order of the facts."""
    bins = facts[BINNED_TRACKS.name]
    facts[BINNED_TRACKS.name] = replace(bins, bins=bins.bins[::-1])
    rows = classes.PAGE.summarise(facts)["bins"]["balance"].first.grid.rows
    sizes = [int(row[1].text.replace(",", "")) for row in rows]

    assert sizes == sorted(sizes, reverse=True)


def test_the_fma_is_counted_among_labelled_tracks(facts):
    """Shares of top genres leave tracks without one aside."""
    fma = classes.PAGE.summarise(facts)["fma"]

    assert plain(fma["coverage"]) == "46.5 %"
    assert fma["genres"].first.title == "Rock and Experimental are half of the labelled tracks"
    assert [plain(cell.text) for cell in fma["splits"].rows[0]] == ["training", "84,353", "79.1 %"]


def test_one_genre_alone_still_has_a_title():
    """A made-up lake may hold a single genre."""
    bins = replace(made_bins(), bins=(BinTracks("pop", 3, 1.0),), binned=3)
    summary = classes.PAGE.summarise({BINNED_TRACKS.name: bins})

    assert summary["bins"]["balance"].first.title.startswith("Pop is ")


def test_a_matrix_is_described_by_what_swallows_the_rest():
    """Five points too many answers make the headline; else the largest share of a genre, not the largest count."""
    labels = ["pop", "rock"]

    assert (
        plain(matrices.describe([[50, 0], [40, 10]], labels))
        == "90 % of all predictions are pop, but only 50 % of the tracks"
    )
    assert (
        plain(matrices.describe([[480, 20], [3, 47]], labels))
        == "Rock is taken for another genre most: 6 % of its 50 tracks are predicted as pop"
    )
    assert matrices.describe([[5, 0], [0, 5]], labels) == "Every track was predicted correctly"
    assert matrices.describe([[0, 0], [0, 0]], labels) == "No track was scored"


def test_the_genre_recognised_worst_is_told_by_share_and_not_by_count():
    """One of few tracks is not called the worst, unless there is no other."""
    labels = ["pop", "rock", "polka"]
    counts = [[300, 100, 0], [30, 10, 10], [2, 0, 0]]

    found = matrices.worst_sentence(matrices.worst(counts, labels))

    assert plain(found) == "Rock is recognised worst: 20 % of its 50 tracks; 60 % are predicted as pop"
    assert matrices.worst([[1, 1, 0], [1, 0, 0], [0, 0, 0]], labels).genre == "rock"
    assert matrices.worst_sentence(matrices.worst([[0] * 3] * 3, labels)) == "No track was scored"


def test_row_shares_add_up_to_one_or_to_nothing():
    """A genre without test tracks stays empty."""
    assert row_shares([[3, 1], [0, 0]]) == [[0.75, 0.25], [0.0, 0.0]]


def test_every_model_and_split_with_a_matrix_can_be_picked():
    """On the page of the task, the champion on new artists first; the random split is not offered."""
    task = spotify_task()
    first, *others = task.runs
    first = replace(first, confusion=first.confusion | {"random": ((1,) * 12,) * 12})
    chart = section(replace(task, runs=(first, *others)))["confusion"]

    assert len(chart.views) == 4 * 3 + 4 * 2
    assert chart.pickers[0].options[0][1] == "Random forest (duplicates kept), champion"
    assert [name for name, _ in chart.pickers[1].options] == ["grouped", "gate", "author"]
    assert "interval 44.8 to 47.0" in plain(chart.first.caption)
    assert "baseline 33.6 %" in plain(chart.first.caption)


def test_the_page_of_mistakes_shows_the_model_in_use_of_every_task(facts):
    """One picker of tasks, the deciding rule set first; the finding names model, rule set and split."""
    summary = confusion.PAGE.summarise(facts)
    chart = summary["charts"][0]

    assert [value for value, _ in chart.pickers[0].options] == ["bins", "top-genre"]
    assert chart.first_key == "bins|grouped"
    assert plain(summary["finding"]).endswith("(Random forest for the classic rules, on new artists).")
    assert summary["finding"].startswith(chart.first.title)
    assert [address for _, address in summary["tasks"]] == [
        "models-bins.html#mistakes",
        "models-top-genre.html#mistakes",
    ]


def test_the_page_of_a_task_shows_the_champion_and_why():
    """Kind, version, since when, the decision in words and in numbers."""
    champion = section(spotify_task())["champion"]

    assert champion["model"] == "Random forest (duplicates kept)"
    assert champion["since"] == "9 March 2026, 03:21 UTC"
    assert champion["decision"].startswith("It stays")
    assert plain(champion["numbers"].rows[0][0].text) == "Macro F1"
    assert champion["numbers"].rows[0][1].text == "+0.004"


def test_the_best_models_begin_with_the_rule_set_that_decides(facts):
    """Each task links to its page; a variant comes last; headline and lead are those of the first."""
    classic, fma = made_trainings().of_one_label
    reviewed = replace(classic, task="reviewed-bins", rule_set="reviewed")
    variant = replace(reviewed, task="variant", is_variant=True, champion=None)
    facts["training"] = Trainings((classic, variant, fma, reviewed))
    facts["bin_genres"] = replace(facts["bin_genres"], rule_set="reviewed")

    summary = models.PAGE.summarise(facts)

    assert "the model in use for the reviewed rules (Random forest)" in summary["finding"]
    assert [row[0].link for row in summary["tasks"].rows] == [
        "models-reviewed-bins.html",
        "models-bins.html",
        "models-top-genre.html",
        "models-variant.html",
    ]
    assert [page.file for page in models.PAGE.more(facts)] == [row[0].link for row in summary["tasks"].rows]
    assert overview.PAGE.summarise(facts)["answer"] == summary["finding"]


def test_the_per_class_report_compares_answers_with_tracks():
    """The genre answered far too often is the title."""
    chart = section(spotify_task())["per_class"]
    rows = spotify_task().runs[6].per_class["grouped"]

    assert (
        plain(chart.first.title)
        == f"Pop is 35 % of tracks and {rows[0].predicted_share * 100:.0f} % of predictions"
    )
    assert len(chart.first.grid.rows) == 12


def test_calibration_is_called_what_it_is():
    """A model that says 90 % and is right in 60 % is too sure."""
    run = made_model(
        "x",
        label="x",
        scores={"grouped/accuracy": Score(0.6, 0.5, 0.7)},
        calibration={"grouped": (CalibrationBin(0.9, 0.6, 50.0),)},
    )

    assert plain(section(made_training(run))["calibration"].first.title) == (
        "x: confidence is off by more than 5 points for 100 % of tracks, most where it is 90 %: 60 % are correct, so it"
        " is too high"
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (made_table("x", 7, read=10, quarantined=1, duplicates=2), True),
        (made_table("x", 7, read=10, quarantined=1, duplicates=1), False),
    ],
)
def test_the_accounts_of_a_table_are_checked(table, expected):
    """Read = published + quarantined + duplicates."""
    assert table.adds_up is expected


def test_accounts_that_do_not_add_up_are_the_finding():
    """The page does not hide it."""
    summary = tables.PAGE.summarise({TABLES.name: PublishedTables((made_table("x", 1, read=3),))})

    assert summary["finding"] == "The row counts of x do not add up."
    assert summary["accounts"].rows[0][6].mark == "bad"


def test_rejected_rows_are_shown_with_their_reasons(facts):
    """The record is laid out line by line; one that is no JSON stays as it came; the rest is counted."""
    entry = tables.PAGE.summarise(facts)["entries"][0]

    assert entry["rejected"][0]["reasons"] == ("energy between 0 and 1: found 7.0", "track_id is missing")
    assert '\n  "energy": "7"\n' in entry["rejected"][0]["record"]
    assert entry["rejected"][1]["record"] == "{broken"
    assert entry["more_rejected"] == 2


def test_the_overview_answers_with_the_champion_on_new_artists(facts):
    """Score, interval and baseline in one sentence."""
    assert plain(overview.PAGE.summarise(facts)["answer"]) == (
        "On new artists, the model in use for the classic rules (Random forest) predicts the genre of 45.9 % of tracks"
        " correctly (95 % interval 44.8 to 47.0); always predicting the commonest genre would reach 33.6 %."
    )


def test_the_run_tells_its_failures_first(facts):
    """A failed step is never behind a cheerful sentence."""
    summary = overview.PAGE.summarise(facts)

    assert (
        plain(summary["run"])
        == "1 of 6 steps failed; 1 skipped because nothing had changed. Their last executions took 3 min 31 s in total."
    )
    assert [step["state"] for step in summary["steps"]].count("failed") == 1


def test_key_figures_stand_in_their_context(facts):
    """Each figure says what it is and out of how many."""
    figures = {
        figure["what"]: plain(f"{figure['value']}: {figure['context']}")
        for figure in overview.PAGE.summarise(facts)["numbers"]
    }

    assert figures["tracks with a target genre"] == "35,049: 91.0 % of 38,535 tracks"
    assert figures["tables published"] == "7: 4 rows quarantined, each with its reason"


def test_the_footer_names_run_commit_and_versions(facts):
    """What a reader needs to find this run again."""
    site = summarise_site(facts)

    assert site["generated_at"] == "12 March 2026, 03:14 UTC"
    assert site["git_commit"] == "a2498d8f"
    assert {"table": "spotify_tracks", "version": "3", "anchor": "spotify-tracks"} in site["versions"]
    links = [link for group in site["navigation"] for link in group["pages"]]
    assert [link["file"] for link in links] == [f"{page.name}.html" for page in PAGES]


def test_pages_have_names_of_their_own():
    """Two pages of one name would overwrite each other; the first is where a reader lands."""
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert PAGES[0].name == "index"


def test_a_page_without_facts_says_what_makes_them():
    """It is there, and names the command."""
    for page in PAGES:
        summary = page.summarise({})
        if page.needs:
            assert not summary["has_run"]
            assert f"<code>{page.command}</code>" in page.render(summary, summarise_site({}) | {"cards": []})


def test_awkward_text_stays_text(facts):
    """What came from outside appears as text on every page."""
    site = summarise_site(facts) | {"cards": []}
    for page in PAGES:
        text = page.render(page.summarise(facts), site)
        assert AWKWARD not in text
        assert "<img src=x" not in text
        assert "<b>metalcore</b>" not in text


def test_the_overview_tells_how_well_all_genres_are_named_in_words():
    """By the champion's Jaccard on the test part, beside the best baseline; Models keeps to one label per track."""
    facts = {"training": made_trainings()}
    text = " ".join(overview.PAGE.summarise(facts)["all_genres"].split())

    assert text.startswith(
        "All genres of a track, FMA test part: the genres that the model in use names and those that the track has"
        " overlap by 0.240 on average (95 % interval 0.220 to 0.260)"
    )
    assert "would reach 0.110" in text
    assert len(models.PAGE.summarise(facts)["tasks"].rows) == len(facts["training"].of_one_label) == 2
