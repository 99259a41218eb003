"""Tables of topics in docs/genres.md, from the records of a home.

`tools/real_numbers.py` writes them.
"""

from genrelab.analyses.genre_topics.analysis import GENRE_TOPICS
from genrelab.analyses.genre_topics.document import KNN_TOPICS, LSI_TOPICS
from genrelab.analyses.genre_topics.names import LIBROSA
from genrelab.analyses.genre_topics.result import GenreTopics, Sound
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab_cli.numbers import markdown
from tasks.run.step import facts_of

STEPS = (1, 4, 10, 30, 70, 133, 161)
PAIRS = 10


def lsi(found: GenreTopics) -> str:
    """The largest weights of the first topics, ours and the printed ones."""
    rows = [
        [
            str(place + 1),
            *(
                f"{topic[place].genre} {topic[place].weight:.3f} ({topic[place].document:.3f})"
                for topic in found.lsi.topics
            ),
        ]
        for place in range(min(map(len, found.lsi.topics)))
    ]
    return markdown(["weight", *(f"topic {place + 1}" for place in range(len(LSI_TOPICS)))], rows)


def variance(found: GenreTopics) -> str:
    """Cumulative sums of singular values and of their squares."""
    singular, squares = found.lsi.shares
    rows = [
        [str(step), f"{singular[step - 1]:.3f}", f"{squares[step - 1]:.3f}"]
        for step in STEPS
        if step <= len(singular)
    ]
    return markdown(["topics", "share of the sum of singular values", "share of the variance"], rows)


def lda(found: GenreTopics) -> str:
    """The document's topics and ours that are most like them."""
    rows = [
        [
            ", ".join(f"{genre} {weight:.3f}" for genre, weight in one.document.items()),
            ", ".join(f"{weight.genre} {weight.weight:.3f}" for weight in one.weights),
            f"{one.cosine:.3f}",
            f"{one.alone:.3f}",
        ]
        for one in found.matches
    ]
    return markdown(["the document", "here", "cosine", "one genre alone"], rows)


def numbers(found: GenreTopics) -> str:
    """Numbers of topics by the perplexity of a hidden genre."""
    if found.completion is None:
        return markdown(["topics", "perplexity"], [])
    rows = [["by frequency", _score(found.completion.baseline, 1)]]
    rows += [[str(one.topics), _score(one.perplexity, 1)] for one in found.completion.numbers]
    return markdown(["topics", "perplexity of a hidden genre (95 % interval)"], rows)


def pairs(found: GenreTopics) -> str:
    """The strongest pairs."""
    rows = [
        [
            f"{one.first} + {one.second}",
            one.relation,
            f"{one.artists:,}",
            _score(one.lift, 1),
            f"{one.npmi:.2f}",
        ]
        for one in found.pairs[:PAIRS]
    ]
    return markdown(["genres", "in the tree", "artists", "times chance (95 % interval)", "association"], rows)


def neighbours(found: Sound) -> str:
    """Topics predicted by neighbours; the document's figure is of librosa features."""
    printed = [f"{value:.3f}" for value in KNN_TOPICS] if found.features == LIBROSA else []
    heads = [f"{curve.split}, topics of {curve.fitted}" for curve in found.curves]
    rows = [
        [
            str(point.k),
            *printed[place : place + 1],
            *(_score(curve.points[place].jaccard, 3) for curve in found.curves),
        ]
        for place, point in enumerate(found.curves[0].points)
    ]
    last = [*([""] if printed else []), *(_score(curve.baseline, 3) for curve in found.curves)]
    rows.append(["most frequent topics", *last])
    return markdown(["k", *(["the document"] if printed else []), *heads], rows)


def _score(score: object, digits: int) -> str:
    value, low, high = (getattr(score, name) for name in ("value", "low", "high"))
    return (
        f"{value:.{digits}f}"
        if low is None
        else f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"
    )


def tables_of(home: Home) -> dict[str, str]:
    """The tables of topics, if they were found in a home on real data."""
    found = decode(GenreTopics, facts_of(home, GENRE_TOPICS.name))
    if found is None or found.sample:
        return {}
    return {
        "topics-lsi": lsi(found),
        "topics-variance": variance(found),
        "topics-lda": lda(found),
        "topics-numbers": numbers(found),
        "topics-pairs": pairs(found),
        **{f"topics-{one.features}": neighbours(one) for one in found.sound},
    }
