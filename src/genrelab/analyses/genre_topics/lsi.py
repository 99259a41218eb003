"""Latent semantic indexing: the singular value decomposition of the matrix of tracks and genres.

Source: Deerwester, Dumais, Furnas, Landauer and Harshman, "Indexing by Latent Semantic Analysis", JASIS 1990.

Conventions
    - The matrix (tracks, genres) holds 1 where a track has a genre. Nothing is centred or weighted, as in the student
      project.
    - A set of genres that n tracks share is one row times the square root of n: the products of columns are the same,
      and so are singular values and right singular vectors, exactly.
    - A topic is a right singular vector, of length 1; its sign is arbitrary.
"""

import numpy as np

from genrelab.analyses.genre_topics.document import LSI_TOPICS, Printed
from genrelab.analyses.genre_topics.result import Lsi, Weight
from genrelab.analyses.genre_topics.tracks import FloatArray, GenreTracks

SHOWN = 10
"""Genres of a topic that are shown, as in the student project."""
NEARLY_ALL = 0.999
"""Share of the variance up to which gensim, the library of the student project, keeps dimensions."""
DIGITS = 4


def index_genres(tracks: GenreTracks) -> Lsi:
    """Return all singular values and the first topics."""
    values, vectors = decompose(tracks)
    variance = np.cumsum(values**2) / np.sum(values**2)
    topics, distances = [], []
    for vector, printed in zip(vectors, LSI_TOPICS, strict=False):
        weights, distance = _compare(vector, tracks.names, printed)
        topics.append(weights)
        distances.append(distance)
    known = [distance for distance in distances if distance is not None]
    return Lsi(
        values=tuple(values.round(DIGITS).tolist()),
        above_999=int(np.searchsorted(variance, NEARLY_ALL) + 1),
        topics=tuple(topics),
        farthest=max(known) if known and len(known) == len(LSI_TOPICS) else None,
    )


def decompose(tracks: GenreTracks) -> tuple[FloatArray, FloatArray]:
    """Return the singular values that are not zero, shape (topics,), and the topics, shape (topics, genres)."""
    rows = tracks.sets * np.sqrt(tracks.counts())[:, None]
    _, values, vectors = np.linalg.svd(rows, full_matrices=False)
    rank = int((values > values[0] * max(rows.shape) * np.finfo(np.float64).eps).sum())
    return values[:rank], vectors[:rank]


def _compare(
    vector: FloatArray, names: tuple[str, ...], printed: Printed
) -> tuple[tuple[Weight, ...], float | None]:
    """Return a topic with the sign of the printed one, and the largest distance to its weights."""
    places = {name: column for column, name in enumerate(names)}
    shared = sum(vector[places[genre]] * weight for genre, weight in printed.items() if genre in places)
    if shared < 0 or (not shared and vector[np.abs(vector).argmax()] < 0):
        vector = -vector
    largest = np.argsort(-np.abs(vector), kind="stable")[:SHOWN]
    shown = tuple(
        Weight(names[column], round(float(vector[column]), DIGITS), printed.get(names[column]))
        for column in largest
    )
    if not printed.keys() <= places.keys():
        return shown, None
    return shown, float(max(abs(vector[places[genre]] - weight) for genre, weight in printed.items()))
