"""The Free Music Archive: tracks, genre tree, librosa features, Echo Nest features, and the raw tables.

Source: Defferrard, Benzi, Vandergheynst and Bresson, "FMA: A Dataset For Music Analysis", ISMIR 2017.

Conventions: flat snake_case names; `Column.official` is the name in FMA's own header, its levels joined by
dots (`track.genre_top`, `mfcc.mean.01`). A column without an official name is ours: provenance, genre titles.
-1 is FMA's own marker for an unknown count or id, so it is legal where FMA writes it and is never
turned into a missing value. The wide schemas are computed from `SIZES` and `MOMENTS`, never listed.

How a file is read does not belong here but in `genrelab.sources.fma`.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.provenance import PROVENANCE

LICENCE = "CC BY 4.0"

TEXT, WHOLE, REAL, TIME = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
TEXTS, WHOLES = pa.list_(pa.string()), pa.list_(pa.int64())

SPLITS = ("training", "validation", "test")
SUBSETS = ("small", "medium", "large")
"""Each subset lies within the next: a track marked `small` is in medium and large as well."""

TOP_GENRES = (
    "Blues",
    "Classical",
    "Country",
    "Easy Listening",
    "Electronic",
    "Experimental",
    "Folk",
    "Hip-Hop",
    "Instrumental",
    "International",
    "Jazz",
    "Old-Time / Historic",
    "Pop",
    "Rock",
    "Soul-RnB",
    "Spoken",
)
"""The sixteen roots of the genre tree."""

SIZES = {
    "chroma_cens": 12,
    "chroma_cqt": 12,
    "chroma_stft": 12,
    "mfcc": 20,
    "rmse": 1,
    "spectral_bandwidth": 1,
    "spectral_centroid": 1,
    "spectral_contrast": 7,
    "spectral_rolloff": 1,
    "tonnetz": 6,
    "zcr": 1,
}
"""Coefficients per librosa feature, in the order of the official header."""

MOMENTS = ("kurtosis", "max", "mean", "median", "min", "skew", "std")
"""Statistics over the frames of a clip, in the order of the official header."""

FEATURE_UNITS = {"spectral_bandwidth": "Hz", "spectral_centroid": "Hz", "spectral_rolloff": "Hz"}
UNITLESS_MOMENTS = ("kurtosis", "skew")

TEMPORAL_FEATURES = 224


def feature_name(feature: str, moment: str, number: int) -> str:
    """Name of one of the 518 columns.

    >>> feature_name("mfcc", "mean", 1)
    'mfcc_mean_01'
    """
    return f"{feature}_{moment}_{number:02d}"


def _track_id() -> Column:
    return Column("track_id", WHOLE, "FMA's id of the track.", low=1, official="track_id")


def _unknown(name: str, meaning: str, official: str) -> Column:
    """Return the column of a count or id that FMA sets to -1 if unknown."""
    return Column(name, WHOLE, f"{meaning}; -1 if unknown.", low=-1, nullable=True, official=official)


def _count(name: str, meaning: str, official: str) -> Column:
    return Column(name, WHOLE, f"{meaning}.", low=0, nullable=True, official=official)


def _text(name: str, meaning: str, official: str) -> Column:
    return Column(name, TEXT, f"{meaning}.", nullable=True, official=official)


def _time(name: str, meaning: str, official: str) -> Column:
    return Column(name, TIME, f"{meaning}; without a time zone.", nullable=True, official=official)


def _tags(name: str, meaning: str, official: str) -> Column:
    return Column(name, TEXTS, f"{meaning}.", nullable=True, official=official)


FMA_TRACKS = Table(
    name="fma_tracks",
    meaning="One row per track of the Free Music Archive, with its album, artist, genres, split and subset.",
    columns=(
        *PROVENANCE,
        _track_id(),
        _unknown("album_comments", "Comments on the album", "album.comments"),
        _time("album_date_created", "When the album was added to the site", "album.date_created"),
        _time("album_date_released", "When the album was released", "album.date_released"),
        _text("album_engineer", "Engineer of the album", "album.engineer"),
        _unknown("album_favorites", "Users who marked the album as a favourite", "album.favorites"),
        _unknown("album_id", "FMA's id of the album", "album.id"),
        _text("album_information", "Text about the album, with its original HTML", "album.information"),
        _unknown("album_listens", "Plays of the album on the site", "album.listens"),
        _text("album_producer", "Producer of the album", "album.producer"),
        _tags("album_tags", "Tags of the album", "album.tags"),
        _text("album_title", "Title of the album", "album.title"),
        _unknown("album_tracks", "Tracks on the album", "album.tracks"),
        _text("album_type", "Kind of album: Album, Single Tracks, Live Performance, ...", "album.type"),
        _time("artist_active_year_begin", "First year of activity, as 1 January", "artist.active_year_begin"),
        _time("artist_active_year_end", "Last year of activity, as 1 January", "artist.active_year_end"),
        _text("artist_associated_labels", "Labels of the artist", "artist.associated_labels"),
        _text("artist_bio", "Biography, with its original HTML", "artist.bio"),
        _unknown("artist_comments", "Comments on the artist", "artist.comments"),
        _time("artist_date_created", "When the artist was added to the site", "artist.date_created"),
        _unknown("artist_favorites", "Users who marked the artist as a favourite", "artist.favorites"),
        Column("artist_id", WHOLE, "FMA's id of the artist.", low=1, official="artist.id"),
        Column(
            "artist_latitude",
            REAL,
            "Latitude of the artist's place.",
            unit="degrees",
            low=-90,
            high=90,
            nullable=True,
            official="artist.latitude",
        ),
        _text("artist_location", "Place of the artist", "artist.location"),
        Column(
            "artist_longitude",
            REAL,
            "Longitude of the artist's place.",
            unit="degrees",
            low=-180,
            high=180,
            nullable=True,
            official="artist.longitude",
        ),
        _text("artist_members", "Members of the band", "artist.members"),
        _text("artist_name", "Name of the artist", "artist.name"),
        _text("artist_related_projects", "Other projects of the artist", "artist.related_projects"),
        _tags("artist_tags", "Tags of the artist", "artist.tags"),
        _text("artist_website", "Web page of the artist", "artist.website"),
        _text("artist_wikipedia_page", "Wikipedia page of the artist", "artist.wikipedia_page"),
        Column("split", TEXT, "Part of FMA's own split.", choices=SPLITS, official="set.split"),
        Column(
            "subset",
            TEXT,
            "Smallest subset that holds the track: small lies within medium, medium within large.",
            choices=SUBSETS,
            official="set.subset",
        ),
        Column(
            "track_bit_rate",
            WHOLE,
            "Bit rate of the audio file; -1 if unknown.",
            unit="bits per second",
            low=-1,
            nullable=True,
            official="track.bit_rate",
        ),
        _count("track_comments", "Comments on the track", "track.comments"),
        _text("track_composer", "Composer", "track.composer"),
        _time("track_date_created", "When the track was added to the site", "track.date_created"),
        _time("track_date_recorded", "When the track was recorded", "track.date_recorded"),
        Column(
            "track_duration",
            WHOLE,
            "Length of the track according to the site; wrong for some tracks (see docs/fma.md).",
            unit="seconds",
            low=0,
            nullable=True,
            official="track.duration",
        ),
        _count("track_favorites", "Users who marked the track as a favourite", "track.favorites"),
        Column(
            "genre_top",
            TEXT,
            "The root genre of the track; missing by design if its genres have several roots or none.",
            choices=TOP_GENRES,
            nullable=True,
            official="track.genre_top",
        ),
        Column("genres", WHOLES, "Ids of the genres given by the artist.", official="track.genres"),
        Column(
            "genres_all",
            WHOLES,
            "Ids of these genres and of all their parents.",
            nullable=True,
            official="track.genres_all",
        ),
        _text("track_information", "Text about the track, with its original HTML", "track.information"),
        _count("track_interest", "Views of the track's page", "track.interest"),
        _text("track_language_code", "Language of the lyrics, ISO 639-1", "track.language_code"),
        _text("track_license", "Licence of the audio", "track.license"),
        _count("track_listens", "Plays of the track on the site", "track.listens"),
        _text("track_lyricist", "Lyricist", "track.lyricist"),
        _count("track_number", "Position on the album", "track.number"),
        _text("track_publisher", "Publisher", "track.publisher"),
        _tags("track_tags", "Tags of the track", "track.tags"),
        _text("track_title", "Title of the track", "track.title"),
        Column(
            "genre_names",
            TEXTS,
            "Titles of `genres` in the same order; missing if the archive has no genres.csv.",
            nullable=True,
        ),
        Column(
            "genre_all_names",
            TEXTS,
            "Titles of `genres_all` in the same order; missing if the archive has no genres.csv.",
            nullable=True,
        ),
    ),
    key=("track_id",),
    licence=LICENCE,
)

FMA_GENRES = Table(
    name="fma_genres",
    meaning="One row per genre of FMA's tree.",
    columns=(
        *PROVENANCE,
        Column("genre_id", WHOLE, "FMA's id of the genre.", low=1, official="genre_id"),
        Column(
            "track_count",
            WHOLE,
            "Tracks of the genre and of all genres below it.",
            low=0,
            nullable=True,
            official="#tracks",
        ),
        Column("parent_id", WHOLE, "Id of the parent genre; 0 for a root.", low=0, official="parent"),
        Column("title", TEXT, "Name of the genre.", official="title"),
        Column("top_level_id", WHOLE, "Id of the root genre.", low=1, official="top_level"),
        Column("top_level_title", TEXT, "Name of the root genre.", nullable=True),
        Column("path", TEXTS, "Names from the genre itself up to its root.", nullable=True),
    ),
    key=("genre_id",),
    licence=LICENCE,
)

FMA_FEATURES = Table(
    name="fma_features",
    meaning="One row per track: statistics of librosa features over the frames of a clip. The recipe fma-518 computes "
    "them from a sound file; but librosa has rewritten the constant-Q transform, so that chroma_cqt, chroma_cens and "
    "tonnetz come near to the published values, and the others equal them (docs/audio.md).",
    columns=(
        *PROVENANCE,
        _track_id(),
        *(
            Column(
                feature_name(feature, moment, number),
                pa.float32(),
                f"{moment} of {feature}, coefficient {number}.",
                unit="" if moment in UNITLESS_MOMENTS else FEATURE_UNITS.get(feature, ""),
                nullable=True,
                official=f"{feature}.{moment}.{number:02d}",
            )
            for feature, size in SIZES.items()
            for moment in MOMENTS
            for number in range(1, size + 1)
        ),
    ),
    key=("track_id",),
    licence=LICENCE,
)

ECHONEST_AUDIO = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "liveness",
    "speechiness",
    "tempo",
    "valence",
)
"""The eight Echo Nest audio features that FMA has."""

_ECHONEST_RANKS = (
    "artist_discovery",
    "artist_familiarity",
    "artist_hotttnesss",
    "song_currency",
    "song_hotttnesss",
)


def _echonest_audio(name: str) -> Column:
    official = f"echonest.audio_features.{name}"
    if name == "tempo":
        return Column(
            name,
            REAL,
            "Estimated tempo; 0 when none was found.",
            unit="beats per minute",
            low=0,
            high=300,
            nullable=True,
            official=official,
        )
    return Column(
        name, REAL, f"{name.capitalize()} by Echo Nest.", low=0, high=1, nullable=True, official=official
    )


def _echonest_metadata(name: str, meaning: str) -> Column:
    return _text(name, meaning, f"echonest.metadata.{name}")


def _echonest_degrees(name: str, limit: int) -> Column:
    return Column(
        name,
        REAL,
        f"{name.removeprefix('artist_').capitalize()} of the artist's place, by Echo Nest.",
        unit="degrees",
        low=-limit,
        high=limit,
        nullable=True,
        official=f"echonest.metadata.{name}",
    )


FMA_ECHONEST = Table(
    name="fma_echonest",
    meaning="One row per track known to Echo Nest (now Spotify): audio, metadata, ranks, social and temporal features.",
    columns=(
        *PROVENANCE,
        _track_id(),
        *(_echonest_audio(name) for name in ECHONEST_AUDIO),
        _echonest_metadata("album_date", "Date of the album as text: a day, a month or a year"),
        _echonest_metadata("album_name", "Name of the album"),
        _echonest_degrees("artist_latitude", 90),
        _echonest_metadata("artist_location", "Place of the artist"),
        _echonest_degrees("artist_longitude", 180),
        _echonest_metadata("artist_name", "Name of the artist"),
        _echonest_metadata("release", "Name of the release"),
        *(
            Column(
                f"{name}_rank",
                REAL,
                f"Rank by {name.replace('_', ' ')}.",
                low=0,
                nullable=True,
                official=f"echonest.ranks.{name}_rank",
            )
            for name in _ECHONEST_RANKS
        ),
        *(
            Column(
                name,
                REAL,
                f"{name.replace('_', ' ').capitalize()} by Echo Nest.",
                low=0,
                nullable=True,
                official=f"echonest.social_features.{name}",
            )
            for name in _ECHONEST_RANKS
        ),
        *(
            Column(
                f"temporal_{number:03d}",
                pa.float32(),
                f"Temporal feature {number} of Echo Nest.",
                nullable=True,
                official=f"echonest.temporal_features.{number:03d}",
            )
            for number in range(TEMPORAL_FEATURES)
        ),
    ),
    key=("track_id",),
    licence=LICENCE,
)
