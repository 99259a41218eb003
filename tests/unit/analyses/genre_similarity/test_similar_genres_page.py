"""What the page, the line and the runs say of similar genres."""

from awkward_names import AWKWARD
from genre_similarity_facts import LONG, made_collection, made_similarity
from page_checks import says_none, text_of

from genrelab.analyses.genre_similarity.pages.charts import chord, runners_up_chart
from genrelab.analyses.genre_similarity.pages.document import document_table, verdicts
from genrelab.analyses.genre_similarity.pages.similar_genres import PAGE
from genrelab.analyses.genre_similarity.pages.words import leads, similar
from genrelab.analyses.genre_similarity.result import Genre, GenreSimilarity, Pair
from genrelab.analyses.genre_similarity.runs import runs_of
from genrelab.analyses.genre_similarity.summary import summarise
from genrelab.evaluation.results import Score
from genrelab.report.site import summarise_site


def pair(other: str, tracks: int, share: float, prior: float, p: float = 1.0) -> Pair:
    """A pair with an interval of five points on each side."""
    return Pair(other, tracks, Score(share, max(share - 0.05, 0.0), share + 0.05), prior, p, share / 2)


def known(p_folk: float = 0.001, p_rock: float = 1.0):
    """Rock, Folk and Classical with numbers that can be checked."""
    return made_collection(
        genres=(
            Genre("Rock", 100, 50, 0.1, (pair("Folk", 60, 0.6, 0.62), pair("Classical", 40, 0.4, 0.38))),
            Genre(
                "Folk", 50, 40, 0.1, (pair("Rock", 45, 0.9, 0.77, p_rock), pair("Classical", 5, 0.1, 0.23))
            ),
            Genre(
                "Classical",
                30,
                25,
                0.1,
                (pair("Folk", 21, 0.7, 0.33, p_folk), pair("Rock", 9, 0.3, 0.67, 0.01)),
            ),
        )
    )


def test_the_leader_is_told_from_what_its_number_of_tracks_explains():
    """By count first, then those beyond the priors."""
    assert leads(known(), "Rock") == (
        "Rock is the most frequent runner-up of 1 of 2 other genres; more often than its number of tracks explains, "
        "of none of them"
    )
    assert leads(known(p_rock=0.01), "Rock").endswith("explains, of all of them (Folk)")
    assert leads(known(), "Folk").endswith("explains, of 1 of them (Classical)")
    assert leads(known(), "Classical") == "Classical is the most frequent runner-up of none of 2 other genres"
    assert "Classical to Folk (2.1 times)" in similar(known())


def test_the_findings_of_the_document_are_judged_by_the_numbers():
    """Confirmed, within chance, less than by the priors, or not to be tested."""
    said = {one.claim: one.says for one in verdicts([known()])}
    chance = {one.claim: one.says for one in verdicts([known(p_folk=0.2)])}

    assert said["Rock resembles most other genres:"].startswith("not confirmed. Rock is the most frequent")
    assert said["Classical resembles Folk:"].startswith("confirmed. 70.0")
    assert chance["Classical resembles Folk:"].startswith("not confirmed: within chance of the priors.")
    assert said["Classical resembles Jazz:"] == "not tested, one of the two has no track here."
    assert verdicts([made_collection(name="spotify-bins-classic")]) == []


def test_genres_of_the_document_are_found_under_the_names_of_the_bins():
    """Classical and Rock of the FMA are classical and rock of Spotify."""
    rows = document_table(made_similarity().collections).rows
    by_name = {row[0].text: [cell.text for cell in row[1:]] for row in rows}

    assert by_name["Rock is the most frequent runner-up"][0].endswith("of 5")
    assert by_name["Classical: runner-up Folk"][0] == "\N{EN DASH}"
    assert by_name["Classical: runner-up Folk"][1].endswith("%")


def test_the_chord_diagram_holds_every_pair_and_its_table_says_the_same():
    """An arc for each genre, a ribbon for each pair that occurs, strong where it is beyond the priors."""
    drawn = chord(known())
    ribbons = {(one.source, one.to): one.is_strong for one in drawn.ribbons}

    assert ribbons == {
        (0, 1): False,
        (0, 2): False,
        (1, 0): False,
        (1, 2): False,
        (2, 1): True,
        (2, 0): False,
    }
    assert len(drawn.arcs) == 3
    assert [cell.text.rstrip("%").strip() for cell in drawn.grid.rows[2][2:4]] == ["30", "70"]
    assert drawn.grid.rows[2][3].mark == "best"
    assert "21 of 30 tracks of Classical" in drawn.nodes[2].flows[0].says
    assert "It is the runner-up of 70" in drawn.nodes[1].says


def test_the_bars_show_shares_intervals_and_priors():
    """One view for each genre, the most frequent runner-up first."""
    view = runners_up_chart(known()).views["2"]
    bars, priors, _ = view.traces

    assert view.title.startswith("Classical: the runner-up of 70")
    assert bars["x"] == [0.7, 0.3]
    assert [round(one, 2) for one in bars["error_x"]["arrayminus"]] == [0.05, 0.05]
    assert priors["x"] == [0.33, 0.67]


def test_the_page_escapes_names_and_is_whole_without_a_script():
    """Markup in a genre is text, a long one is cut in the drawing alone; all shares stand in a table."""
    html = PAGE.render(
        PAGE.summarise({"genre_similarity": made_similarity()}), summarise_site({}) | {"cards": []}
    )

    assert AWKWARD not in html
    assert "</script><script>" in text_of(html).replace("&lt;", "<").replace("&gt;", ">")
    assert LONG.strip() in html
    assert not says_none(html)
    assert html.count('<figure class="chord"') == 2
    assert html.count("<table>") == 5
    assert "no rows in fma_echonest" in html


def test_a_result_without_a_collection_says_why():
    """Nothing to compare is no fault of the page."""
    found = GenreSimilarity((), {"fma-top-genre": "no rows in fma_tracks"})
    html = PAGE.render(PAGE.summarise({"genre_similarity": found}), summarise_site({}) | {"cards": []})

    assert "no rows in fma_tracks" in html
    assert "No collection has tracks" in html


def test_line_table_and_runs_name_every_collection():
    """The reason where one could not be compared; the shares as metrics; a picture of all pairs."""
    found = made_similarity()
    summary, run = summarise(found), runs_of(found)

    assert "fma-families: no rows in fma_echonest" in summary.message
    assert {row["collection"] for row in summary.rows} == {"spotify-bins-reviewed", "fma-top-genre"}
    assert [one.key for one in run.runs] == ["spotify-bins-reviewed", "fma-top-genre"]
    assert run.runs[1].metrics["tracks"] == 900
    assert (
        run.runs[1].views["similar_genres.png"][0][0].title.startswith("Classical most of all resembles Folk")
    )
