"""Topics by variational Bayes, beside scikit-learn's class."""

import numpy as np
from scipy.special import digamma
from sklearn.decomposition import LatentDirichletAllocation

from genrelab.analyses.genre_topics.topic_model import TopicModel, fit_topics, topics_for

SETS = np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]], dtype=bool)
COUNTS = np.array([30, 10, 40, 5])


def test_topic_probabilities_are_those_of_scikit_learn():
    """The same topics and priors; scikit-learn works track by track."""
    parameters = np.array([[20.0, 30.0, 1.0, 2.0], [0.5, 3.0, 40.0, 40.0]])
    theirs = LatentDirichletAllocation(2, max_doc_update_iter=100, mean_change_tol=1e-6)
    theirs.fit(SETS.astype(float))
    theirs.components_ = parameters
    theirs.exp_dirichlet_component_ = np.exp(
        digamma(parameters) - digamma(parameters.sum(axis=1, keepdims=True))
    )

    np.testing.assert_allclose(
        TopicModel(parameters).shares(SETS), theirs.transform(SETS.astype(float)), atol=1e-3
    )


def test_topics_of_weighted_sets_are_the_groups_that_go_together():
    """Two groups of genres that never meet; the same seed gives the same topics."""
    model = fit_topics(SETS, COUNTS, 2, passes=30, seed=1)
    main = model.weights.argmax(axis=0)

    assert main[0] == main[1] != main[2] == main[3]
    np.testing.assert_allclose(model.weights.sum(axis=1), 1)
    assert np.array_equal(model.parameters, fit_topics(SETS, COUNTS, 2, passes=30, seed=1).parameters)


def test_topics_expect_as_many_genres_as_there_are():
    """Of one batch with the whole weight, the parameters are the counted genres and the prior."""
    model = fit_topics(SETS, COUNTS, 2, passes=1, seed=1)

    np.testing.assert_allclose((model.parameters - 1 / 2).sum(axis=0), COUNTS @ SETS, atol=1e-6)


def test_there_is_at_most_one_topic_for_each_genre():
    """Four genres, of which two occur."""
    assert topics_for(COUNTS, SETS, 70) == 4
    assert topics_for(np.array([3, 0, 0, 0]), SETS, 70) == 2
    assert topics_for(COUNTS, SETS, 3) == 3
