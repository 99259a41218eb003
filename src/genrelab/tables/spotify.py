"""Spotify: tracks as pulled, and tracks with their target genre.

Audio features keep the names and units that Spotify gave them (Web API reference, "Get Track's Audio
Features"). Derived features do not belong here: they are computed for the models that use them.
"""

from dataclasses import replace

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.provenance import PROVENANCE

BINS = (
    "pop",
    "rock",
    "jazz/blues",
    "hardcore",
    "dance",
    "country/folk",
    "rap/hip hop",
    "classical",
    "old school dance",
    "mexicano/latino",
    "gospel/worship",
    "focus/sleep",
)
"""The twelve target genres, in the order of the classic rules."""

AUDIO_COLUMNS = (
    Column(
        "acousticness",
        pa.float64(),
        "Confidence that the track is acoustic.",
        low=0,
        high=1,
        nullable=True,
    ),
    Column(
        "danceability",
        pa.float64(),
        "How suitable the track is for dancing.",
        low=0,
        high=1,
        nullable=True,
    ),
    Column("energy", pa.float64(), "Perceived intensity and activity.", low=0, high=1, nullable=True),
    Column(
        "instrumentalness",
        pa.float64(),
        "Likelihood that the track has no vocals.",
        low=0,
        high=1,
        nullable=True,
    ),
    Column(
        "key",
        pa.int64(),
        "Key in pitch class notation, 0 is C; -1 when none was found.",
        low=-1,
        high=11,
        nullable=True,
    ),
    Column(
        "liveness", pa.float64(), "Likelihood that an audience was present.", low=0, high=1, nullable=True
    ),
    Column("loudness", pa.float64(), "Mean loudness.", unit="dB", low=-80, high=6, nullable=True),
    Column("mode", pa.int64(), "1 for major, 0 for minor.", choices=(0, 1), nullable=True),
    Column("speechiness", pa.float64(), "Presence of spoken words.", low=0, high=1, nullable=True),
    Column(
        "tempo",
        pa.float64(),
        "Estimated tempo; 0 when none was found.",
        unit="beats per minute",
        low=0,
        high=300,
        nullable=True,
    ),
    Column(
        "time_signature",
        pa.int64(),
        "Beats in a bar; 0 when none was found.",
        low=0,
        high=7,
        nullable=True,
    ),
    Column("valence", pa.float64(), "Musical positiveness.", low=0, high=1, nullable=True),
)
"""The twelve audio features."""

AUDIO_FEATURES = tuple(column.name for column in AUDIO_COLUMNS)
MODEL_FEATURES = tuple(name for name in AUDIO_FEATURES if name != "key")
"""The eleven features of the capstone project's models; rows that share all of them are audio duplicates."""

GENRE_SOURCES = ("pulls", "spotify", "musicbrainz", "lastfm", "sample")
"""Services that name an artist's micro-genres."""

SPOTIFY_TRACKS = Table(
    name="spotify_tracks",
    meaning="One row per pulled track, with the micro-genres of its artist and its audio features.",
    columns=(
        *PROVENANCE,
        Column(
            "artist_id",
            pa.string(),
            "Spotify id of the artist; `name:` and the name if the source has no artist ids.",
        ),
        Column("artist_name", pa.string(), "Name of the artist; of several artists, the first."),
        Column(
            "track_id",
            pa.string(),
            "Spotify id of the track; `name:` with artist and title if the source has no track ids.",
        ),
        Column("track_name", pa.string(), "Title of the track."),
        Column(
            "genres",
            pa.list_(pa.string()),
            "Micro-genres of the artist, or of the track if the source has those.",
        ),
        Column(
            "genres_source",
            pa.string(),
            "Service that named the micro-genres; missing if none did so far.",
            choices=GENRE_SOURCES,
            nullable=True,
        ),
        Column(
            "genres_fetched_at",
            pa.timestamp("us", tz="UTC"),
            "When the micro-genres were fetched; missing for earlier pulls, which have no times.",
            nullable=True,
        ),
        *AUDIO_COLUMNS,
        Column("popularity", pa.int64(), "Popularity of the track.", low=0, high=100, nullable=True),
        Column(
            "features_source",
            pa.string(),
            "Source of the audio features; missing if the row has none.",
            choices=("pulls", "spotify", "reccobeats", "sample"),
            nullable=True,
        ),
        Column(
            "features_fetched_at",
            pa.timestamp("us", tz="UTC"),
            "When the audio features were fetched; missing for earlier pulls, which have no times.",
            nullable=True,
        ),
        Column(
            "fetched_at",
            pa.timestamp("us", tz="UTC"),
            "When the row was fetched; missing for earlier pulls, which have no times.",
            nullable=True,
        ),
    ),
    key=("source", "source_row"),
    licence="Spotify Developer Terms: not for training models; genres from MusicBrainz CC BY-NC-SA 3.0, from Last.fm"
    " not for commercial use",
)

SHIPPED_RULE_SETS = ("classic", "reviewed")
"""The rule sets that ship with the project; each is applied to every track and has its own column."""


def bin_column(rule_set: str) -> Column:
    """Return the column that holds the bins of a rule set."""
    return Column(
        f"bin_{rule_set}",
        pa.string(),
        f"Target genre by the rule set {rule_set}.",
        choices=BINS,
        nullable=True,
    )


SPOTIFY_BINNED = Table(
    name="spotify_binned",
    meaning="The rows of spotify_tracks with their target genre and their part of the split.",
    columns=(
        *SPOTIFY_TRACKS.columns,
        Column(
            "genre_bin",
            pa.string(),
            "Target genre by the active rule set; missing when no rule matched.",
            choices=BINS,
            nullable=True,
        ),
        Column("rule", pa.string(), "Name of the rule of the active rule set that matched.", nullable=True),
        Column("micro_genre", pa.string(), "Micro-genre that the rule matched.", nullable=True),
        *map(bin_column, SHIPPED_RULE_SETS),
        Column(
            "name_in_title",
            pa.bool_(),
            "Whether the artist's name occurs in the title as whole words, without capitals, accents and punctuation;"
            " missing for a name without letters and digits.",
            nullable=True,
        ),
        Column(
            "names_of_artist_id",
            pa.int64(),
            "Number of names in the whole source that share the artist id; more than 100 mean a catch-all such as"
            " Various Artists. Missing for ids made from names.",
            low=1,
            nullable=True,
        ),
        Column(
            "label_is_suspect",
            pa.bool_(),
            "Whether the micro-genres may belong to the name that was searched for instead of the track's artist: the"
            " name occurs in the title before any bracket, dash or `feat.`. Always false if the source names the"
            " tracks' own artists (scrapes, playlist exports); missing where one of the two columns before it is.",
            nullable=True,
        ),
        Column(
            "artist_group", pa.string(), "Id shared by all rows that must be in the same part of every split."
        ),
        Column(
            "part",
            pa.string(),
            "Part of the permanent split; `none` for tracks that link groups of different parts.",
            choices=("train", "gate", "test", "none"),
        ),
    ),
    key=("source", "source_row"),
    licence=SPOTIFY_TRACKS.licence,
)


def binned_by(rule_set: str) -> Table:
    """Return `SPOTIFY_BINNED` with a column for the active rule set, which may be the user's own.

    >>> binned_by("classic") is SPOTIFY_BINNED
    True
    >>> binned_by("mine").names[-1]
    'bin_mine'
    """
    if rule_set in SHIPPED_RULE_SETS:
        return SPOTIFY_BINNED
    return replace(SPOTIFY_BINNED, columns=(*SPOTIFY_BINNED.columns, bin_column(rule_set)))
