"""Places of the artists of the Free Music Archive: one row for each artist with coordinates.

Conventions: places follow from the coordinates alone (`genrelab.analyses.places`). A suspect keeps the place of its
coordinates: whoever reads the table decides whether to use it.
"""

import pyarrow as pa

from genrelab.lake.schema import Column, Table
from genrelab.tables.fma import LICENCE

STATE, COUNTRY, NEAREST, NOWHERE, OFF_GLOBE = (
    "state polygon",
    "country polygon",
    "nearest polygon",
    "no place",
    "off the globe",
)
DECISIONS = (STATE, COUNTRY, NEAREST, NOWHERE, OFF_GLOBE)
"""How a place was found, or that there is none."""

WRONG_LONGITUDE, WRONG_LATITUDE, WRONG_SIGNS, SWAPPED = (
    "longitude has the wrong sign",
    "latitude has the wrong sign",
    "both signs are wrong",
    "latitude and longitude are swapped",
)
SUSPICIONS = (WRONG_LONGITUDE, WRONG_LATITUDE, WRONG_SIGNS, SWAPPED)
"""Why coordinates are probably wrong."""

FMA_PLACES = Table(
    name="fma_places",
    meaning="Country, continent and US state of each artist of the Free Music Archive with coordinates.",
    columns=(
        Column("artist_id", pa.int64(), "FMA's id of the artist.", low=1),
        Column("artist_name", pa.string(), "Name of the artist.", nullable=True),
        Column("artist_location", pa.string(), "Place of the artist in words.", nullable=True),
        Column("latitude", pa.float64(), "Latitude as stated; also off the globe.", unit="degrees"),
        Column("longitude", pa.float64(), "Longitude as stated; also off the globe.", unit="degrees"),
        Column(
            "country_code",
            pa.string(),
            "ISO 3166 code of the country; missing without a place.",
            nullable=True,
        ),
        Column("country", pa.string(), "Its English name.", nullable=True),
        Column("continent", pa.string(), "Continent of the country.", nullable=True),
        Column("state", pa.string(), "State of the United States.", nullable=True),
        Column(
            "decided_by",
            pa.string(),
            "How the place was found: inside the polygon of a state, else of a country, else by the nearest one.",
            choices=DECISIONS,
        ),
        Column("distance", pa.float64(), "Distance to the polygon.", unit="degrees", low=0, high=0.25),
        Column(
            "suspicion",
            pa.string(),
            "Why the coordinates are probably wrong; missing where nothing says so.",
            nullable=True,
            choices=SUSPICIONS,
        ),
        Column("tracks", pa.int64(), "Tracks of the artist.", unit="tracks", low=1),
    ),
    key=("artist_id",),
    licence=LICENCE,
)
