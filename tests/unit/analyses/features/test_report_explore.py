"""The exploration pages: the values they work out, and what they leave out."""

from dataclasses import replace

import pytest
from explore_facts import made_exploration, made_frame
from run_facts import made_bins, made_fma, made_table

from genrelab.analyses.class_balance.analysis import BINNED_TRACKS, FMA_GENRES
from genrelab.analyses.class_balance.pages.classes import PAGE as CLASSES
from genrelab.analyses.data_quality.analysis import TABLES
from genrelab.analyses.data_quality.result import PublishedTables
from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.features.collection import SPOTIFY, explore
from genrelab.analyses.features.pages import correlations, features, outliers
from genrelab.analyses.features.pages.correlations import quantile
from genrelab.analyses.features.pages.facts import features_of
from genrelab.analyses.features.pages.feature_charts import (
    distributions,
    medians,
    medians_and_spreads,
    overlap,
)
from genrelab.analyses.features.pages.pair_charts import best_pairs, every_pair, pairs_of
from genrelab.analyses.features.result import FeatureByGenre, GenreCount, MicroGenre, OutlierValues
from genrelab.analyses.features.summary import summarise
from genrelab.report.distributions import histograms, spreads
from genrelab.report.feature_words import WORDS, axis_of, value_name
from genrelab.report.heatmap import density_map, values_heat
from genrelab.report.site import summarise_site
from genrelab.tables.spotify import AUDIO_FEATURES, BINS

SITE = summarise_site({}) | {"cards": []}


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return " ".join(text.split())


@pytest.fixture
def facts():
    return {FEATURES.name: made_exploration()}


@pytest.fixture
def spotify():
    return made_exploration().collections[0]


def changed(place=0, **changes):
    """The facts with one collection changed."""
    found = made_exploration()
    collections = tuple(
        replace(one, **changes) if at == place else one for at, one in enumerate(found.collections)
    )
    return {FEATURES.name: replace(found, collections=collections)}


def two_genres(**more):
    """A collection of two genres and one feature."""
    feature = FeatureByGenre(
        feature="energy",
        meaning="Perceived intensity.",
        unit="",
        kind="measured",
        missing=0,
        tracks=(100, 50),
        edges=(0, 0.5, 1),
        counts=((90, 10), (0, 50)),
        quartiles=((0.1, 0.2, 0.3), (0.7, 0.8, 0.9)),
        delta=((0, -0.9), (0.9, 0)),
    )
    genres = (GenreCount("pop", 100), GenreCount("rock", 50))
    features = (replace(feature, **more),)
    return replace(made_exploration().collections[0], name="c", genres=genres, features=features)


def test_every_feature_has_its_words():
    """No feature of the table is spoken of by its column name."""
    assert {words.name for words in WORDS} == set(AUDIO_FEATURES)
    assert axis_of("loudness", "dB") == "Loudness (dB)"
    assert axis_of("mode", "") == "Mode"
    assert value_name("key", -1) == "none"
    assert value_name("time_signature", 0) == "none"


def test_medians_are_shown_as_they_are_and_coloured_by_column(spotify):
    """Genres rise from the first to the last by construction; the cell says the real median."""
    view = medians(spotify).first

    assert view.title.startswith("Pop stands out most: lowest or highest in ")
    assert [row[0].text for row in view.grid.rows] == list(BINS)
    energy = next(feature for feature in features_of(spotify) if feature.name == "energy")
    cell = view.grid.rows[3][3]
    assert cell.text == f"{energy.quartiles[3][1]:.2f}"
    assert max(row[2] for row in view.traces[0]["z"]) == 1


def test_the_title_of_spreads_names_both_ends():
    """Highest and lowest median, in the feature's own words."""
    view = medians_and_spreads(two_genres()).first

    assert view.title == "Rock is the most energetic (0.80), pop the least (0.20)"
    assert [row[0].text for row in view.grid.rows] == ["rock", "pop"]
    assert view.layout["xaxis"]["title"]["text"] == "Energy (0 to 1)"


def test_a_feature_of_whole_numbers_is_told_by_a_share(spotify):
    """The median of major and minor says nothing; the share in major does."""
    view = medians_and_spreads(spotify).views["mode"]

    assert "most often in major" in view.title
    assert view.layout["xaxis"]["tickformat"] == ".0%"
    assert "key" not in medians_and_spreads(spotify).views
    assert "key" in distributions(spotify).views


def test_a_histogram_compares_a_genre_with_all_others():
    """The title names the genre that shares least with the others."""
    view = distributions(two_genres()).first

    assert (
        plain(view.title) == "Energy: pop differs most; its histogram overlaps by 10 % with the other genres"
    )
    assert view.traces[0]["y"] == [0.9, 0.1]
    assert view.traces[1]["y"] == [0.0, 1.0, 1.0]
    assert overlap([0.9, 0.1], [0.0, 1.0]) == pytest.approx(0.1)


def test_pairs_say_who_has_more():
    """The chance is that of the genre that tends to be higher."""
    collection = two_genres()
    [pair] = pairs_of(features_of(collection)[0])

    assert (pair.higher, pair.lower, pair.chance) == ("rock", "pop", pytest.approx(0.95))
    assert best_pairs(collection).first.title.startswith("Energy separates rock from pop: in 95 of 100 pairs")
    assert "energy, separates them in 95 of 100 pairs" in every_pair(collection).first.title
    assert (
        every_pair(collection)
        .views["energy"]
        .title.startswith("Energy alone separates 1 of 1 pair of genres")
    )


def test_every_pair_of_genres_is_a_row(spotify):
    """66 pairs for twelve genres, by any feature and by each that has an order."""
    chart = every_pair(spotify)

    assert len(chart.first.grid.rows) == 66
    assert set(chart.views) == {"any", *AUDIO_FEATURES} - {"key"}
    assert chart.views["tempo"].traces[0]["z"][0][0] is None


def test_without_quartiles_the_rest_is_still_drawn():
    """A genre none of whose tracks has the feature takes no other part with it."""
    collection = two_genres(quartiles=((0.1, 0.2, 0.3), None), delta=((0, None), (None, None)))

    assert medians(collection) is None
    assert best_pairs(collection) is None
    assert distributions(collection).first.title.startswith("Energy: pop")


def test_the_features_page_has_both_collections(facts):
    """Five charts each; genres of a few tracks are named."""
    summary = features.PAGE.summarise(facts)

    assert [len(part["charts"]) for part in summary["collections"]] == [5, 5]
    assert summary["collections"][1]["too_few"] == "Blues (3)"
    assert "separates" in summary["finding"]


def test_correlations_name_the_closest_pair(facts):
    """Strongest first, whatever its sign; the diagonal is empty."""
    given = facts[FEATURES.name].collections[1].correlations
    size = range(len(given.features))
    strong = {(0, 2), (2, 0)}
    rows = [[1.0 if one == two else -0.8 if (one, two) in strong else 0.1 for two in size] for one in size]
    facts = changed(1, correlations=replace(given, spearman=tuple(map(tuple, rows))))
    chart = correlations.PAGE.summarise(facts)["collections"][1]["charts"][0]

    assert (
        plain(chart.first.title)
        == "Acousticness and energy oppose each other most: Spearman \N{MINUS SIGN}0.80"
    )
    assert chart.first.traces[0]["z"][0][0] is None
    assert list(chart.views) == ["spearman", "pearson"]


@pytest.mark.parametrize(
    ("rank", "expected"),
    [
        (0.78, "Energy strongly rises with loudness: rank correlation 0.78"),
        (-0.2, "Energy weakly falls with loudness: rank correlation \N{MINUS SIGN}0.20"),
        (0.02, "Energy and loudness are hardly related: rank correlation 0.02"),
        (None, "Energy and loudness, cell by cell"),
    ],
)
def test_a_density_is_titled_by_its_rank_correlation(facts, rank, expected):
    """Strength and direction in words."""
    first, second, third = facts[FEATURES.name].collections[0].densities
    facts = changed(densities=(first, replace(second, spearman=rank), third))
    chart = correlations.PAGE.summarise(facts)["collections"][0]["charts"][2]

    assert plain(chart.first.title) == expected


def test_the_documents_three_plots_are_there(facts):
    """All three where the features are; the FMA has no loudness."""
    first, second = correlations.PAGE.summarise(facts)["collections"]

    assert [chart.name for chart in first["charts"][1:]] == [
        "tempo-energy-spotify",
        "loudness-energy-spotify",
        "tempo-danceability-spotify",
    ]
    assert len(second["charts"]) == 3


def test_features_that_tracks_lack_are_named_and_their_density_is_not_drawn(facts):
    """No track has a tempo: the pages and the step's line say so, and two of the three densities go."""
    frame, genres = made_frame(SPOTIFY, ["pop", "rock"] * 40, 5), ["pop", "rock"] * 40
    found = explore(frame.assign(tempo=None), genres, SPOTIFY)
    given = replace(made_exploration(), collections=(found,))
    facts = {FEATURES.name: given}
    texts = [plain(page.PAGE.render(page.PAGE.summarise(facts), SITE)) for page in (features, correlations)]
    charts = correlations.PAGE.summarise(facts)["collections"][0]["charts"]

    assert "No track has tempo." in texts[0]
    assert "every feature except tempo, which too few tracks have" in texts[1]
    assert [chart.name for chart in charts[1:]] == ["loudness-energy-spotify"]
    assert "in 2 genres (no track has tempo)" in summarise(given).message


def test_a_density_without_a_track_is_not_drawn(facts):
    """Both features are there, in no track together."""
    first, *others = facts[FEATURES.name].collections[0].densities
    counts = tuple((0,) * len(row) for row in first.counts)
    empty = replace(first, tracks=0, counts=counts, pearson=None, spearman=None)
    charts = correlations.PAGE.summarise(changed(densities=(empty, *others)))["collections"][0]["charts"]

    assert [chart.name for chart in charts[1:]] == ["loudness-energy-spotify", "tempo-danceability-spotify"]


def test_a_quantile_of_cells_lies_where_the_tracks_do():
    """Even within a cell; all in one cell means its middle."""
    assert quantile([0, 4, 0], [0, 1, 2, 3], 0.5) == 1.5
    assert quantile([1, 0, 1], [0, 1, 2, 3], 0.75) == 2.5


def test_zeros_say_where_they_live(facts):
    """Counts, shares, and tracks without a genre; examples appear once with all their zeros."""
    first, second = outliers.PAGE.summarise(facts)["parts_of"]
    tempo = first["zeros"].views["tempo"]

    assert tempo.title == "5 tracks have tempo 0; 4 of them are focus/sleep"
    assert [cell.text for cell in tempo.grid.rows[1]][:2] == ["no genre", "1"]
    assert [plain(cell.text) for cell in first["examples"].rows[0]][2] == "tempo and time signature"
    assert second["zeros"] is None
    assert second["no_zeros"] == ["tempo"]


def test_far_values_are_ordered_by_their_share():
    """The longest tail makes the title; sides are told in words."""
    facts = changed(
        far=tuple(
            OutlierValues(name, 100, None, None, below, above, None, None)
            for name, below, above in (("energy", 0, 0), ("liveness", 0, 3), ("tempo", 1, 1))
        )
    )
    view = outliers.PAGE.summarise(facts)["parts_of"][0]["far"].first

    assert plain(view.title).startswith("Liveness has the longest tail: 3.0 % of tracks")
    assert [text.strip().rpartition("·")[2].strip() for text in view.traces[0]["text"]] == [
        "all above",
        "1 below, 1 above",
        "none",
    ]


def test_the_librosa_features_with_the_longest_tails_are_named(facts):
    """Share, sides, and the value furthest out; columns without values are counted."""
    wide = outliers.PAGE.summarise(facts)["wide"]
    title, says = plain(wide["chart"].first.title), plain(wide["says"])

    assert title.startswith("mfcc_kurtosis_03 has the longest tail of the librosa features: 1.3 %")
    assert says.startswith("4 of 300 tracks lie beyond 3 standard deviations in at least one of 2 features")
    assert says.endswith("1 feature without any value in this source.")


def test_twins_are_counted_in_words(facts):
    """Those of another genre too; none is said as well."""
    first, second = outliers.PAGE.summarise(facts)["parts_of"]

    assert plain(first["twins"]).startswith(
        "2 of 480 tracks (0.4 %) are identical to another one in all 11 compared features"
    )
    assert second["twins"].startswith("No two of the 160 tracks are identical in")


def test_what_cleaning_removed_comes_from_the_accounts(facts):
    """Duplicates and quarantined records of the tables explored, with what was warned of."""
    tracks = made_table("spotify_tracks", 6, read=9, duplicates=2, quarantined=1, warnings=("tempo is 0",))
    facts[TABLES.name] = PublishedTables((tracks, made_table("origin_tracks", 1)))
    summary = outliers.PAGE.summarise(facts)
    grid = summary["cleaned"]

    assert [[cell.text for cell in row] for row in grid.rows] == [["spotify_tracks", "9", "2", "1", "6"]]
    assert summary["warnings"] == [("spotify_tracks", "tempo is 0")]


def test_micro_genres_per_track_stand_on_the_page_of_genres(facts):
    """How many a track carries, and the rarest in words."""
    found = facts[FEATURES.name]
    micro_genres = replace(found.micro_genres, once=3, distinct=10, bottom=(MicroGenre("a", 1),) * 2)
    facts = {FEATURES.name: replace(found, micro_genres=micro_genres)}
    summary = CLASSES.summarise(facts | {BINNED_TRACKS.name: made_bins()})

    assert (
        plain(summary["per_track"].first.title)
        == "Two thirds of the tracks have 1 micro-genre; the maximum is 2"
    )
    assert plain(summary["rare"]).startswith(
        "3 of 10 micro-genres (30.0 %) occur on one track only, such as a and a"
    )


def test_duplicates_are_told_by_genre(facts):
    """The share of a genre's tracks that repeat another one, the largest first; none where nothing repeats."""
    repeats = facts[FEATURES.name].collections[0].repeats
    facts = {**facts, BINNED_TRACKS.name: made_bins()}
    chart = CLASSES.summarise(facts)["duplicates"]
    assert repeats.by_genre[-1] == 39
    assert plain(chart.first.title) == (
        "Focus/sleep has the most repeats: 2.5 % of its tracks have the features of another one"
    )
    assert [plain(cell.text) for cell in chart.first.grid.rows[0]] == ["focus/sleep", "40", "39", "2.5 %"]

    facts |= changed(repeats=replace(repeats, by_genre=(*repeats.by_genre[:-1], 40)))
    assert CLASSES.summarise(facts)["duplicates"] is None


def test_the_fma_has_its_genres_per_track(facts):
    """All its genres, not only the top ones: the commonest, the rarest, and how many a track carries."""
    found = facts[FEATURES.name]
    top = (MicroGenre("Hip-Hop", 20), *found.fma_genres.top[1:])
    facts = {FEATURES.name: replace(found, fma_genres=replace(found.fma_genres, top=top))}
    summary = CLASSES.summarise(facts | {FMA_GENRES.name: made_fma()})

    assert summary["fma_titles"].first.title == "Hip-Hop is the commonest genre, on 20 tracks"
    assert summary["fma_titles"].first.traces[0]["marker"]["color"][0] == "var(--genre-rap-hip-hop)"
    assert (
        plain(summary["fma_per_track"].first.title)
        == "Half of the tracks have 2 or more genres; the maximum is 2"
    )
    assert summary["fma_rare"].startswith("The rarest of 4 genres: ")
    assert "Noise (9 tracks)" in summary["fma_rare"]


def test_panels_share_their_ranges():
    """Histograms can be compared: same range across and upwards, one name each."""
    drawing = histograms(
        ["pop", "<i>"], ["0.5", ""], [[0.5, 0.5], [1.0, 0.0]], [[0.5, 0.5]] * 2, ["red", "blue"],
        edges=[0, 1, 2], bars=["low", "high"], axis="Energy (0 to 1)",
    )  # fmt: skip
    layout = drawing["layout"]

    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    assert layout["xaxis"]["range"] == layout["xaxis2"]["range"] == [0, 2]
    assert layout["annotations"][1]["text"] == "<b>&lt;i&gt;</b>"
    assert "Energy (0 to 1)" in layout["annotations"][-1]["text"]


def test_a_spread_draws_the_middle_half():
    """The bar begins at the lower quartile and ends at the upper one."""
    drawing = spreads(["pop"], [[0.25, 0.5, 0.875]], ["0.50"], ["red"], axis="Energy (0 to 1)")

    assert drawing["traces"][0]["base"] == [0.25]
    assert drawing["traces"][0]["x"] == [0.625]
    assert drawing["traces"][1]["x"] == [0.5]


def test_cells_without_a_value_stay_empty():
    """A signed table has a scale of its own on either side of zero."""
    drawing = values_heat(
        ["a", "b"], [("in", "major"), ("dance-", "ability")], [[None, -0.5], [0.5, None]],
        [["", "-.5"], [".5", ""]], [["", "x"], ["y", ""]], is_signed=True,
    )  # fmt: skip
    cells = drawing["traces"][0]

    assert cells["z"] == [[None, -0.5], [0.5, None]]
    assert (cells["zmin"], cells["zmax"]) == (-1, 1)
    assert drawing["narrow"]["layout"]["xaxis"]["ticktext"] == ["in major", "danceability"]
    assert drawing["layout"]["xaxis"]["ticktext"][1] == "dance-<br>ability"


def test_a_density_says_what_its_colours_count():
    """The scale of colours has its unit; empty cells have no colour; few tracks interrupt the line."""
    drawing = density_map(
        [[0, 100], [1, 0]], [0, 1, 2], [0, 1, 2], [(0.5, 1.0), (1.5, None)], across_axis="A (dB)", up_axis="B"
    )
    cells, line = drawing["traces"]

    assert cells["z"] == [[None, 2.0], [0.0, None]]
    assert cells["colorbar"]["ticktext"] == ["1", "10", "100"]
    assert "Tracks" in cells["colorbar"]["title"]["text"]
    assert line["y"] == [1.0, None]
