"""Latent Dirichlet allocation of sets of genres.

Sources: Blei, Ng and Jordan, "Latent Dirichlet Allocation", JMLR 2003; Hoffman, Blei and Bach, "Online Learning for
Latent Dirichlet Allocation", NIPS 2010 (algorithm 2), with the defaults of gensim, which the student project used: both
priors 1 / topics, 2,000 tracks at a time, step size (1 + t) ** -0.5.

Conventions
    - Tracks with the same genres have the same topics, so that a batch is worked on by set, each weighted by its
      tracks: about 230 sets instead of 2,000 tracks. scikit-learn's class takes no weights and works track by track;
      on the whole archive this takes a quarter of its time, and a test compares the two.
    - Topics have shape (topics, genres), probabilities of topics (sets, topics).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import digamma

from genrelab.analyses.genre_topics.names import AT_LEAST
from genrelab.analyses.genre_topics.tracks import BoolArray, FloatArray, IntArray

BATCH = 2_000
DECAY = 0.5
STEPS, CLOSE = 10, 1e-2
"""Steps of the probabilities of a batch, and the mean change below which they end, while topics are fitted."""
FINAL_STEPS, FINAL_CLOSE = 100, 1e-4
"""The same for the probabilities that are returned."""
ABOVE_PRIOR = 0.6
"""A topic that a set has exceeds this, divided by the number of topics."""
SMALLEST = 1e-100
"""Added to a sum before dividing by it."""


@dataclass(frozen=True)
class TopicModel:
    """Topics.

    Args:
        parameters: Parameters of the Dirichlet distribution of each topic's genres, shape (topics, genres).
    """

    parameters: FloatArray

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def weights(self) -> FloatArray:
        """Expected probability of each genre in each topic, shape (topics, genres)."""
        return np.asarray(self.parameters / self.parameters.sum(axis=1, keepdims=True))

    def shares(self, sets: BoolArray) -> FloatArray:
        """Return the expected probability of each topic, shape (sets, topics).

        Args:
            sets: Which genres each set has, at least one, shape (sets, genres).
        """
        found, _ = _expect(csr_array(sets), _exp_log(self.parameters), FINAL_STEPS, FINAL_CLOSE)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def ordered(self, order: IntArray) -> "TopicModel":
        """Return the topics in another order."""
        return TopicModel(self.parameters[order])


def topics_for(counts: IntArray, sets: BoolArray, most: int) -> int:
    """Return how many topics are fitted: at most one for each genre that occurs.

    >>> topics_for(np.array([3, 0]), np.array([[True, True, False], [False, False, True]]), 70)
    2
    """
    return min(most, int(sets[counts > 0].any(axis=0).sum()))


def has_topics(shares: FloatArray) -> BoolArray:
    """Return which topics each set has, shape (sets, topics).

    A topic none of whose genres a set has still has a probability from the prior, 1 / (2 topics) at most; where there
    are so few topics that this reaches `names.AT_LEAST`, more is asked.

    Args:
        shares: Probabilities of topics, shape (sets, topics).
    """
    return np.asarray(shares >= max(AT_LEAST, ABOVE_PRIOR / shares.shape[1]))


def fit_topics(
    sets: BoolArray,
    counts: IntArray,
    topics: int,
    *,
    passes: int,
    seed: int,
    advance: Callable[[int], None] = lambda _: None,
) -> TopicModel:
    """Fit topics.

    Args:
        sets: Which genres each set has, at least one, shape (sets, genres).
        counts: Tracks of each set, shape (sets,).
        topics: Number of topics.
        passes: How often every track is seen.
        seed: Seed of the first topics and of the order of the tracks.
        advance: Called with the number of passes done.
    """
    generator = np.random.default_rng(seed)
    matrix, prior = csr_array(sets), 1 / topics
    parameters = generator.gamma(100.0, 0.01, (topics, sets.shape[1]))
    tracks, step = np.repeat(np.arange(len(sets)), counts), 0
    for done in range(passes):
        tracks = generator.permutation(tracks)
        for start in range(0, len(tracks), BATCH):
            batch, weights = np.unique(tracks[start : start + BATCH], return_counts=True)
            rows = matrix[batch]
            _, shared = _expect(rows, _exp_log(parameters), STEPS, CLOSE)
            of_row = np.repeat(weights, np.diff(rows.indptr)).astype(np.float64)
            places = np.arange(len(of_row) + 1)
            counted = csr_array((of_row, rows.indices, places), shape=(len(of_row), sets.shape[1])).T @ shared
            size = (1 + step) ** -DECAY
            step += 1
            parameters = (1 - size) * parameters + size * (prior + len(tracks) / weights.sum() * counted.T)
        advance(done + 1)
    return TopicModel(parameters)


def _exp_log(parameters: FloatArray) -> FloatArray:
    """Return exp of the expected logarithm of Dirichlet distributions, one a row."""
    return np.asarray(np.exp(digamma(parameters) - digamma(parameters.sum(axis=1, keepdims=True))))


def _expect(rows: csr_array, exp_log: FloatArray, steps: int, close: float) -> tuple[FloatArray, FloatArray]:
    """Return the parameters of each set's topics, and how its genres are shared among topics.

    Args:
        rows: Genres of each set, shape (sets, genres).
        exp_log: From `_exp_log` of the topics.
        steps: Steps at most.
        close: Mean change of the parameters of a set below which the steps end, for all of them.

    Returns:
        Shape (sets, topics), and (genres of all sets, topics) in the order of `rows.indices`, each row of sum 1.
    """
    topics = len(exp_log)
    of_genre, of_row = exp_log.T[rows.indices], np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    parameters = np.ones((rows.shape[0], topics))
    for _ in range(steps):
        expected = _exp_log(parameters)
        sums = np.einsum("gt,gt->g", expected[of_row], of_genre) + SMALLEST
        summed = np.add.reduceat(of_genre / sums[:, None], rows.indptr[:-1], axis=0)
        before, parameters = parameters, 1 / topics + expected * summed
        if np.abs(parameters - before).mean(axis=1).max() < close:
            break
    shared = _exp_log(parameters)[of_row] * of_genre
    return parameters, shared / (shared.sum(axis=1, keepdims=True) + SMALLEST)
