"""Where do predictions contradict the labels?

A dedicated task publishes the table `predictions` with the champions of MLflow's registry:
`tasks.training.predict`.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.predictions.result import Predictions

PREDICTIONS = Analysis(name="predict", folder="predictions", result=Predictions, pages=("predictions",))
