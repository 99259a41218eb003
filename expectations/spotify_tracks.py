"""What only a person knows of pulled Spotify tracks.

What is critical here refuses a table that has lost its labels. Everything else warns: whatever stands in the
documents' own pulls is legal, and the numbers below say how much of it is odd. Of their 38,535 distinct rows 3,896
repeat a track id, 713 share all audio features with another track, 74 have a time signature of 0, 12 are louder
than full scale.
"""

from datetime import UTC, datetime

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import constant_columns, distinct_within, length_of, missing_of
from genrelab.evaluation.groups import FEWEST_COMPARED
from genrelab.runtime.errors import GenrelabError
from genrelab.sources.identity import NAME
from genrelab.tables.spotify import AUDIO_FEATURES, MODEL_FEATURES

CRITICAL, WARNING = "critical", "warning"
ID = rf"(?s)^(?:[0-9A-Za-z]{{22}}|{NAME}.+)$"
SPOTIFY_STARTED = 2008
MOST_LABELS_LOST = 0.9
"""Share of the artists with genres that may lose them at once, if as many of the table's artists have none."""


def _odd_genres(data: pa.Table) -> pa.Array:
    """How many micro-genres of a row are blank or not written as Spotify writes them."""
    lists = data["genres"].combine_chunks()
    names = pc.list_flatten(lists)
    usual = pc.equal(names, pc.utf8_lower(pc.utf8_trim_whitespace(names)))
    odd = pc.invert(pc.fill_null(pc.and_(usual, pc.not_equal(names, "")), fill_value=False))
    rows = pc.list_parent_indices(lists).filter(odd)
    return pa.array(np.bincount(np.asarray(rows), minlength=len(data)))


def _from_the_future(data: pa.Table, _: Baseline) -> float:
    impossible = pc.or_(
        pc.greater(data["fetched_at"], pa.scalar(datetime.now(UTC), pa.timestamp("us", tz="UTC"))),
        pc.less(pc.year(data["fetched_at"]), SPOTIFY_STARTED),
    )
    return float(pc.sum(impossible).as_py() or 0)


def _labelled(data: pa.Table) -> set[str]:
    """The artists with at least one micro-genre."""
    has_any = pc.greater(pc.fill_null(pc.list_value_length(data["genres"]), 0), 0)
    return set(pc.unique(data["artist_id"].filter(has_any)).to_pylist())


def _labels_lost(data: pa.Table, baseline: Baseline) -> float | None:
    """Share of the artists with genres that lose them, no larger than the share of artists without any.

    Of a version from another source those artists count that are in both. A version that cannot be read is
    no reason to keep a new one back.
    """
    try:
        before = baseline.read("spotify_tracks", ["artist_id", "genres"])
    except (GenrelabError, OSError, pa.ArrowException):
        return None
    if before is None or baseline.refuse_above >= 1 or not len(data):
        return None
    artists, now, had = set(pc.unique(data["artist_id"]).to_pylist()), _labelled(data), _labelled(before)
    if baseline.rows is None:
        had &= artists
    return min(len(had - now) / len(had), 1 - len(now) / len(artists)) if had else None


HUMAN = (
    DomainRule(
        f"genres: not lost by more than {MOST_LABELS_LOST:.0%} of the artists at once",
        "a journal or a column of genres was lost, or a service withholds them: bring back the file or the folder that "
        "held them, or ask another service (scrape.genres); validation.refuse_above = 1 publishes the table as it is",
        gxe.ExpectColumnMaxToBeBetween(column="labels_lost", max_value=MOST_LABELS_LOST, severity=CRITICAL),
        OfTable("labels_lost", ("artist_id", "genres"), _labels_lost),
    ),
    DomainRule(
        "tempo: above 0",
        "a tempo of 0 marks sound effects and noise for sleep, not songs",
        gxe.ExpectColumnValuesToBeBetween(column="tempo", min_value=0, strict_min=True, severity=WARNING),
    ),
    DomainRule(
        "time_signature: above 0",
        "a time signature of 0 marks sound effects and noise for sleep, not songs",
        gxe.ExpectColumnValuesToBeBetween(
            column="time_signature", min_value=0, strict_min=True, severity=WARNING
        ),
    ),
    DomainRule(
        "danceability: above 0",
        "Spotify gives 0 where it hears no beat: such a track is no song",
        gxe.ExpectColumnValuesToBeBetween(
            column="danceability", min_value=0, strict_min=True, severity=WARNING
        ),
    ),
    DomainRule(
        "loudness: at most 0 dB in 99.9 % of rows",
        "full scale is 0 dB; 12 masters of 38,535 are known to exceed it, more means another unit",
        gxe.ExpectColumnValuesToBeBetween(column="loudness", max_value=0, mostly=0.999, severity=WARNING),
    ),
    DomainRule(
        "track_id: once",
        "one track pulled for several artists: a collaboration, or a scraper that kept its last result",
        gxe.ExpectColumnValuesToBeUnique(column="track_id", severity=WARNING),
    ),
    DomainRule(
        "track_id: 22 letters and digits, or a name",
        "the form of every id of Spotify, or an id made of artist and title where a file has none; anything else leads "
        "to no track",
        gxe.ExpectColumnValuesToMatchRegex(column="track_id", regex=ID, severity=WARNING),
    ),
    DomainRule(
        "artist_id: 22 letters and digits, or a name",
        "the form of every id of Spotify, or an id made of the name where a file has none; anything else leads to no "
        "artist",
        gxe.ExpectColumnValuesToMatchRegex(column="artist_id", regex=ID, severity=WARNING),
    ),
    DomainRule(
        "track_id: one title",
        "a track has one title; two mean that rows of different tracks were mixed",
        gxe.ExpectColumnValuesToBeBetween(column="titles_of_track", max_value=1, severity=WARNING),
        distinct_within("track_name", ["track_id"], "titles_of_track"),
    ),
    DomainRule(
        "track_id: one tempo",
        "a track is analysed once; two tempos mean that features of another track were written to it",
        gxe.ExpectColumnValuesToBeBetween(column="tempos_of_track", max_value=1, severity=WARNING),
        distinct_within("tempo", ["track_id"], "tempos_of_track"),
    ),
    DomainRule(
        "audio features: of one track id",
        "identical audio features under different track ids are a re-release, or a scraper that kept its last "
        "result; either way a model would be tested on what it has heard",
        gxe.ExpectColumnValuesToBeBetween(column="tracks_of_features", max_value=1, severity=WARNING),
        distinct_within(
            "track_id", MODEL_FEATURES, "tracks_of_features", len(MODEL_FEATURES) - FEWEST_COMPARED
        ),
    ),
    DomainRule(
        "audio features: all or none",
        "a service answers with all that it measures (ReccoBeats has no time signature); half of it means that "
        "values were lost",
        gxe.ExpectColumnValuesToBeBetween(column="features_missing", max_value=0, severity=WARNING),
        missing_of(AUDIO_FEATURES, "features_missing", by="features_source"),
    ),
    DomainRule(
        "audio features: in 90 % of rows",
        "a row without features cannot be learned from; many of them mean that the service withheld them",
        gxe.ExpectColumnValuesToNotBeNull(column="energy", mostly=0.9, severity=WARNING),
    ),
    DomainRule(
        "audio features: not the same in all rows",
        "a scraper that keeps its last result fills a column with one number",
        gxe.ExpectColumnMaxToBeBetween(column="constant_features", max_value=0, severity=WARNING),
        constant_columns(MODEL_FEATURES, "constant_features"),
    ),
    DomainRule(
        "artist_id: one set of micro-genres for a name",
        "an artist has one set of micro-genres per scrape; another set under the same id and name means that "
        "pulls of different days were mixed, which moves the artist to another bin",
        gxe.ExpectColumnValuesToBeBetween(column="genre_sets_of_artist", max_value=1, severity=WARNING),
        distinct_within("genres", ["artist_id", "artist_name"], "genre_sets_of_artist"),
    ),
    DomainRule(
        "artist_id: one name",
        "an id with many names stands for compilations, or the pull wrote the album's artist beside the track's",
        gxe.ExpectColumnValuesToBeBetween(column="names_of_artist", max_value=1, severity=WARNING),
        distinct_within("artist_name", ["artist_id"], "names_of_artist"),
    ),
    DomainRule(
        "genres: at least one in 90 % of rows",
        "a track whose artist has no micro-genre gets no bin; many of them mean that the service withheld them",
        gxe.ExpectColumnValuesToBeBetween(column="micro_genres", min_value=1, mostly=0.9, severity=WARNING),
        length_of("genres", "micro_genres"),
    ),
    DomainRule(
        "genres: in small letters without blanks around them",
        "so Spotify writes them; anything else was typed by hand, and patterns of the rules miss it",
        gxe.ExpectColumnValuesToBeBetween(column="odd_micro_genres", max_value=0, severity=WARNING),
        PerRow("odd_micro_genres", ("genres",), _odd_genres),
    ),
    DomainRule(
        "popularity: above 0 in a tenth of rows",
        "0 marks a track that nobody hears any more; a column of zeros was never filled",
        gxe.ExpectColumnValuesToBeBetween(column="popularity", min_value=1, mostly=0.1, severity=WARNING),
    ),
    DomainRule(
        "fetched_at: since 2008 and not in the future",
        "Spotify opened in 2008; a time ahead of now comes from a wrong clock and would never grow old",
        gxe.ExpectColumnMaxToBeBetween(column="impossible_times", max_value=0, severity=WARNING),
        OfTable("impossible_times", ("fetched_at",), _from_the_future),
    ),
)
