"""The part of the page that stands beside the student project: its topics of LDA and LSI, and the number of topics."""

from genrelab.analyses.genre_topics.document import LSI_KEPT
from genrelab.analyses.genre_topics.names import TOPICS
from genrelab.analyses.genre_topics.result import Completion, GenreTopics, Weight
from genrelab.report.figure import Cell, Grid, table, table_of, text_column
from genrelab.report.wording import DASH, decimal, percent

CLOSE = 0.95
"""Cosine similarity from which a topic of the student project counts as found."""
ELBOW = 0.5
"""A fall of the singular values by this share from one topic to the next would be an elbow."""


def lda_text(found: GenreTopics) -> str:
    """Return how many of the printed topics were found."""
    near = sum(one.cosine >= CLOSE for one in found.matches)
    beyond = sum(one.cosine > one.alone for one in found.matches)
    return (
        f"The student project printed five of its {TOPICS} topics. {near} of them have a topic here with a cosine "
        "similarity of "
        f"{decimal(CLOSE, 2)} or more; {beyond} are matched better than by a single genre. LDA starts at random, "
        "so that no two "
        "runs find the same topics."
    )


def matches_table(found: GenreTopics) -> Grid:
    """Return the printed topics beside ours."""
    return table_of(
        found.matches,
        (
            text_column("The student project"),
            lambda one: Cell(
                ", ".join(f"{genre} {decimal(weight)}" for genre, weight in one.document.items())
            ),
        ),
        (text_column("Here", "topic"), lambda one: Cell(_written(one.weights), f"topic {one.topic}")),
        ("Cosine", lambda one: decimal(one.cosine)),
        ("One genre alone", lambda one: decimal(one.alone)),
    )


def _written(weights: tuple[Weight, ...]) -> str:
    return ", ".join(f"{one.genre} {decimal(one.weight)}" for one in weights)


def completion_text(found: Completion) -> str:
    """Return which number of topics completes genres best."""
    best = min(found.numbers, key=lambda one: one.perplexity.value)
    asked = next((one for one in found.numbers if one.topics == TOPICS), found.numbers[-1])
    text = (
        "One genre of each track of a new artist is hidden, and guessed from the others. "
        f"With {asked.topics} topics this is as hard as choosing among {decimal(asked.perplexity.value, 0)} "
        "equally likely "
        f"genres, with {best.topics} among {decimal(best.perplexity.value, 0)}; by frequency among "
        f"{decimal(found.baseline.value, 0)}."
    )
    if asked.worse.is_positive:
        return f"{text} So {asked.topics} topics are too many for this."
    return f"{text} The difference of {asked.topics} topics to the best number is within chance."


def lsi_text(found: GenreTopics) -> str:
    """Return what LSI finds, and where the student project differs."""
    lsi = found.lsi
    falls = [1 - after / before for before, after in zip(lsi.values, lsi.values[1:TOPICS], strict=False)]
    text = (
        "Latent semantic indexing is the singular value decomposition of the matrix of tracks and genres. It has "
        f"{len(lsi.values)} dimensions that are not zero, one for each genre; {lsi.above_999} hold 99.9 % of the "
        "variance. "
        f"The student project asked its library for 164 and was given {LSI_KEPT}; this was not reproduced."
    )
    if falls:
        steepest = max(falls)
        text += (
            f" The largest fall of the singular values from one topic to the next is {percent(steepest, 0)}: "
            + ("an elbow." if steepest >= ELBOW else "there is no elbow, as the student project says.")
        )
    if lsi.farthest is not None:
        text += f" Its first four topics differ from those printed by {decimal(lsi.farthest, 4)} at most in a weight."
    return text


def lsi_table(found: GenreTopics) -> Grid:
    """Return the weights of the first topics, ours and the printed ones."""
    most = max(len(topic) for topic in found.lsi.topics)
    return table(
        [
            "Weight",
            *(
                text_column(f"Topic {place}", "here, document")
                for place in range(1, len(found.lsi.topics) + 1)
            ),
        ],
        [
            [
                str(row + 1),
                *(_weight_cell(topic[row]) if row < len(topic) else DASH for topic in found.lsi.topics),
            ]
            for row in range(most)
        ],
    )


def _weight_cell(one: Weight) -> Cell:
    return Cell(one.genre, f"{decimal(one.weight)}, {decimal(one.document)}")
