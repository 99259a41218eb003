"""The whole analysis on tables of the lake, its summary, its runs and its page."""

import pyarrow as pa
import pytest
from frames import legal
from genre_topics_facts import TREE, combined, features_table, made_topics

from genrelab.analyses.genre_topics.analysis import GENRE_TOPICS
from genrelab.analyses.genre_topics.pages.topics import PAGE
from genrelab.analyses.genre_topics.runs import runs_of
from genrelab.analyses.genre_topics.study import compute
from genrelab.analyses.genre_topics.summary import summarise
from genrelab.analyses.inputs import Inputs
from genrelab.lake.version import Counts
from genrelab.report.site import summarise_site
from genrelab.runtime.records import decode, encode
from genrelab.runtime.settings import Settings
from genrelab.tables.fma import FMA_FEATURES, FMA_GENRES, FMA_TRACKS


def publish(lake, table, rows):
    """Publish rows of a table."""
    lake.publish(table.name, rows, Counts(len(rows), len(rows)), source="made", is_sample=True)


def put(rows, **columns):
    """Rows with other columns."""
    for name, values in columns.items():
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, rows.schema.field(name), pa.array(values, rows.schema.field(name).type))
    return rows


def rendered(found):
    """The page of a result."""
    facts = {GENRE_TOPICS.name: found}
    return PAGE.render(PAGE.summarise(facts), summarise_site(facts))


def studied(lake, genres, *, has_titles=True, has_sound=False):
    """The result of a made-up archive."""
    size = len(genres)
    rows = put(
        legal(FMA_TRACKS, size),
        track_id=range(1, size + 1),
        artist_id=[row // 2 + 1 for row in range(size)],
        genres_all=genres,
        genres=[given or [] for given in genres],
        **({} if has_titles else {"track_title": [None] * size, "artist_name": [None] * size}),
    )
    publish(lake, FMA_TRACKS, rows)
    parents, titles = zip(*TREE.values(), strict=True)
    tree = put(legal(FMA_GENRES, len(TREE)), genre_id=list(TREE), parent_id=parents, title=titles)
    publish(lake, FMA_GENRES, tree)
    if has_sound:
        features = features_table(genres)
        columns = {name: features[name].to_pylist() for name in features.column_names}
        publish(lake, FMA_FEATURES, put(legal(FMA_FEATURES, size), **columns))
    return compute(Inputs(GENRE_TOPICS, Settings(lake.home, cores=1, budget="quick")))


def test_topics_pairs_and_sound_are_found_and_the_page_shows_them(lake):
    """A small archive with features; the result survives its record."""
    found = studied(lake, [*combined(240), None], has_sound=True)
    page = rendered(found)

    assert (found.tracks, found.with_genres, found.genres) == (241, 240, 5)
    assert [one.features for one in found.sound] == ["librosa"]
    assert found.missing == {"echonest": "there is no table fma_echonest"}
    assert decode(type(found), encode(found)) == found
    assert "Folk" in page
    assert "1 track without a genre" in page
    assert "5 topics of 5 genres on 240 tracks" in summarise(found).message


def test_more_topics_than_genres_are_reduced_and_reported(lake):
    """Five genres occur."""
    found = studied(lake, combined(60))

    assert len(found.topics) == 5
    assert any("70 topics are more than the 5 genres" in problem for problem in found.problems)


def test_tracks_of_one_and_the_same_genre_give_one_topic_and_a_sentence(lake):
    """Nothing can be learned from combinations."""
    found = studied(lake, [[12]] * 30)

    assert [(one.name, one.tracks) for one in found.topics] == [("Rock", 30)]
    assert (found.pairs, found.apart, found.completion) == ((), (), None)
    assert any("all tracks have the same genres" in problem for problem in found.problems)
    assert rendered(found)


def test_unknown_ids_and_genres_of_one_track_are_named(lake):
    """The table of genres does not know 999; Folk has one track."""
    found = studied(lake, [*([[12]] * 20), [12, 999], [12, 999], [17]])

    assert found.unknown == {"999": 2}
    assert found.rare == ("Folk",)
    assert "999 (2 tracks)" in rendered(found)


def test_an_archive_without_titles_names_tracks_and_artists_by_id(lake):
    """Neither titles nor names."""
    found = studied(lake, combined(60), has_titles=False)
    (first, *_) = found.topics

    assert first.typical[0].track.startswith("track ")
    assert first.typical[0].artist.startswith("artist ")
    assert first.artists[0].artist.startswith("artist ")


def test_typical_tracks_are_each_of_another_artist(lake):
    """At most three."""
    for topic in studied(lake, combined(240)).topics:
        assert len({one.artist for one in topic.typical}) == len(topic.typical) <= 3


def test_runs_have_curves_over_topics_and_neighbours():
    """One parent, and a run for LSI, LDA and each kind of features."""
    run = runs_of(made_topics())
    lsi, lda, knn = run.runs

    assert [one.key for one in run.runs] == ["lsi", "lda", "knn/librosa"]
    assert [step for step, _ in lsi.curves["cumulative_variance"]] == [1, 2, 3, 4]
    assert lda.curves["completion/perplexity"] == [(10, 56.0), (70, 82.0)]
    assert knn.curves["random/all_rows/jaccard"][0] == (1, 0.304)
    assert {one.tags["labels"] for one in (run, *run.runs)} == {"genres_all"}
    assert knn.tags["features"] == "librosa"


def test_the_page_escapes_titles_and_states_what_it_concludes():
    """Titles come from the archive."""
    page = rendered(made_topics())

    assert "<b>bold</b>" not in page
    assert "Funk with New Age (32 artists)" in page
    assert "are too many for this." in page
    assert "the archive does not need so many" in page


@pytest.mark.parametrize(
    "changes", [{"pairs": (), "apart": ()}, {"completion": None}, {"sound": ()}, {"unknown": {}}]
)
def test_the_page_is_whole_where_something_was_not_found(changes):
    """Each part may be missing."""
    assert rendered(made_topics(**changes))
