"""Tracks of each genre for made-up facts: about as many as the real data have."""

from genrelab.tables.spotify import BINS

BIN_TRACKS = dict(
    zip(
        BINS,
        (12197, 4309, 2593, 1500, 3696, 1536, 2729, 2665, 922, 1435, 545, 922),
        strict=True,
    )
)
FMA_GENRES = {
    "Rock": 14182,
    "Experimental": 10608,
    "Electronic": 9372,
    "Hip-Hop": 3552,
    "Folk": 2803,
    "Instrumental": 2079,
    "Pop": 2332,
    "International": 1389,
    "Classical": 1230,
    "Old-Time / Historic": 868,
    "Jazz": 571,
    "Country": 194,
    "Soul-RnB": 175,
    "Spoken": 423,
    "Blues": 110,
    "Easy Listening": 24,
}
