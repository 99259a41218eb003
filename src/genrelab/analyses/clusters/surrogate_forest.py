"""Which feature decides a clustering: a forest that predicts the clusters from the same features.

Conventions: fitted on the 19,714 training rows of the author's split, scored on its 8,763 test rows, as the capstone
project did; importances are mean decreases of impurity (Breiman 2001) and add up to 1.

Predicting genres does not belong here.
"""

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from genrelab.analyses.clusters.kmeans import Clustering
from genrelab.analyses.clusters.result import SurrogateForest, Weight
from genrelab.evaluation.splits import Split

TREES = 100


def fit_surrogate_forest(
    clustering: Clustering, split: Split, *, seed: int, cores: int = 1
) -> SurrogateForest:
    """Predict the clusters from the features they were made of.

    Args:
        clustering: The clusters.
        split: Training and test rows, positions within the clustering.
        seed: Seed of the forest.
        cores: Processor cores it may use.
    """
    forest = RandomForestClassifier(TREES, random_state=seed, n_jobs=cores)
    forest.fit(clustering.values[split.train], clustering.assigned[split.train])
    truth = clustering.assigned[split.test]
    answers = forest.predict(clustering.values[split.test])
    importances = forest.feature_importances_  # computed anew at every access
    order = np.argsort(-importances, kind="stable")
    return SurrogateForest(
        accuracy=float(np.mean(answers == truth)),
        baseline=float(np.bincount(truth).max() / len(truth)),
        importances=tuple(
            Weight(clustering.feature_set.features[place], float(importances[place])) for place in order
        ),
        fitted_on=len(split.train),
        tested_on=len(split.test),
    )
