"""The layouts that are known, one declaration each.

Conventions: names are folded (`genrelab.sources.spotify.layouts.fold_name`). To add a layout, add a declaration here
and a file in its spelling to tests/helpers/layout_files.py.
"""

from genrelab.sources.spotify.layouts import Layout, Repeats, Source
from genrelab.tables.spotify import AUDIO_FEATURES

FEATURES = {
    "acousticness": Source(("acousticness",)),
    "danceability": Source(("danceability",)),
    "energy": Source(("energy",)),
    "instrumentalness": Source(("instrumentalness",)),
    "key": Source(("key",)),
    "liveness": Source(("liveness",)),
    "loudness": Source(("loudness", "loudnessdb")),
    "mode": Source(("mode",)),
    "speechiness": Source(("speechiness",)),
    "tempo": Source(("tempo", "tempobpm")),
    "time_signature": Source(("timesignature",)),
    "valence": Source(("valence",)),
}
PERCENT_FEATURES = {
    "acousticness": Source(("acousticness%", "acousticness", "acous"), is_percent=True),
    "danceability": Source(("danceability%", "danceability", "dnce"), is_percent=True),
    "energy": Source(("energy%", "energy", "nrgy"), is_percent=True),
    "instrumentalness": Source(("instrumentalness%", "instrumentalness"), is_percent=True),
    "liveness": Source(("liveness%", "liveness", "live"), is_percent=True),
    "speechiness": Source(("speechiness%", "speechiness", "spch"), is_percent=True),
    "valence": Source(("valence%", "valence", "val"), is_percent=True),
    "tempo": Source(("beatsperminutebpm", "beatsperminute", "bpm")),
}
GENRES = Source(("genres", "genre", "artistgenres"))
"""Of sets that come without: somebody may have joined them."""
POPULARITY = Source(("popularity", "trackpopularity", "trackpop", "pop"))
TRACK = Source(
    ("trackid", "trackuri", "spotifytrackid", "spotifytrackuri", "trackurl", "trackhref", "tracklink")
)
ARTIST_ID = Source(
    (
        *("artisturi", "artistid", "spotifyartistid", "spotifyartisturi"),
        *("artistspotifyid", "artistspotifyuri", "artisturl", "artisthref", "artistlink"),
    )
)
IDS_OF_ARTISTS = (*ARTIST_ID.spellings, "artisturis", "artistids", "idartists")

PULLS = Layout(
    name="pulls",
    title="earlier pulls",
    columns={
        "artist_name": Source(("artistname", "artist")),
        "artist_id": ARTIST_ID,
        "track_id": Source((*TRACK.spellings, "spotifyid", "spotifyuri", "id", "uri")),
        "track_name": Source(("trackname", "track", "title", "song")),
        "genres": Source(("genre", "genres", "artistgenres")),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=(
        "artist_name",
        "artist_id",
        "track_id",
        "track_name",
        "genres",
        *(name for name in AUDIO_FEATURES if name != "time_signature"),
    ),
    expected=("time_signature",),
)

_EXPORT = {
    "artist_name": Source(("artistnames",)),
    "track_id": Source(("trackuri", "spotifyuri", "spotifyid", "trackid")),
    "track_name": Source(("trackname",)),
    "genres": Source(("genres", "artistgenres")),
    **FEATURES,
    "popularity": POPULARITY,
    "added_at": Source(("addedat",)),
}
EXPORTIFY = Layout(
    name="exportify",
    title="Exportify of 2025 and later",
    columns=_EXPORT,
    needed=("track_id", "track_name", "artist_name"),
    marks=("recordlabel",),
    without=IDS_OF_ARTISTS,
    expected=("genres", *AUDIO_FEATURES),
    separators=(";",),
    repeats=Repeats.EXPORTS,
)
EXPORTIFY_OLDER = Layout(
    name="exportify-older",
    title="Exportify, an older generation",
    columns=_EXPORT,
    needed=("track_id", "track_name", "artist_name"),
    without=("recordlabel", *IDS_OF_ARTISTS),
    expected=("genres", *AUDIO_FEATURES),
    separators=(";", ", "),
    repeats=Repeats.EXPORTS,
)
EXPORTIFY_IDS = Layout(
    name="exportify-ids",
    title="Exportify, a generation with ids of artists",
    columns={**_EXPORT, "artist_id": Source(("artistids", "artisturis", "artistid", "artisturi"))},
    needed=("track_id", "track_name", "artist_name", "artist_id"),
    expected=("genres", *AUDIO_FEATURES),
    separators=(";", ", ", ","),
    repeats=Repeats.EXPORTS,
)

SPOTIFY_FEATURES = Layout(
    name="spotify-features",
    title="Kaggle SpotifyFeatures, or tracks with genres and without ids of artists",
    columns={
        "artist_name": Source(("artistname",)),
        "track_id": TRACK,
        "track_name": Source(("trackname",)),
        "genres": Source(("genre", "genres")),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_id", "track_name", "genres", "energy", "tempo", "loudness"),
    without=IDS_OF_ARTISTS,
    expected=AUDIO_FEATURES,
    repeats=Repeats.GENRES,
)
TRACKS_114K = Layout(
    name="tracks-114k",
    title="Kaggle dataset.csv of 114,000 tracks",
    columns={
        "artist_name": Source(("artists",)),
        "track_id": TRACK,
        "track_name": Source(("trackname",)),
        "genres": Source(("trackgenre",)),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_id", "track_name", "genres"),
    expected=AUDIO_FEATURES,
    separators=(";",),
    repeats=Repeats.GENRES,
)
SPOTIFY_SONGS = Layout(
    name="spotify-songs",
    title="TidyTuesday spotify_songs",
    columns={
        "artist_name": Source(("trackartist",)),
        "track_id": TRACK,
        "track_name": Source(("trackname",)),
        "genres": Source(("playlistsubgenre",)),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_id", "track_name", "genres"),
    marks=("playlistgenre",),
    expected=tuple(name for name in AUDIO_FEATURES if name != "time_signature"),
    repeats=Repeats.GENRES,
    more_genres=("playlistgenre",),
)
TRACKS_SINCE_1921 = Layout(
    name="data-1921-2020",
    title="Kaggle data.csv of 1921 to 2020",
    columns={
        "artist_name": Source(("artists",)),
        "track_id": Source(("id",)),
        "track_name": Source(("name",)),
        "genres": GENRES,
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_id", "track_name"),
    without=IDS_OF_ARTISTS,
    expected=("genres", *(name for name in AUDIO_FEATURES if name != "time_signature")),
    are_lists=True,
)
TRACKS_FEATURES = Layout(
    name="tracks-features",
    title="Kaggle tracks_features of 1.2 million tracks",
    columns={
        "artist_name": Source(("artists",)),
        "artist_id": Source(("artistids", "idartists")),
        "track_id": Source(("id",)),
        "track_name": Source(("name",)),
        "genres": GENRES,
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "artist_id", "track_id", "track_name"),
    expected=("genres", *AUDIO_FEATURES),
    are_lists=True,
)
TOP_HITS = Layout(
    name="songs-normalize",
    title="Kaggle songs_normalize",
    columns={
        "artist_name": Source(("artist",)),
        "track_name": Source(("song",)),
        "genres": Source(("genre",)),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_name", "genres"),
    expected=tuple(name for name in AUDIO_FEATURES if name != "time_signature"),
    repeats=Repeats.EXPORTS,
)
SPOTIFY_2023 = Layout(
    name="spotify-2023",
    title="Kaggle spotify-2023",
    columns={
        "artist_name": Source(("artistsname",)),
        "track_name": Source(("trackname",)),
        "genres": GENRES,
        **PERCENT_FEATURES,
        "key": FEATURES["key"],
        "mode": FEATURES["mode"],
    },
    needed=("artist_name", "track_name", "danceability", "energy"),
    marks=("danceability%", "energy%"),
    expected=("genres", *PERCENT_FEATURES, "loudness", "key", "mode", "time_signature"),
    separators=(", ",),
    count="artistcount",
    repeats=Repeats.EXPORTS,
)
TOP_2000 = Layout(
    name="spotify-2000",
    title="Kaggle Spotify-2000, top10s or top50",
    columns={
        "artist_name": Source(("artist", "artistname")),
        "track_name": Source(("title", "trackname")),
        "genres": Source(("topgenre", "genre")),
        **PERCENT_FEATURES,
        "loudness": Source(("loudnessdb", "db")),
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_name", "genres", "tempo", "loudness", "danceability"),
    expected=(*(name for name in PERCENT_FEATURES if name != "instrumentalness"), "loudness"),
    repeats=Repeats.EXPORTS,
)
PLAYLISTS = Layout(
    name="playlists-2010-2023",
    title="Kaggle playlists 2010 to 2023",
    columns={**PULLS.columns, "genres": Source(("artistgenres",))},
    needed=PULLS.needed,
    marks=("playlisturl",),
    expected=AUDIO_FEATURES,
    repeats=Repeats.EXPORTS,
)
HIT_PREDICTOR = Layout(
    name="hit-predictor",
    title="Kaggle hit predictor of 1960 to 2019",
    columns={
        "artist_name": Source(("artist",)),
        "track_id": Source(("uri",)),
        "track_name": Source(("track",)),
        "genres": GENRES,
        **FEATURES,
    },
    needed=("artist_name", "track_id", "track_name", "energy", "tempo", "loudness"),
    without=IDS_OF_ARTISTS,
    expected=("genres", *AUDIO_FEATURES),
    repeats=Repeats.EXPORTS,
)
SPOTIPY = Layout(
    name="spotipy",
    title="a table made with spotipy",
    columns={
        "artist_name": Source(("artistname",)),
        "track_id": Source(("trackuri", "trackid", "id", "uri")),
        "track_name": Source(("trackname",)),
        "genres": Source(("artistgenres",)),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_id", "track_name", "genres"),
    without=IDS_OF_ARTISTS,
    expected=AUDIO_FEATURES,
    repeats=Repeats.EXPORTS,
)

MAPPED = Layout(
    name="mapped",
    title="the columns of your mapping",
    columns={
        "artist_name": Source(("artistname", "artist", "artists")),
        "artist_id": ARTIST_ID,
        "track_id": TRACK,
        "track_name": Source(("trackname", "title", "song", "name")),
        "genres": Source(("genres", "genre", "artistgenres", "trackgenre")),
        **FEATURES,
        "popularity": POPULARITY,
    },
    needed=("artist_name", "track_name"),
    expected=("genres", *AUDIO_FEATURES),
    repeats=Repeats.EXPORTS,
)
"""What a mapping does not name keeps its usual names."""

LAYOUTS = (
    PULLS,
    EXPORTIFY,
    EXPORTIFY_OLDER,
    EXPORTIFY_IDS,
    SPOTIFY_FEATURES,
    TRACKS_114K,
    SPOTIFY_SONGS,
    TRACKS_SINCE_1921,
    TRACKS_FEATURES,
    TOP_HITS,
    SPOTIFY_2023,
    TOP_2000,
    PLAYLISTS,
    HIT_PREDICTOR,
    SPOTIPY,
    MAPPED,
)
SPELLINGS = frozenset(
    spelling for layout in LAYOUTS for source in layout.columns.values() for spelling in source.spellings
) | frozenset(
    mark for layout in LAYOUTS for mark in (*layout.marks, *layout.more_genres, layout.count) if mark
)
"""Every name that tells a header from a title."""
