"""Checks of FMA's tracks; the numbers of the official files are from the paper and its repository."""

from collections.abc import Mapping

import great_expectations.expectations as gxe
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.baseline import Baseline
from expectations.domain_rules import DomainRule, OfTable, PerRow
from expectations.facts import (
    count_where,
    distinct_within,
    is_among,
    length_of,
    present_in_both,
    share_of,
    year_of,
)
from genrelab.sources.codes import counts_of
from genrelab.tables.fma import SUBSETS

CRITICAL, WARNING = "critical", "warning"
SPLIT_SIZES = {"training": 84_353, "validation": 10_958, "test": 11_263}
SUBSET_SIZES = {"small": 8_000, "medium": 17_000, "large": 81_574}
"""Tracks that are marked so; medium holds small as well, large holds both."""
FEWEST = 1_000
"""Rows from which on shares mean something."""
FOUNDED, CRAWLED = 2008, 2017
FIRST_RECORDING = 1860
LONGEST = 6 * 3600
BEST_BIT_RATE = 512_000


def _beyond(column: str, sizes: Mapping[str, int], name: str) -> OfTable:
    """How many tracks a part has more than FMA's own."""

    def beyond(data: pa.Table) -> int:
        counts = counts_of(data[column])
        return max(int(counts.get(part, 0)) - size for part, size in sizes.items())

    return count_where((column,), beyond, name)


def _imbalance_of_small(data: pa.Table, _: Baseline) -> float | None:
    """Tracks of the most frequent genre of the subset small for one of the least frequent."""
    small = data["genre_top"].filter(pc.equal(data["subset"], SUBSETS[0])).drop_null()
    if len(small) < FEWEST // 2:
        return None
    counts = np.asarray(small.value_counts().field("counts"))
    return float(counts.max() / counts.min())


def _without_genre_in_subset(data: pa.Table) -> pa.Array:
    unusual = pc.and_(pc.not_equal(data["subset"], "large"), data["genre_top"].is_null())
    return pc.cast(pc.fill_null(unusual, fill_value=False), pa.int64())


def _names_per_genre(data: pa.Table) -> pa.Array:
    lengths = [pc.list_value_length(data[name]) for name in ("genres", "genre_names")]
    return pc.cast(pc.equal(*lengths), pa.int64())


HUMAN = (
    DomainRule(
        "genre_top: present in at least a third of rows",
        "missing for half of the tracks by design: their genres have more than one root",
        gxe.ExpectColumnValuesToNotBeNull(column="genre_top", mostly=0.33, severity=WARNING),
    ),
    DomainRule(
        "genre_top: one of the track's own genres",
        "the root of a track's genres is among its genres; otherwise rows were shifted",
        gxe.ExpectColumnValuesToBeBetween(column="own_genre_top", min_value=1, severity=WARNING),
        is_among("genre_top", "genre_all_names", "own_genre_top"),
    ),
    DomainRule(
        "genre_top: there for every track of small and medium",
        "both subsets were drawn from tracks with a single root",
        gxe.ExpectColumnValuesToBeBetween(column="genre_top_needed", max_value=0, severity=WARNING),
        PerRow("genre_top_needed", ("subset", "genre_top"), _without_genre_in_subset),
    ),
    DomainRule(
        "genre_names: one for each of genres",
        "one title is looked up for each id; a different number belongs to another row",
        gxe.ExpectColumnValuesToBeBetween(column="names_per_genre", min_value=1, severity=CRITICAL),
        PerRow("names_per_genre", ("genres", "genre_names"), _names_per_genre),
        refuses=True,
    ),
    DomainRule(
        "genres: at least one in 95 % of rows",
        "2,231 of 106,574 tracks have no genre from their artists; many more mean that the column was lost",
        gxe.ExpectColumnValuesToBeBetween(
            column="number_of_genres", min_value=1, mostly=0.95, severity=WARNING
        ),
        length_of("genres", "number_of_genres"),
    ),
    DomainRule(
        "split: all of training, validation and test",
        "the official split has three parts; a truncated archive lacks the last tracks",
        gxe.ExpectColumnDistinctValuesToEqualSet(
            column="split", value_set=list(SPLIT_SIZES), severity=WARNING
        ),
    ),
    DomainRule(
        "split: at most " + ", ".join(f"{size:,} {part}" for part, size in SPLIT_SIZES.items()),
        "the sizes of FMA's own split; a larger part contains tracks of another, so scores would not be comparable",
        gxe.ExpectColumnMaxToBeBetween(column="beyond_split", max_value=0, severity=WARNING),
        _beyond("split", SPLIT_SIZES, "beyond_split"),
    ),
    DomainRule(
        "split: training holds 70 % to 90 % of rows",
        "FMA splits 80 : 10 : 10 within every genre, so a subset of its tracks has similar shares",
        gxe.ExpectColumnMaxToBeBetween(
            column="share_of_training", min_value=0.7, max_value=0.9, severity=WARNING
        ),
        share_of("split", "training", "share_of_training", FEWEST),
    ),
    DomainRule(
        "artist_id: in one part of the split",
        "FMA's artist filter: a model tested on artists of its training data recognises the artist, not the genre",
        gxe.ExpectColumnValuesToBeBetween(column="splits_of_artist", max_value=1, severity=CRITICAL),
        distinct_within("split", ["artist_id"], "splits_of_artist"),
        refuses=True,
    ),
    DomainRule(
        "subset: at most " + ", ".join(f"{size:,} {part}" for part, size in SUBSET_SIZES.items()),
        "the sizes of FMA's own subsets",
        gxe.ExpectColumnMaxToBeBetween(column="beyond_subset", max_value=0, severity=WARNING),
        _beyond("subset", SUBSET_SIZES, "beyond_subset"),
    ),
    DomainRule(
        "subset: small holds its genres in equal numbers",
        "small has 1,000 tracks of each of eight genres; other numbers mean lost rows",
        gxe.ExpectColumnMaxToBeBetween(column="imbalance_of_small", max_value=1.25, severity=WARNING),
        OfTable("imbalance_of_small", ("subset", "genre_top"), _imbalance_of_small),
    ),
    DomainRule(
        "artist_id: one name",
        "an id belongs to one artist; a second name means that artist columns were shifted relative to the ids",
        gxe.ExpectColumnValuesToBeBetween(column="names_of_artist", max_value=1, severity=WARNING),
        distinct_within("artist_name", ["artist_id"], "names_of_artist"),
        broken="tracks carry an artist id that stands for several names: artist columns were shifted relative "
        "to the ids",
    ),
    DomainRule(
        "track_duration: above 0",
        "the API reports 0 seconds for empty clips",
        gxe.ExpectColumnValuesToBeBetween(
            column="track_duration", min_value=0, strict_min=True, severity=WARNING
        ),
        broken="tracks last 0 seconds, as the API reports empty clips",
    ),
    DomainRule(
        "track_duration: at most 6 hours",
        "the longest track lasts 5 h 6 min; more means milliseconds read as seconds",
        gxe.ExpectColumnValuesToBeBetween(column="track_duration", max_value=LONGEST, severity=WARNING),
    ),
    DomainRule(
        f"track_bit_rate: at most {BEST_BIT_RATE:,}",
        "the limit of MP3 is 320,000 bits per second; 447 tracks state up to 448,000, and more would not be MP3",
        gxe.ExpectColumnValuesToBeBetween(column="track_bit_rate", max_value=BEST_BIT_RATE, severity=WARNING),
    ),
    DomainRule(
        "artist_latitude: there exactly where artist_longitude is",
        "one coordinate without the other is not a place",
        gxe.ExpectColumnValuesToBeBetween(column="both_coordinates", min_value=1, severity=WARNING),
        present_in_both("artist_latitude", "artist_longitude", "both_coordinates"),
    ),
    DomainRule(
        f"track_date_created: {FOUNDED} to {CRAWLED}",
        "the site opened in 2008 and was crawled in 2017",
        gxe.ExpectColumnValuesToBeBetween(
            column="year_of_track_date_created", min_value=FOUNDED, max_value=CRAWLED, severity=WARNING
        ),
        year_of("track_date_created"),
    ),
    DomainRule(
        f"track_date_recorded: {FIRST_RECORDING} to {CRAWLED}",
        "nothing was recorded before 1860, and nothing after the site was crawled",
        gxe.ExpectColumnValuesToBeBetween(
            column="year_of_track_date_recorded",
            min_value=FIRST_RECORDING,
            max_value=CRAWLED,
            severity=WARNING,
        ),
        year_of("track_date_recorded"),
    ),
    DomainRule(
        f"album_date_released: {FIRST_RECORDING} to {CRAWLED}",
        "nothing was released before 1860, and nothing after the site was crawled",
        gxe.ExpectColumnValuesToBeBetween(
            column="year_of_album_date_released",
            min_value=FIRST_RECORDING,
            max_value=CRAWLED,
            severity=WARNING,
        ),
        year_of("album_date_released"),
    ),
    DomainRule(
        "track_language_code: two letters",
        "ISO 639-1 codes; longer text means that columns were shifted",
        gxe.ExpectColumnValueLengthsToEqual(column="track_language_code", value=2, severity=WARNING),
    ),
)
