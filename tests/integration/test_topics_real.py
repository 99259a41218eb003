"""LSI on the real files: the topics that the document printed come out."""

from genrelab.analyses.genre_topics.document import LSI_TOPICS
from genrelab.analyses.genre_topics.lsi import index_genres
from genrelab.analyses.genre_topics.tracks import read_tracks as find_genres
from genrelab.sources.fma import open_archive, read_genres, read_tracks


def test_the_four_topics_of_the_document_come_out_of_the_real_file(real_data):
    """LSI on `genres_all` of all 106,574 tracks, against the printed weights."""
    archive = open_archive(real_data / "fma_metadata")
    found = index_genres(find_genres(read_tracks(archive).data, read_genres(archive).data))
    singular, variance = found.shares

    assert found.farthest is not None
    assert found.farthest < 0.001
    for topic, printed in zip(found.topics, LSI_TOPICS, strict=True):
        assert {one.genre for one in topic} == set(printed)
        assert [one.genre for one in topic][:3] == list(printed)[:3]
    assert (round(singular[69], 3), round(variance[69], 3)) == (0.779, 0.952)
    assert (len(found.values), found.above_999) == (161, 144)
