"""Topics in words: their names, roots, typical tracks and artists, and the student project's topics among them."""

import numpy as np
import pandas as pd

from genrelab.analyses.genre_topics.document import LDA_TOPICS, Printed
from genrelab.analyses.genre_topics.result import Match, Topic, TypicalArtist, TypicalTrack, Weight
from genrelab.analyses.genre_topics.topic_model import TopicModel, has_topics
from genrelab.analyses.genre_topics.tracks import BoolArray, FloatArray, GenreTracks, IntArray

NAMED_FROM, MOST_NAMES = 0.15, 3
"""Genres of at least this weight, and at most so many, make the name of a topic."""
SHOWN, SHOWN_FROM = 5, 0.01
"""Genres of a topic that are shown: at most so many, of at least this weight."""
ROOT_FROM = 0.05
TYPICAL = 3
"""Typical tracks and artists of a topic."""
EVEN = 1
"""Digits to which tracks are compared: those as typical to a tenth are ordered by whether people would know them."""
USUAL = 5
"""Tracks without the topic that are added to those of an artist: few tracks prove little."""
DIGITS = 4


def order_topics(tracks: GenreTracks, model: TopicModel) -> tuple[TopicModel, FloatArray]:
    """Return the topics, the most frequent first, and the probabilities of each set, shape (sets, topics)."""
    shares = model.shares(tracks.sets)
    order = np.argsort(-(tracks.counts() @ shares), kind="stable")
    return model.ordered(order), shares[:, order]


def describe_topics(tracks: GenreTracks, model: TopicModel, shares: FloatArray) -> tuple[Topic, ...]:
    """Return every topic.

    Args:
        tracks: All tracks with genres.
        model: Topics, the most frequent first.
        shares: Probabilities of each set, shape (sets, topics).
    """
    counts, sizes, given = tracks.counts(), np.bincount(tracks.artists), has_topics(shares)
    known = _known(tracks)
    artist_names = known.drop_duplicates("artist").set_index("artist").sort_index()
    main = np.bincount(shares.argmax(axis=1), weights=counts, minlength=len(model))
    topics = []
    for place, weights in enumerate(model.weights):
        own = shares[:, place]
        has = int(counts[given[:, place]].sum())
        likeness = own * _cosines(tracks.sets, weights)
        largest = _weights(weights, tracks.names)
        topics.append(
            Topic(
                number=place + 1,
                name=name_of(weights, tracks.names),
                weights=largest,
                share=float(counts @ own / counts.sum()),
                tracks=has,
                main=int(main[place]),
                typical=_typical_tracks(tracks, known, own, likeness) if main[place] else (),
                artists=_typical_artists(tracks, artist_names, sizes, own) if main[place] else (),
                roots=_roots(weights, tracks),
            )
        )
    return tuple(topics)


def name_of(weights: FloatArray, names: tuple[str, ...]) -> str:
    """Return the name of a topic: its strongest genres.

    >>> name_of(np.array([0.4, 0.5, 0.1]), ("Folk", "Free-Folk", "Rock"))
    'Free-Folk + Folk'
    """
    order = np.argsort(-weights, kind="stable")[:MOST_NAMES]
    return " + ".join(
        names[genre] for place, genre in enumerate(order) if not place or weights[genre] >= NAMED_FROM
    )


def match_topics(tracks: GenreTracks, model: TopicModel) -> tuple[Match, ...]:
    """Return the student project's topics, each with the one of ours that is most like it."""
    ours = model.weights / np.linalg.norm(model.weights, axis=1, keepdims=True)
    found = []
    for printed in LDA_TOPICS:
        theirs = np.array([printed.get(name, 0.0) for name in tracks.names])
        length = float(np.linalg.norm(list(printed.values())))
        cosines = ours @ theirs / length
        best = int(cosines.argmax())
        found.append(
            Match(
                document=dict(printed),
                topic=best + 1,
                weights=_weights(model.weights[best], tracks.names, printed),
                cosine=round(float(cosines[best]), DIGITS),
                alone=round(float(theirs.max() / length), DIGITS),
            )
        )
    return tuple(found)


def _weights(
    weights: FloatArray, names: tuple[str, ...], printed: Printed | None = None
) -> tuple[Weight, ...]:
    largest = np.argsort(-weights, kind="stable")[:SHOWN]
    return tuple(
        Weight(names[genre], round(float(weights[genre]), DIGITS), (printed or {}).get(names[genre]))
        for place, genre in enumerate(largest)
        if not place or weights[genre] >= SHOWN_FROM
    )


def _roots(weights: FloatArray, tracks: GenreTracks) -> tuple[Weight, ...]:
    of_root: dict[str, float] = {}
    for genre, weight in zip(tracks.genres, weights, strict=True):
        root = tracks.tree.titles[tracks.tree.root(genre)]
        of_root[root] = of_root.get(root, 0.0) + float(weight)
    ranked = sorted(of_root.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        Weight(root, round(weight, DIGITS), None)
        for place, (root, weight) in enumerate(ranked)
        if not place or weight >= ROOT_FROM
    )


def _known(tracks: GenreTracks) -> pd.DataFrame:
    """Return what a person knows of each track: names, or ids where they are missing."""
    known = tracks.known
    return pd.DataFrame(
        {
            "track_id": known["track_id"].to_numpy(),
            "track": known["track_title"].fillna("track " + known["track_id"].astype(str)).to_numpy(),
            "artist_name": known["artist_name"]
            .fillna("artist " + known["artist_id"].astype("string").fillna("unknown"))
            .to_numpy(),
            "named": known[["track_title", "artist_name"]].notna().sum(axis=1).to_numpy(),
            "is_named": known["artist_name"].notna().to_numpy(),
            "listens": known["track_listens"].fillna(0).to_numpy(),
            "artist": tracks.artists,
        }
    )


def _cosines(sets: BoolArray, weights: FloatArray) -> FloatArray:
    """Return the cosine similarity of each set and a topic, shape (sets,)."""
    return np.asarray(sets @ weights / (np.sqrt(sets.sum(axis=1)) * np.linalg.norm(weights)))


def _typical_tracks(
    tracks: GenreTracks, known: pd.DataFrame, own: FloatArray, likeness: FloatArray
) -> tuple[TypicalTrack, ...]:
    """Return typical tracks: of those most like the topic, the named ones, then those listened to most.

    Args:
        tracks: All tracks.
        known: From `_known`.
        own: Probability of the topic, shape (sets,).
        likeness: That times the similarity of the set and the topic, shape (sets,).
    """
    clear = likeness.round(EVEN)
    rows = np.flatnonzero((clear >= clear.max())[tracks.of_track])
    some = known.iloc[rows].assign(set=tracks.of_track[rows])
    ranked = some.sort_values(["named", "listens", "track_id"], ascending=[False, False, True])
    shown = ranked.drop_duplicates("artist").head(TYPICAL)
    names = ("track_id", "track", "artist_name", "set")
    return tuple(
        TypicalTrack(track_id, track, artist, tracks.leaves(number), round(float(own[number]), DIGITS))
        for track_id, track, artist, number in zip(*(shown[name].tolist() for name in names), strict=True)
    )


def _typical_artists(
    tracks: GenreTracks, names: pd.DataFrame, sizes: IntArray, own: FloatArray
) -> tuple[TypicalArtist, ...]:
    """Return typical artists: of the clearest, those whose names are known, then those with most tracks."""
    summed = np.bincount(tracks.artists, weights=own[tracks.of_track])
    clear = (summed / (sizes + USUAL)).round(1)
    ranked = np.lexsort((-sizes, ~names["is_named"].to_numpy(), -clear))[:TYPICAL]
    return tuple(
        TypicalArtist(
            str(names["artist_name"].iloc[artist]),
            int(sizes[artist]),
            round(float(summed[artist] / sizes[artist]), DIGITS),
        )
        for artist in ranked
    )
