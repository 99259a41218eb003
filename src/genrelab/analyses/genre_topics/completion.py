"""How many topics are best: a hidden genre of a track is to be guessed from its other genres.

Topics are fitted to the tracks of some artists. Of each track of other artists one genre is hidden, drawn from those
without another of its genres below them; the probability of each genre that is not shown follows from the topics of
the shown ones. The perplexity is exp of the mean log loss: the number of equally probable genres that would be as
hard. Perplexity of whole tracks, as gensim reports it, would be of little use: a topic per set of genres wins it.
"""

from collections.abc import Callable

import numpy as np

from genrelab.analyses.genre_topics.result import Completion, TopicNumber
from genrelab.analyses.genre_topics.topic_model import fit_topics, topics_for
from genrelab.analyses.genre_topics.tracks import BoolArray, FloatArray, GenreTracks, IntArray
from genrelab.evaluation.results import Difference, Score
from genrelab.evaluation.samples import sample_groups
from genrelab.evaluation.sampling import artist_numbers, geometric_mean, mean_and_interval

NUMBERS = (10, 30, 70, 120)
MOST_TRACKS, HELD_OUT = 30_000, 0.2
"""Tracks of whole artists that take part at most, and the share of these that are held out."""


def complete_genres(
    tracks: GenreTracks, *, passes: int, seed: int, advance: Callable[[int], None] = lambda _: None
) -> Completion | None:
    """Compare numbers of topics; None if no held-out track has two genres.

    Args:
        tracks: All tracks with genres.
        passes: Passes of each fit.
        seed: Seed of the draws and fits.
        advance: Called with how many numbers are done.
    """
    everyone = sample_groups(np.arange(len(tracks)), tracks.artists, MOST_TRACKS, seed)
    held_out = sample_groups(everyone, tracks.artists, max(int(HELD_OUT * len(everyone)), 1), seed + 1)
    training = np.setdiff1d(everyone, held_out)
    counts = tracks.counts(training)
    hidden = hide_genres(tracks, seed)
    judged = held_out[hidden[tracks.of_track[held_out]] >= 0]
    if not len(judged) or not len(training):
        return None
    numbers, rows = np.unique(tracks.of_track[judged], return_inverse=True)
    wanted, shown = hidden[numbers], tracks.sets[numbers].copy()
    shown[np.arange(len(numbers)), wanted] = False
    artists = artist_numbers(tracks.artists[judged])

    frequency = (counts @ tracks.sets + 1.0) / (counts @ tracks.sets + 1.0).sum()
    losses: dict[int, FloatArray] = {}
    for done, number in enumerate(NUMBERS, start=1):
        topics = topics_for(counts, tracks.sets, number)
        if topics not in losses:
            model = fit_topics(tracks.sets, counts, topics, passes=passes, seed=seed)
            losses[topics] = _losses(model.shares(shown) @ model.weights, shown, wanted)[rows]
        advance(done)
    best = min(losses.values(), key=lambda values: float(values.mean()))
    baseline = _losses(np.tile(frequency, (len(shown), 1)), shown, wanted)[rows]
    return Completion(
        training=len(training),
        tracks=len(judged),
        artists=int(artists.max() + 1),
        baseline=Score(*geometric_mean(baseline, artists)),
        numbers=tuple(
            TopicNumber(
                number,
                Score(*geometric_mean(values, artists)),
                Difference(*mean_and_interval(values - best, artists)),
            )
            for number, values in sorted(losses.items())
        ),
    )


def hide_genres(tracks: GenreTracks, seed: int) -> IntArray:
    """Return the genre that is hidden of each set, shape (sets,); -1 for a set of one genre."""
    generator = np.random.default_rng(seed)
    above = tracks.above
    hidden = np.full(len(tracks.sets), -1, dtype=np.int64)
    for number in np.flatnonzero(tracks.sets.sum(axis=1) > 1):
        has = np.flatnonzero(tracks.sets[number])
        hidden[number] = generator.choice(has[~above[np.ix_(has, has)].any(axis=0)])
    return hidden


def _losses(probabilities: FloatArray, shown: BoolArray, wanted: IntArray) -> FloatArray:
    """Return the log loss of the hidden genre of each set, among the genres that are not shown."""
    left = np.where(shown, 0.0, probabilities)
    left /= left.sum(axis=1, keepdims=True)
    return np.asarray(-np.log(left[np.arange(len(wanted)), wanted]))
