"""The raw files of FMA's archive: the answers of its API as they were crawled.

Conventions: names are those of the API; every column but the id is unchanged text. Cleaned values are in
`genrelab.tables.fma`.
"""

from dataclasses import replace

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.fma import FMA_ECHONEST, LICENCE
from genrelab.tables.provenance import PROVENANCE

RAW_COLUMNS = {
    "fma_raw_tracks": (
        "track_id album_id album_title album_url artist_id artist_name artist_url artist_website"
        " license_image_file license_image_file_large license_parent_id license_title license_url tags"
        " track_bit_rate track_comments track_composer track_copyright_c track_copyright_p"
        " track_date_created track_date_recorded track_disc_number track_duration track_explicit"
        " track_explicit_notes track_favorites track_file track_genres track_image_file track_information"
        " track_instrumental track_interest track_language_code track_listens track_lyricist track_number"
        " track_publisher track_title track_url"
    ),
    "fma_raw_albums": (
        "album_id album_comments album_date_created album_date_released album_engineer album_favorites"
        " album_handle album_image_file album_images album_information album_listens album_producer"
        " album_title album_tracks album_type album_url artist_name artist_url tags"
    ),
    "fma_raw_artists": (
        "artist_id artist_active_year_begin artist_active_year_end artist_associated_labels artist_bio"
        " artist_comments artist_contact artist_date_created artist_donation_url artist_favorites"
        " artist_flattr_name artist_handle artist_image_file artist_images artist_latitude artist_location"
        " artist_longitude artist_members artist_name artist_paypal_name artist_related_projects artist_url"
        " artist_website artist_wikipedia_page tags"
    ),
    "fma_raw_genres": "genre_id genre_color genre_handle genre_parent_id genre_title",
}
"""Columns of the answers of FMA's API as they were crawled, the id first."""


def _raw_table(name: str, columns: tuple[str, ...]) -> Table:
    key, *rest = columns
    kind = key.removesuffix("_id")
    return Table(
        name=name,
        meaning=f"One row per {kind} as FMA's API returned it, not cleaned; every column but the id is text.",
        columns=(
            *PROVENANCE,
            Column(key, pa.int64(), f"FMA's id of the {kind}.", low=0, official=key),
            *(
                Column(
                    column,
                    pa.string(),
                    f"`{column}` of the API's answer, as text.",
                    nullable=True,
                    official=column,
                )
                for column in rest
            ),
        ),
        key=(key,),
        licence=LICENCE,
    )


RAW_TABLES = {name: _raw_table(name, tuple(names.split())) for name, names in RAW_COLUMNS.items()}
"""The tables of the raw files, by name."""

FMA_RAW_ECHONEST = replace(
    FMA_ECHONEST,
    name="fma_raw_echonest",
    meaning="One row per track known to Echo Nest, including tracks with missing features.",
)
