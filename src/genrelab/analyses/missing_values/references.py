"""What the student project (`seeds/003`) says of missing values: shares above 20 %, and the pairs that go together.

Its list of pairs has fifteen lines, which are eight pairs: it lists seven of them in both orders.
"""

LIMIT = 0.2
"""The student project lists columns of which a larger share is missing."""

ROWS = 106_574
"""Tracks of the FMA."""

SHARES = {
    "album_date_released": 0.340421,
    "album_engineer": 0.856485,
    "album_information": 0.219800,
    "album_producer": 0.830540,
    "artist_active_year_begin": 0.786899,
    "artist_active_year_end": 0.949566,
    "artist_associated_labels": 0.866093,
    "artist_bio": 0.332332,
    "artist_latitude": 0.582037,
    "artist_location": 0.341209,
    "artist_longitude": 0.582037,
    "artist_members": 0.560409,
    "artist_related_projects": 0.876593,
    "artist_website": 0.256329,
    "artist_wikipedia_page": 0.947633,
    "track_composer": 0.965564,
    "track_date_recorded": 0.942209,
    "genre_top": 0.534614,
    "track_information": 0.977959,
    "track_language_code": 0.859028,
    "track_lyricist": 0.997082,
    "track_publisher": 0.988149,
}
"""Share missing by column of `fma_tracks`. The student project prints `track` one line too high, so that
`wikipedia_page`, a column of the artist, stands beside it."""

PAIRS = {
    ("artist_latitude", "artist_longitude"): 1.0,
    ("album_engineer", "album_producer"): 0.768470,
    ("album_date_created", "album_type"): 0.725658,
    ("artist_latitude", "artist_location"): 0.588272,
    ("artist_location", "artist_longitude"): 0.588272,
    ("artist_bio", "artist_website"): 0.538926,
    ("album_date_created", "album_title"): 0.532504,
    ("artist_location", "artist_website"): 0.485648,
}
"""Phi by pair of columns, each pair once and in the order of the alphabet."""

LINES = 15
"""Lines of the student project's list."""
