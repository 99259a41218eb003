"""Average precision and ROC area of resamples: against scikit-learn, one resample at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from genrelab.evaluation.rankings import rank

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), min_size=2, max_size=25)


@given(PAIRS)
def test_scores_of_a_ranking_are_those_of_scikit_learn(pairs):
    """With ties and with rows that are not drawn; none where no true, or no false, pair is drawn."""
    truth, tenths, weights = (np.array(one) for one in zip(*pairs, strict=True))
    ranking = rank(truth, tenths / 10, np.arange(len(pairs)), len(pairs))
    drawn = np.stack([weights, np.ones(len(pairs))], axis=1).astype(float)
    found = zip(drawn.T, ranking.average_precision(drawn), ranking.area(drawn), strict=True)

    for weight, precision, area in found:
        if weight[truth].sum() == 0:
            assert np.isnan(precision)
            assert np.isnan(area)
            continue
        kept = weight > 0
        arguments = truth[kept], tenths[kept] / 10
        expected = average_precision_score(*arguments, sample_weight=weight[kept])
        assert precision == pytest.approx(expected)
        if truth[kept].all():
            assert np.isnan(area)
        else:
            assert area == pytest.approx(roc_auc_score(*arguments, sample_weight=weight[kept]))


def test_pairs_of_a_row_have_its_weight():
    """Two rows with two pairs each; the second row is drawn twice."""
    truth, predicted = np.array([True, False, False, True]), np.array([0.9, 0.2, 0.8, 0.7])
    found = rank(truth, predicted, np.array([0, 0, 1, 1]), 2).average_precision(np.array([[1.0], [2.0]]))

    assert found == pytest.approx((1 + 2 * 3 / 5) / 3)
