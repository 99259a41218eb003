"""Kinds of dirt in the tables of the Free Music Archive: tracks, genres, the raw files, and the wide features."""

from datetime import datetime

from data_quirks import MANY, Mutation, all_of, cell, copied, first, last, scaled

TOO_EARLY, BEFORE_SOUND, TO_COME = (datetime(year, 1, 1) for year in (1970, 1700, 2107))  # noqa: DTZ001 - as FMA


def cell_of_small(values: list[object]) -> list[object]:
    """The genre of a track that is marked small is lost; every third is."""
    return [None if row == 0 else each for row, each in enumerate(values)]


def artist_of_the_ninth(values: list[object]) -> list[object]:
    """A track of the validation part gets the artist of one of the training part."""
    return [values[0] if row == 8 else each for row, each in enumerate(values)]


def _fma() -> list[Mutation]:
    tracks, genres, raw = "fma_tracks", "fma_genres", "fma_raw_tracks"
    return [
        Mutation(tracks, "track_id", "0", "track_id: at least 1", cell(0)),
        Mutation(tracks, "track_id", "twice", "track_id: unique", copied()),
        Mutation(tracks, "split", "another word", "split: one of", cell("train")),
        Mutation(tracks, "split", "missing", "split: present", cell(None)),
        Mutation(tracks, "subset", "another word", "subset: one of", cell("tiny")),
        Mutation(tracks, "genre_top", "no root genre", "genre_top: one of Blues", cell("Polka")),
        Mutation(tracks, "artist_latitude", "off the globe", "artist_latitude: -90 to 90", cell(91.0)),
        Mutation(tracks, "artist_longitude", "off the globe", "artist_longitude: -180 to 180", cell(-181.0)),
        Mutation(tracks, "track_listens", "a negative count", "track_listens: at least 0", cell(-5)),
        Mutation(tracks, "album_listens", "below FMA's -1", "album_listens: at least -1", cell(-2)),
        Mutation(tracks, "artist_latitude", "half a place", "artist_latitude: there exactly", cell(None)),
        Mutation(tracks, "genre_top", "of another track", "genre_top: one of the track's", copied()),
        Mutation(tracks, "genre_top", "lost for a small track", "genre_top: there for every", cell_of_small),
        Mutation(tracks, "genre_top", "lost in most rows", "genre_top: present in", first(0.9, None)),
        Mutation(tracks, "genre_names", "one name too few", "genre_names: one for each", cell(["Rock"])),
        Mutation(tracks, "genres", "empty lists", "genres: at least one", first(0.2, [])),
        Mutation(tracks, "split", "a part is missing", "split: all of", all_of("training")),
        Mutation(tracks, "split", "half of it training", "split: training holds", first(0.8, "test"), MANY),
        Mutation(tracks, "split", "beyond FMA's own size", "split: at most", all_of("test"), 11_300),
        Mutation(
            tracks, "artist_id", "an artist in two parts", "artist_id: in one part", artist_of_the_ninth
        ),
        Mutation(tracks, "artist_id", "two names of one id", "artist_id: one name", copied()),
        Mutation(tracks, "subset", "beyond FMA's own size", "subset: at most", all_of("small"), 8_100),
        Mutation(tracks, "track_duration", "0 seconds", "track_duration: above 0", cell(0)),
        Mutation(tracks, "track_duration", "milliseconds", "track_duration: at most 6", cell(245_000)),
        Mutation(tracks, "track_bit_rate", "bytes", "track_bit_rate: at most", cell(2_560_000)),
        Mutation(
            tracks,
            "track_date_created",
            "before the site",
            "track_date_created: 2008",
            cell(TOO_EARLY),
        ),
        Mutation(
            tracks,
            "track_date_recorded",
            "before recording",
            "track_date_recorded: 1860",
            cell(BEFORE_SOUND),
        ),
        Mutation(
            tracks,
            "album_date_released",
            "in the future",
            "album_date_released: 1860",
            cell(TO_COME),
        ),
        Mutation(tracks, "track_language_code", "a word", "track_language_code: two", cell("english")),
        Mutation(genres, "genre_id", "twice", "genre_id: unique", copied()),
        Mutation(genres, "title", "missing", "title: present", cell(None)),
        Mutation(genres, "parent_id", "not in the table", "parent_id: 0 or a genre", cell(9_999)),
        Mutation(genres, "top_level_id", "another root", "top_level_id: that of the parent", cell(3)),
        Mutation(genres, "title", "twice", "title: once", copied()),
        Mutation(genres, "title", "another root", "title: the roots", cell("Polka")),
        Mutation(genres, "track_count", "more than the parent", "track_count: at most", last(5_000)),
        Mutation(raw, "artist_id", "a name", "artist_id: a whole number", first(0.3, "The Beatles")),
        Mutation(raw, "track_title", "lost", "track_title: there", first(0.3, None)),
        Mutation(raw, "track_duration", "seconds", "track_duration: minutes:seconds", all_of("245")),
        Mutation(raw, "track_date_created", "ISO dates", "track_date_created: month", all_of("2008-11-26")),
        Mutation(raw, "track_url", "no address", "track_url: an address", all_of("Food")),
        Mutation(raw, "track_genres", "no list", "track_genres: a list", all_of("Hip-Hop")),
        Mutation("fma_raw_albums", "album_listens", "words", "album_listens: a whole", all_of("many")),
        Mutation("fma_raw_albums", "album_id", "twice", "album_id: unique", copied()),
        Mutation("fma_raw_artists", "artist_latitude", "words", "artist_latitude: a number", all_of("N 41")),
        Mutation("fma_raw_artists", "artist_name", "lost", "artist_name: there", first(0.3, None)),
        Mutation("fma_raw_genres", "genre_color", "names", "genre_color: a colour", all_of("red")),
        Mutation("fma_raw_genres", "genre_title", "twice", "genre_title: once", copied()),
        Mutation(
            "fma_raw_genres", "genre_parent_id", "a cut file", "genre_parent_id: at most 3", all_of("999")
        ),
    ]


def _wide() -> list[Mutation]:
    features, echonest = "fma_features", "fma_echonest"
    return [
        Mutation(features, "mfcc_mean_01", "not a number", "numbers: finite", cell(float("nan"))),
        Mutation(features, "mfcc_mean_02", "infinite", "numbers: finite", cell(float("inf"))),
        Mutation(features, "track_id", "missing", "required columns: no missing", cell(None)),
        Mutation(features, "track_id", "0", "numbers: within the legal range", cell(0)),
        Mutation(features, "chroma_cqt_mean_01", "not scaled", "chroma: 0 to 1", cell(12.0)),
        Mutation(features, "zcr_max_01", "a count", "zcr: 0 to 1", cell(512.0)),
        Mutation(features, "rmse_min_01", "negative", "rmse: at least 0", cell(-0.1)),
        Mutation(
            features, "spectral_centroid_mean_01", "above Nyquist", "spectral_centroid,", cell(44_100.0)
        ),
        Mutation(features, "spectral_contrast_min_01", "negative", "spectral_contrast: at", cell(-3.0)),
        Mutation(features, "tonnetz_max_01", "not scaled", "tonnetz: -1 to 1", cell(7.0)),
        Mutation(features, "mfcc_std_01", "negative", "std: at least 0", cell(-1.0)),
        Mutation(features, "mfcc_kurtosis_01", "below the bound", "kurtosis: at least -3", cell(-9.0)),
        Mutation(features, "mfcc_mean_03", "under a wrong name", "mean, median: between", scaled(-1.0)),
        Mutation(features, "mfcc_skew_01", "filled", "features: not the same", all_of(0.0)),
        Mutation(echonest, "energy", "a percentage", "numbers: within the legal range", cell(73.0)),
        Mutation(echonest, "tempo", "not a number", "numbers: finite", cell(float("nan"))),
        Mutation(echonest, "tempo", "a period in milliseconds", "numbers: within the legal", cell(500.0)),
        Mutation(echonest, "tempo", "0: noise", "tempo: above 0", cell(0.0)),
        Mutation(echonest, "valence", "lost in one row", "audio features: all or none", cell(None)),
        Mutation(echonest, "track_id", "of no track", "track_id: that of a track", cell(99_999)),
        Mutation(features, "track_id", "of no track", "track_id: that of a track", cell(99_999)),
        Mutation("fma_raw_echonest", "danceability", "a percentage", "numbers: within the legal", cell(55.0)),
        Mutation(echonest, "temporal_000", "filled", "features: not the same", all_of(0.5)),
    ]


def _places() -> list[Mutation]:
    table = "fma_places"
    return [
        Mutation(table, "country_code", "missing", "country_code: there exactly", cell(None)),
        Mutation(table, "decided_by", "no place", "country_code: there exactly", cell("no place")),
        Mutation(table, "decided_by", "a guess", "decided_by: one of", cell("by hand")),
        Mutation(table, "state", "missing", "state: there exactly", cell(None)),
        Mutation(table, "country_code", "another country", "state: there exactly", cell("CA")),
        Mutation(table, "distance", "too far", "distance: 0 to 0.25", cell(0.5)),
        Mutation(table, "suspicion", "a rumour", "suspicion: one of", cell("looks odd")),
        Mutation(table, "artist_id", "twice", "artist_id: unique", copied()),
    ]


def _listened() -> list[Mutation]:
    table = "listened"
    return [
        Mutation(table, "problem", "beside an answer", "champion: there exactly", cell("cut off")),
        Mutation(table, "champion", "missing", "champion: there exactly", cell("")),
    ]


FMA = [*_fma(), *_places(), *_listened()]
WIDE = _wide()
