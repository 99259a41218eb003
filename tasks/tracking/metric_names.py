"""Names of metrics in MLflow: the two ends of a 95 % interval stand under `interval/`.

MLflow draws a chart for each metric, in the order of their names; beside their score, two of three charts would show
ends of intervals. Runs that an earlier version logged have them beside the score, and are read as well.
"""

from collections.abc import Mapping

INTERVAL = "interval/"
ENDS = ("_low", "_high")


def to_mlflow(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return metrics under the names that MLflow gets.

    >>> to_mlflow({"gate/ece": 0.03, "gate/ece_low": 0.02, "test_low": 1})
    {'gate/ece': 0.03, 'interval/gate/ece_low': 0.02, 'test_low': 1}
    """
    return {
        f"{INTERVAL}{name}" if _is_end_of_interval(name, metrics) else name: value
        for name, value in metrics.items()
    }


def from_mlflow(metrics: Mapping[str, float]) -> dict[str, float]:
    """Return metrics of MLflow under the names of the library, whichever version logged them.

    >>> from_mlflow({"gate/ece": 0.03, "interval/gate/ece_low": 0.02, "gate/ece_high": 0.04})
    {'gate/ece': 0.03, 'gate/ece_low': 0.02, 'gate/ece_high': 0.04}
    """
    return {name.removeprefix(INTERVAL): value for name, value in metrics.items()}


def _is_end_of_interval(name: str, metrics: Mapping[str, float]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) in metrics for end in ENDS)
