"""Scores of several labels per row.

Conventions
    - Truth and decisions are boolean, predictions are probabilities, all of shape (rows, labels).
    - Ratios of nothing are 0, as in scikit-learn: Jaccard where neither truth nor decision has a label.
    - Means over labels leave out the labels that neither occur nor are named.

Source of the formulas: Tsoumakas, Katakis and Vlahavas, "Mining Multi-label Data", 2010 (sections 5.1 and 5.2);
LRAP and coverage as in scikit-learn's user guide, 3.4.3.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import rankdata

from genrelab.evaluation.genre_tree import GenreTree
from genrelab.evaluation.judged import FloatArray, OfWeights, Score, ValidationTarget, mean_of
from genrelab.evaluation.rankings import Ranking, rank
from genrelab.evaluation.results import LabelScores
from genrelab.evaluation.sampling import Groups, artist_numbers

BoolArray = npt.NDArray[np.bool_]

BLOCK = 25
"""Resamples that rankings are summed for at a time: all pairs of 11,000 rows with 161 labels take 75 MB."""


def label_matrix(lists: pa.ChunkedArray) -> tuple[tuple[int, ...], BoolArray]:
    """The labels of a column of lists, ascending, and which each row has, shape (rows, labels).

    A missing list is an empty one.

    >>> labels, has = label_matrix(pa.chunked_array([[[3, 5], None, [5]]]))
    >>> labels, has.tolist()
    ((3, 5), [[True, True], [False, False], [False, True]])
    """
    whole = lists.combine_chunks()
    sizes = whole.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    labels, places = np.unique(whole.flatten().to_numpy(zero_copy_only=False), return_inverse=True)
    has = np.zeros((len(whole), len(labels)), dtype=np.bool_)
    has[np.repeat(np.arange(len(whole)), sizes), places] = True
    return tuple(int(one) for one in labels), has


def jaccard(judged: ValidationTarget) -> FloatArray:
    """Labels both true and named among those true or named, for each row."""
    return jaccard_of(judged.truth, judged.decided)


def jaccard_of(truth: BoolArray, decided: BoolArray) -> FloatArray:
    """Jaccard of each row, shape (rows,).

    Args:
        truth: Shape (rows, labels).
        decided: The same shape, or (labels,) for one answer to all rows.
    """
    return _ratio((truth & decided).sum(axis=1), (truth | decided).sum(axis=1))


def hamming_loss(judged: ValidationTarget) -> FloatArray:
    """Share of all labels that are wrongly named or wrongly left out, for each row."""
    return np.asarray((judged.truth != judged.decided).mean(axis=1))


def subset_accuracy(judged: ValidationTarget) -> BoolArray:
    """Whether exactly the true labels are named, for each row."""
    return np.asarray((judged.truth == judged.decided).all(axis=1))


def micro_f1(judged: ValidationTarget) -> OfWeights:
    """F1 over all pairs of row and label."""
    hits, named = _counts(judged)
    return lambda weights: _ratio(2 * (weights @ hits.sum(axis=1)), weights @ named.sum(axis=1))


def macro_f1(judged: ValidationTarget) -> OfWeights:
    """Mean over labels of their F1."""
    hits, named = _counts(judged)

    def of(weights: FloatArray) -> FloatArray:
        both = weights @ named
        return _ratio(_ratio(2 * (weights @ hits), both).sum(axis=-1), (both > 0).sum(axis=-1))

    return of


def lrap(judged: ValidationTarget) -> FloatArray:
    """Mean over a row's true labels of the share of true ones among the labels at least as probable."""
    among_all = rankdata(-judged.predicted, "max", axis=1)
    among_true = rankdata(np.where(judged.truth, -judged.predicted, np.inf), "max", axis=1)
    count = judged.truth.sum(axis=1)
    precision = np.where(judged.truth, among_true / among_all, 0).sum(axis=1)
    return np.where(count > 0, _ratio(precision, count), 1.0)


def coverage_error(judged: ValidationTarget) -> FloatArray:
    """How many of the most probable labels it takes to have all true ones, for each row."""
    ranks = rankdata(-judged.predicted, "max", axis=1)
    return np.asarray(np.where(judged.truth, ranks, 0).max(axis=1))


def macro_ap(judged: ValidationTarget) -> OfWeights:
    """Mean average precision over the labels that occur; 0 without any."""
    of_label = _by_label(judged)
    return lambda weights: _mean_of_labels([one.average_precision for one in of_label], weights, 0.0)


def micro_ap(judged: ValidationTarget) -> OfWeights:
    """Average precision over all pairs of row and label; 0 without a true one."""
    pairs = np.repeat(np.arange(len(judged.truth)), judged.truth.shape[1])
    of_all = rank(judged.truth.ravel(), judged.predicted.ravel(), pairs, len(judged.truth))
    return lambda weights: _mean_of_labels([of_all.average_precision], weights, 0.0)


def macro_auc(judged: ValidationTarget) -> OfWeights:
    """Mean area under the ROC curve over the labels that some rows have and others lack; 0.5 without any."""
    of_label = _by_label(judged)
    return lambda weights: _mean_of_labels([one.area for one in of_label], weights, 0.5)


def hierarchical_precision(tree: GenreTree, labels: Sequence[int]) -> Callable[[ValidationTarget], OfWeights]:
    """Share of the named genres, with all genres above them, that are true or above a true one.

    hP = sum_i |P_i and T_i| / sum_i |P_i|, where T_i and P_i are the true and the named genres of row i, each with all
    ancestors. Both sums run over all rows before one is divided by the other, as in the source: Kiritchenko, Matwin,
    Nock and Famili, "Learning and Evaluation in the Presence of Class Hierarchies: Application to Text
    Categorization", 2006. The paper leaves out the one root of its hierarchy, which says nothing; FMA's 16 roots are
    genres and count.

    One track of Punk, named Hardcore (both are below Rock): of {Hardcore, Rock} only Rock is true.

    >>> from genrelab.evaluation.genre_tree import make_tree
    >>> tree = make_tree([12, 25, 31], [0, 12, 12], ["Rock", "Punk", "Hardcore"])
    >>> punk, hardcore = np.array([[True, False]]), np.array([[False, True]])
    >>> sibling = ValidationTarget(punk, hardcore * 1.0, hardcore)
    >>> float(hierarchical_precision(tree, [25, 31])(sibling)(np.ones(1)))
    0.5
    """
    return _of_tree(tree, labels, lambda both, decided, _true: _ratio(both, decided))


def hierarchical_recall(tree: GenreTree, labels: Sequence[int]) -> Callable[[ValidationTarget], OfWeights]:
    """Share of the true genres, with all genres above them, that are named or above a named one.

    hR = sum_i |P_i and T_i| / sum_i |T_i|; see `hierarchical_precision`.

    One track of Punk, named Rock: half of {Punk, Rock} is found, and nothing wrong is named.

    >>> from genrelab.evaluation.genre_tree import make_tree
    >>> tree = make_tree([12, 25], [0, 12], ["Rock", "Punk"])
    >>> punk, rock = np.array([[False, True]]), np.array([[True, False]])
    >>> parent = ValidationTarget(punk, rock * 1.0, rock)
    >>> [float(score(tree, [12, 25])(parent)(np.ones(1))) for score in (hierarchical_precision, hierarchical_recall)]
    [1.0, 0.5]
    """
    return _of_tree(tree, labels, lambda both, _decided, true: _ratio(both, true))


def hierarchical_f1(tree: GenreTree, labels: Sequence[int]) -> Callable[[ValidationTarget], OfWeights]:
    """Harmonic mean of hierarchical precision and recall: 2 hP hR / (hP + hR)."""
    return _of_tree(tree, labels, lambda both, decided, true: _ratio(2 * both, decided + true))


SCORES = {
    "jaccard": Score(mean_of(jaccard)),
    "hamming_loss": Score(mean_of(hamming_loss), is_loss=True),
    "subset_accuracy": Score(mean_of(subset_accuracy)),
    "micro_f1": Score(micro_f1),
    "macro_f1": Score(macro_f1),
    "lrap": Score(mean_of(lrap)),
    "coverage_error": Score(mean_of(coverage_error), is_loss=True),
    "macro_ap": Score(macro_ap, is_ranking=True),
    "micro_ap": Score(micro_ap, is_ranking=True),
    "macro_auc": Score(macro_auc, is_ranking=True),
}
"""Every score that needs no tree, by its metric name."""


def scores_for(tree: GenreTree | None, labels: Sequence[int]) -> Mapping[str, Score]:
    """Every score by its metric name.

    Args:
        tree: The tree of the labels; without one there are no hierarchical scores.
        labels: Label of each column of truth and prediction.
    """
    if tree is None:
        return SCORES
    return SCORES | {
        "hierarchical_precision": Score(hierarchical_precision(tree, labels)),
        "hierarchical_recall": Score(hierarchical_recall(tree, labels)),
        "hierarchical_f1": Score(hierarchical_f1(tree, labels)),
    }


def per_label(
    judged: ValidationTarget,
    labels: Sequence[object],
    groups: Groups,
    *,
    thresholds: Sequence[float] | FloatArray | None = None,
    seen: Sequence[object] | None = None,
) -> tuple[LabelScores, ...]:
    """How well each label is predicted, in the order of the labels.

    Args:
        judged: At least one row.
        labels: Label of each column.
        groups: Artist of each row, shape (rows,); rows without one count as one artist's.
        thresholds: Probability from which each label is named, shape (labels,): `Thresholds.of`.
        seen: Labels that training rows have; all where it is not given.
    """
    artists, once = artist_numbers(groups), np.ones((len(judged.truth), 1))
    known = set(labels if seen is None else seen)
    found = []
    for column, (label, one) in enumerate(zip(labels, _by_label(judged), strict=True)):
        has, decided = judged.truth[:, column].astype(bool), judged.decided[:, column].astype(bool)
        hits = int((has & decided).sum())
        found.append(
            LabelScores(
                label=str(label),
                tracks=int(has.sum()),
                artists=len(np.unique(artists[has])),
                named=int(decided.sum()),
                precision=hits / decided.sum() if decided.any() else None,
                recall=hits / has.sum() if has.any() else None,
                f1=2 * hits / (has.sum() + decided.sum()) if has.any() or decided.any() else None,
                ap=float(one.average_precision(once)[0]) if has.any() else None,
                auc=float(one.area(once)[0]) if has.any() and not has.all() else None,
                threshold=None if thresholds is None else float(thresholds[column]),
                is_seen=label in known,
            )
        )
    return tuple(found)


def _by_label(judged: ValidationTarget) -> list[Ranking]:
    """The rows ranked by the probability of each label."""
    rows = np.arange(len(judged.truth))
    return [
        rank(has.astype(bool), predicted, rows, len(rows))
        for has, predicted in zip(judged.truth.T, judged.predicted.T, strict=True)
    ]


def _mean_of_labels(
    scores: Sequence[Callable[[FloatArray], FloatArray]], weights: FloatArray, otherwise: float
) -> FloatArray:
    """Mean over the labels that have a value, for each resample; `BLOCK` resamples at a time."""
    many = np.atleast_2d(weights)
    found = np.full(len(many), otherwise)
    for start in range(0, len(many), BLOCK):
        block = np.ascontiguousarray(many[start : start + BLOCK].T)
        values = np.array([score(block) for score in scores])
        has_value = ~np.isnan(values)
        total, count = np.where(has_value, values, 0.0).sum(axis=0), has_value.sum(axis=0)
        np.divide(total, count, out=found[start : start + BLOCK], where=count > 0)
    return found.reshape(weights.shape[:-1])


def _of_tree(
    tree: GenreTree,
    labels: Sequence[int],
    combine: Callable[[FloatArray, FloatArray, FloatArray], FloatArray],
) -> Callable[[ValidationTarget], OfWeights]:
    """A score of the weighted sums of genres both true and named, named, and true, each with all above it."""

    def prepare(judged: ValidationTarget) -> OfWeights:
        true, decided = (tree.closure(one, labels) for one in (judged.truth, judged.decided))
        counts = np.stack([one.sum(axis=1) for one in (true & decided, decided, true)], axis=1).astype(
            np.float64
        )
        return lambda weights: combine(*np.moveaxis(weights @ counts, -1, 0))

    return prepare


def _counts(judged: ValidationTarget) -> tuple[FloatArray, FloatArray]:
    """Labels both true and named, and labels true plus labels named, as numbers, shape (rows, labels)."""
    hits = (judged.truth & judged.decided).astype(np.float64)
    return hits, judged.truth.astype(np.float64) + judged.decided


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> FloatArray:
    """Part over whole, 0 where the whole is 0."""
    over = np.asarray(whole, dtype=np.float64)
    return np.divide(part, over, out=np.zeros_like(over), where=over > 0)
