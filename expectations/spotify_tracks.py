"""Checks of Spotify tracks.

The critical check refuses a table that has lost its labels. All others are warnings: everything in the capstone
project's pulls is legal, and these numbers say how much of it is unusual. Of their 38,535 distinct rows 3,896
repeat a track id, 713 share all audio features with another track, 74 have a time signature of 0, 12 are louder
than full scale.
"""

from datetime import UTC, datetime

import great_expectations.expectations as gxe
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.by_file import DIFFERENT, FEWEST, FileRule, constant, different
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import constant_columns, distinct_within, length_of, missing_of
from genrelab.evaluation.group_keys import FEWEST_COMPARED
from genrelab.lake.stored_rows import Rows, batches_of
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.codes import row_hashes
from genrelab.sources.identity import NAME
from genrelab.tables.spotify import AUDIO_FEATURES, MODEL_FEATURES

CRITICAL, WARNING = "critical", "warning"
ID = rf"(?s)^(?:[0-9A-Za-z]{{22}}|{NAME}.+)$"
SPOTIFY_STARTED = 2008
MOST_LABELS_LOST = 0.9
"""Share of the artists with genres that may lose them at once, if as many artists of the table have none."""


def _odd_genres(data: pa.Table) -> pa.Array:
    """Count the micro-genres of a row that are blank or not in Spotify's spelling."""
    lists = data["genres"].combine_chunks()
    names = pc.list_flatten(lists)
    usual = pc.equal(names, pc.utf8_lower(pc.utf8_trim_whitespace(names)))
    odd = pc.invert(pc.fill_null(pc.and_(usual, pc.not_equal(names, "")), fill_value=False))
    rows = pc.list_parent_indices(lists).filter(odd)
    return pa.array(np.bincount(np.asarray(rows), minlength=len(data)))


def _from_the_future(data: Rows, _: Baseline) -> float:
    now = pa.scalar(datetime.now(UTC), pa.timestamp("us", tz="UTC"))
    found = 0
    for part in batches_of(data, ["fetched_at"]):
        times = part["fetched_at"]
        impossible = pc.or_(pc.greater(times, now), pc.less(pc.year(times), SPOTIFY_STARTED))
        found += pc.sum(impossible).as_py() or 0
    return float(found)


def _artists(data: Rows) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Hashes of all artists, and of those with at least one micro-genre, each once."""
    ids = row_hashes(data, ["artist_id"])
    has_any = [
        np.asarray(pc.greater(pc.fill_null(pc.list_value_length(part["genres"]), 0), 0))
        for part in batches_of(data, ["genres"])
    ]
    return np.unique(ids), np.unique(ids[np.concatenate(has_any)])


def _labels_lost(data: Rows, baseline: Baseline) -> float | None:
    """Return the share of artists with genres that lose them, limited to the share of artists without genres.

    If the last version is from another source, only artists in both versions count. A last version that cannot be read
    does not block a new one.
    """
    try:
        before = baseline.read("spotify_tracks")
        if before is None or not len(before) or baseline.refuse_above >= 1 or not len(data):
            return None
        _, had = _artists(before)
    except (GenrelabError, OSError, pa.ArrowException):
        return None
    artists, now = _artists(data)
    if baseline.rows is None:
        had = np.intersect1d(had, artists)
    lost = np.setdiff1d(had, now)
    return min(len(lost) / len(had), 1 - len(now) / len(artists)) if len(had) else None


HUMAN = (
    DomainRule(
        f"genres: not lost by more than {MOST_LABELS_LOST:.0%} of the artists at once",
        "a journal or a column of genres was lost, or a service returns none: restore the file or folder, or use "
        "another service (scrape.genres); validation.refuse_above = 1 publishes the table as it is",
        gxe.ExpectColumnMaxToBeBetween(column="labels_lost", max_value=MOST_LABELS_LOST, severity=CRITICAL),
        OfTable("labels_lost", ("artist_id", "genres"), _labels_lost),
    ),
    DomainRule(
        "tempo: above 0",
        "sound effects and sleep noise have a tempo of 0, not songs",
        gxe.ExpectColumnValuesToBeBetween(column="tempo", min_value=0, strict_min=True, severity=WARNING),
        broken="tracks have tempo 0: sound effects and sleep noise, not songs",
    ),
    DomainRule(
        "time_signature: above 0",
        "sound effects and sleep noise have a time signature of 0, not songs",
        gxe.ExpectColumnValuesToBeBetween(
            column="time_signature", min_value=0, strict_min=True, severity=WARNING
        ),
        broken="tracks have time signature 0: sound effects and sleep noise, not songs",
    ),
    DomainRule(
        "danceability: above 0",
        "Spotify reports 0 if it detects no beat; such a track is not a song",
        gxe.ExpectColumnValuesToBeBetween(
            column="danceability", min_value=0, strict_min=True, severity=WARNING
        ),
        broken="tracks have danceability 0: Spotify detects no beat in them, so they are not songs",
    ),
    DomainRule(
        "loudness: at most 0 dB in 99.9 % of rows",
        "full scale is 0 dB; 12 of 38,535 known tracks exceed it, and more mean another unit",
        gxe.ExpectColumnValuesToBeBetween(column="loudness", max_value=0, mostly=0.999, severity=WARNING),
        broken="tracks are louder than full scale, which is 0 dB: that many mean another unit",
    ),
    DomainRule(
        "track_id: once",
        "a repeated track is a collaboration of several artists, or a scraper repeated its last result",
        gxe.ExpectColumnValuesToBeUnique(column="track_id", severity=WARNING),
        broken="rows share their track id with another row: collaborations of several artists, or results that "
        "a scraper repeated",
    ),
    DomainRule(
        "track_id: 22 letters and digits, or a name",
        "the format of Spotify ids, or an id made of artist and title if the file has none; any other id is invalid",
        gxe.ExpectColumnValuesToMatchRegex(column="track_id", regex=ID, severity=WARNING),
    ),
    DomainRule(
        "artist_id: 22 letters and digits, or a name",
        "the format of Spotify ids, or an id made of the name if the file has none; any other id is invalid",
        gxe.ExpectColumnValuesToMatchRegex(column="artist_id", regex=ID, severity=WARNING),
    ),
    DomainRule(
        "track_id: one title",
        "a track has one title; two mean that rows of different tracks were mixed",
        gxe.ExpectColumnValuesToBeBetween(column="titles_of_track", max_value=1, severity=WARNING),
        distinct_within("track_name", ["track_id"], "titles_of_track"),
        broken="rows have a track id that stands for several titles: rows of different tracks were mixed",
    ),
    DomainRule(
        "track_id: one tempo",
        "a track is analysed once; two tempos mean that it got the features of another track",
        gxe.ExpectColumnValuesToBeBetween(column="tempos_of_track", max_value=1, severity=WARNING),
        distinct_within("tempo", ["track_id"], "tempos_of_track"),
        broken="rows have a track id that comes with several tempos: a track got the features of another one",
    ),
    DomainRule(
        "audio features: of one track id",
        "identical audio features under different track ids are a re-release, or a scraper repeated its last "
        "result; in both cases a model would be tested on its training data",
        gxe.ExpectColumnValuesToBeBetween(column="tracks_of_features", max_value=1, severity=WARNING),
        distinct_within(
            "track_id", MODEL_FEATURES, "tracks_of_features", len(MODEL_FEATURES) - FEWEST_COMPARED
        ),
        broken="rows have the same audio features as another track id: re-releases, or results that a scraper "
        "repeated; a model would be tested on its training data",
    ),
    DomainRule(
        "audio features: all or none",
        "a service returns all features that it measures (ReccoBeats has no time signature); a partial set means that "
        "values were lost",
        gxe.ExpectColumnValuesToBeBetween(column="features_missing", max_value=0, severity=WARNING),
        missing_of(AUDIO_FEATURES, "features_missing", by="features_source"),
    ),
    DomainRule(
        "audio features: in 90 % of rows",
        "a row without features cannot be used for training; many mean that the service did not return them",
        gxe.ExpectColumnValuesToNotBeNull(column="energy", mostly=0.9, severity=WARNING),
    ),
    DomainRule(
        "audio features: not the same in all rows",
        "a scraper that repeats its last result fills a column with one number",
        gxe.ExpectColumnMaxToBeBetween(column="constant_features", max_value=0, severity=WARNING),
        constant_columns(AUDIO_FEATURES, "constant_features"),
    ),
    DomainRule(
        "artist_id: one set of micro-genres for a name",
        "an artist has one set of micro-genres per scrape; another set under the same id and name means that "
        "pulls of different days were mixed, which moves the artist to another bin",
        gxe.ExpectColumnValuesToBeBetween(column="genre_sets_of_artist", max_value=1, severity=WARNING),
        distinct_within("genres", ["artist_id", "artist_name"], "genre_sets_of_artist"),
        broken="rows have an artist with several sets of micro-genres: pulls of different days were mixed, "
        "which moves the artist to another bin",
    ),
    DomainRule(
        "artist_id: one name",
        "an id with many names belongs to compilations, or the pull mixed the artists of album and track",
        gxe.ExpectColumnValuesToBeBetween(column="names_of_artist", max_value=1, severity=WARNING),
        distinct_within("artist_name", ["artist_id"], "names_of_artist"),
        broken="tracks carry an artist id that stands for several names, such as compilations",
    ),
    DomainRule(
        "genres: at least one in 90 % of rows",
        "a track whose artist has no micro-genre gets no bin; many mean that the service did not return genres",
        gxe.ExpectColumnValuesToBeBetween(column="micro_genres", min_value=1, mostly=0.9, severity=WARNING),
        length_of("genres", "micro_genres"),
    ),
    DomainRule(
        "genres: in small letters without blanks around them",
        "Spotify's spelling; other spellings were typed by hand, and the rules do not match them",
        gxe.ExpectColumnValuesToBeBetween(column="odd_micro_genres", max_value=0, severity=WARNING),
        PerRow("odd_micro_genres", ("genres",), _odd_genres, is_local=True),
    ),
    DomainRule(
        "popularity: above 0 in a tenth of rows",
        "0 means that a track is hardly played any more; a column of zeros was never filled",
        gxe.ExpectColumnValuesToBeBetween(column="popularity", min_value=1, mostly=0.1, severity=WARNING),
    ),
    DomainRule(
        "fetched_at: since 2008 and not in the future",
        "Spotify started in 2008; a future time comes from a wrong clock, and the row would never be fetched again",
        gxe.ExpectColumnMaxToBeBetween(column="impossible_times", max_value=0, severity=WARNING),
        OfTable("impossible_times", ("fetched_at",), _from_the_future),
    ),
)

FILES = (
    FileRule(
        f"files: no column with one value in {FEWEST} rows",
        "a scraper that repeats its last result, or a column that was never filled. The rows stay, and a model that "
        "takes the column learns the constant; of all tasks, spotify-bins-classic-twelve alone takes key",
        (*AUDIO_FEATURES, "popularity"),
        constant,
    ),
    FileRule(
        f"files: distributions at most {DIFFERENT} from those of all other files",
        "another unit, a column that was moved, or another kind of music; largest difference of the cumulative "
        f"distributions, where the file and all others have at least {FEWEST} rows",
        (*AUDIO_FEATURES, "popularity"),
        different,
    ),
)
