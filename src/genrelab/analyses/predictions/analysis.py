"""Where does what is heard contradict what is said?

It publishes the table `predictions` by the champions of MLflow's registry, so that a task of its own runs it:
`tasks.training.predict`.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.predictions.result import Predictions

PREDICTIONS = Analysis(name="predict", folder="predictions", result=Predictions, pages=("predictions",))
