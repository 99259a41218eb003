"""The pages of the clusters, on values: what they say follows from the numbers."""

from dataclasses import replace
from math import dist

import pytest
from awkward_names import AWKWARD
from cluster_facts import made_cluster_facts, made_clusters, with_clusterings

from genrelab.analyses.clusters.analysis import NAMES
from genrelab.analyses.clusters.pages import cluster_study, clusters, portraits, track_map
from genrelab.analyses.clusters.pages.charts import leading
from genrelab.analyses.clusters.pages.map_charts import map_chart
from genrelab.analyses.clusters.pages.portrait_charts import portrait_chart
from genrelab.analyses.clusters.result import Leader, Weight
from genrelab.analyses.clusters.summary import summarise
from genrelab.analyses.overview.pages.index import agreement_at_a_glance
from genrelab.report.site import summarise_site

SPOTIFY, FMA = made_clusters()


def facts_of(collection):
    return dict.fromkeys(NAMES[:1], collection)


def changed(collection=SPOTIFY, set_name="all", **changes):
    """The collection with one clustering changed."""
    return with_clusterings(
        collection, lambda one: replace(one, **changes) if one.feature_set == set_name else one
    )


def test_what_decides_is_told_from_the_importances():
    """One feature with more than half decides; the forest stands beside the document's."""
    importances = (Weight("tempo", 0.74), Weight("loudness", 0.26))
    deciding = replace(SPOTIFY.clusterings[0].deciding, accuracy=0.982, importances=importances)
    told = clusters.PAGE.summarise(facts_of(changed(deciding=deciding)))["collections"][0]["observations"]

    assert (
        told[0]
        .replace("\u202f", " ")
        .startswith(
            "All features, unscaled: tempo determines the clusters, with 74 % of the importance; a random forest"
            " predicts the cluster for 98.2 % of test tracks (capstone project: 98.0 %). "
        )
    )
    assert len(told) == 3
    assert told[2].startswith("0 to 1 only, unscaled: no single feature determines the clusters; ")


def test_who_leads_besides_the_commonest_genre_is_told():
    """Pop is the commonest of all; dance and classical lead a cluster each."""
    names = ["pop", "dance", "classical"] + ["pop"] * 9
    agreement = replace(
        SPOTIFY.clusterings[0].agreements[0],
        genres=("classical", "dance", "pop"),
        counts=((0, 1, 90), (5, 60, 40), (30, 2, 10), *[(0, 0, 5)] * 9),
        leaders=tuple(Leader(place, 10, leader, 0.5, "", 0.1) for place, leader in enumerate(names)),
    )

    assert leading(agreement) == "3 genres lead at least one cluster: pop, dance and classical"


def test_agreement_is_told_against_chance():
    """The headline takes all features, scaled, and the labelling in use."""
    classic, reviewed = SPOTIFY.headline.agreements
    reviewed = replace(
        reviewed, scores=reviewed.scores | {"ari": 0.072}, chance=reviewed.chance | {"ari": 0.0001}
    )
    facts = facts_of(changed(set_name="all-scaled", agreements=(classic, reviewed)))
    summary = clusters.PAGE.summarise(facts)

    assert summary["finding"] == (
        "Clusters and genres agree weakly (adjusted Rand index 0.07 against 0.00 by chance; all features, scaled, the"
        " reviewed rules)."
    )
    assert agreement_at_a_glance(facts) == (0.072, 0.0001, "the reviewed rules")


def test_every_set_and_labelling_can_be_picked():
    """Six sets by two labellings by two kinds of shares; FMA has four sets and one labelling."""
    spotify, fma = clusters.PAGE.summarise(made_cluster_facts())["collections"]
    views = [
        {chart.name.partition("-")[0]: len(chart.views) for chart in one["charts"]} for one in (spotify, fma)
    ]

    assert views == [
        {"deciding": 1, "agreement": 12, "leaders": 12, "matrix": 24, "silhouettes": 6, "stability": 1},
        {"deciding": 1, "agreement": 6, "leaders": 4, "matrix": 8, "silhouettes": 4, "stability": 1},
    ]


def test_features_that_too_few_tracks_have_are_named():
    """On the page and in the step's line; nothing is said where all take part."""
    given = replace(SPOTIFY, absent=("mode", "time_signature"))
    site = summarise_site({}) | {"cards": []}
    with_all, with_some = (
        clusters.PAGE.render(clusters.PAGE.summarise(facts_of(one)), site) for one in (SPOTIFY, given)
    )

    assert "Clustered without mode and time signature, which too few tracks have." in with_some
    assert "Clustered without" not in with_all
    assert "260 tracks without mode, time_signature, which too few tracks have;" in summarise(given).message
    assert "260 tracks; " in summarise(SPOTIFY).message


def test_the_same_labels_are_not_shown_twice():
    """Where the classic rules are active there is one labelling."""
    given = with_clusterings(SPOTIFY, lambda one: replace(one, agreements=one.agreements[:1]))
    given = replace(given, labels=given.labels[:1])
    charts = clusters.PAGE.summarise(facts_of(given))["collections"][0]["charts"]

    assert {chart.name: len(chart.views) for chart in charts}["leaders-spotify"] == 6


def test_a_portrait_shows_the_deciding_features_first():
    """Four of them, then the others; the neighbours by name, escaped by the page."""
    chart = portrait_chart(SPOTIFY)
    view = chart.views["all|0"]
    first = SPOTIFY.clusterings[0]
    importances = [found.feature for found in first.deciding.importances]
    shown = [row[0].text.lower().replace(" ", "_") for row in view.grid.rows]

    assert len(chart.views) == 6 * 12
    assert shown[:4] == importances[:4]
    assert [row[0].below for row in view.grid.rows] == ["most important"] * 4 + [""] * 7
    assert first.clusters[0].nearest[0] in view.caption
    page = portraits.PAGE.render(portraits.PAGE.summarise(made_cluster_facts()), SITE)
    assert AWKWARD not in page


SITE = summarise_site({}) | {"cards": []}


def test_every_measure_tells_its_choice():
    """The table holds what the facts chose; a measure that chose none says so."""
    study = SPOTIFY.clusterings[0].study
    study = replace(study, chosen=study.chosen | {"gap": None, "silhouette": 4})
    one = cluster_study.PAGE.summarise(facts_of(changed(study=study)))["collections"][0]
    chosen = {row[0].text: row[1].text for row in one["chosen"].rows}

    assert (chosen["Silhouette"], chosen["Gap statistic"]) == ("4", "none")
    assert len(chosen) == 5 + 2 * 2
    measures = one["charts"][0]
    assert measures.views["gap|all"].title == "Gap statistic chooses no k up to 5 (all features, unscaled)"
    assert [cell[0].text for cell in measures.views["silhouette|all"].grid.rows] == ["2", "3", "4", "5"]


def test_a_quick_budget_is_told():
    """Fewer k and shuffles than in a full run: the page says so."""
    facts = made_cluster_facts()
    quick, full = cluster_study.PAGE.summarise(facts)["collections"]

    assert (quick["is_quick"], full["is_quick"]) == (True, False)
    assert "Budget quick: fewer k" in cluster_study.PAGE.render(
        cluster_study.PAGE.summarise(facts), SITE | {"navigation": []}
    )


def test_the_map_names_every_group_where_it_lies():
    """As many labels as groups, none on another, and a dot for each drawn track."""
    chart = map_chart(SPOTIFY)
    view = chart.views["genre:reviewed|pca"]

    assert list(chart.views) == [
        f"{name}|pca"
        for name in (
            "genre:reviewed",
            "genre:classic",
            *(f"cluster:{one.feature_set}" for one in SPOTIFY.clusterings),
        )
    ]
    assert sum(len(trace["x"]) for trace in view.traces) == sum(
        code >= 0 for code in SPOTIFY.map.groups["genre:reviewed"].of_point
    )
    assert len(view.layout["annotations"]) == 12
    assert "% of the variance" in view.layout["xaxis"]["title"]["text"].replace("\u202f", " ")
    assert view.caption.endswith("Drawn: a sample of 60 of 260 tracks, seeded.")


def test_the_title_of_the_map_is_the_largest_distance_drawn():
    """The two groups that it names are those whose names stand farthest apart."""
    for key, view in map_chart(SPOTIFY).views.items():
        spots = {one["text"]: (one["x"], one["y"]) for one in view.layout["annotations"]}
        pairs = {(a, b): dist(spots[a], spots[b]) for a in spots for b in spots if a != b}
        names = [name.removeprefix("<b>").removesuffix("</b>") for name in max(pairs, key=pairs.get)]
        assert all(name in view.title.lower().partition(" lie farthest")[0] for name in names), (
            key,
            view.title,
        )


@pytest.mark.parametrize("page", [clusters, portraits, cluster_study, track_map])
def test_nothing_found_says_which_command(page):
    """A step that has not run, or whose record does not fit."""
    summary = page.PAGE.summarise({NAMES[0]: None})

    assert "genrelab compare-clusters" in page.PAGE.render(summary, SITE | {"navigation": []})
