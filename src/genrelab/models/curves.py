"""Curves that say what a model would gain: by another parameter, and by more tracks.

Conventions: a validation curve is drawn on folds by artist inside the training rows; a learning curve is
fitted on samples of whole artists of the training rows and judged on the gate. The test part has no place
here.
"""

import numpy as np
import numpy.typing as npt

from genrelab.evaluation import scores
from genrelab.evaluation.results import LearningPoint, ValidationCurve, ValidationPoint
from genrelab.evaluation.sampling import artist_numbers
from genrelab.evaluation.splits import Split
from genrelab.models.data import TaskData
from genrelab.models.declaration import NIGHTLY, QUICK, Model, TrainingSettings
from genrelab.models.estimation import fit_blend, fit_known
from genrelab.models.search import artist_folds, fold_hits, gain_of, sample_groups
from genrelab.models.task import Task

IntArray = npt.NDArray[np.int64]

CURVE_ROWS = {QUICK: 900, NIGHTLY: 3_000}
MOST_CURVE_ROWS = 6_000
SHARES = (0.1, 0.25, 0.5)
"""Shares of the training artists that a learning curve is fitted on, besides all of them."""


def validation_curve(
    model: Model, task: Task, data: TaskData, rows: IntArray, settings: TrainingSettings
) -> ValidationCurve | None:
    """Accuracy over the values of a model's `curve`; None without one or with too few artists.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        rows: Training rows, as positions in `data`.
        settings: Seed, cores and budget.
    """
    if model.curve is None:
        return None
    groups = data.columns[task.group].to_numpy()
    chosen = sample_groups(rows, groups, CURVE_ROWS.get(settings.budget, MOST_CURVE_ROWS), settings.seed)
    codes, folds = artist_folds(data, chosen, groups, settings.seed)
    if not folds:
        return None
    name, values = model.curve
    artists = artist_numbers(groups[chosen])
    smallest = min(len(train) for train, _ in folds)
    features = data.features[data.numbers].iloc[chosen]
    points = []
    for value in (each for each in values if not isinstance(each, int) or each < smallest):
        hits = fold_hits(model, task.family, {name: value}, features, codes, folds, settings)
        points.append(ValidationPoint(value, *gain_of(hits, np.zeros_like(hits), artists)))
    return ValidationCurve(name.rpartition("__")[2], len(chosen), tuple(points))


def learning_curve(
    model: Model, task: Task, data: TaskData, rows: IntArray, gate: Split, settings: TrainingSettings
) -> list[LearningPoint]:
    """Accuracy and macro F1 on the gate by number of training rows; the whole is not among them.

    Args:
        model: Its declaration.
        task: What is predicted.
        data: The rows of the task.
        rows: Those that the split divides.
        gate: The split that promotion reads.
        settings: Seed, cores and budget.

    Raises:
        ModelError: The estimator refuses the rows.
    """
    train, judged = rows[gate.train], rows[gate.test]
    groups = data.columns[task.group].to_numpy()
    points = []
    for share in SHARES:
        sample = sample_groups(train, groups, int(len(train) * share), settings.seed)
        if model.recipe is not None:
            fitted, (proba,) = fit_blend(model, task, data, sample, [judged], settings, {}, {})
        else:
            fitted, (proba,) = fit_known(model, task, data, sample, [judged], settings, {}, {})
        counted = scores.count(data.target[judged], proba, data.labels)
        points.append(
            LearningPoint(
                rows=float(fitted.train_rows),
                accuracy=float(scores.accuracy(counted)),
                macro_f1=float(scores.macro_f1(counted)),
            )
        )
        del fitted
    return points
