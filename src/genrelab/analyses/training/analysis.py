"""Which model names the genre best, and which one is in use?

Each task is trained by a step of its own, which skips itself and keeps its own part of the result:
`tasks.training.train`.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.training.result import Trainings

TRAINING = Analysis(
    name="training",
    folder="training",
    result=Trainings,
    pages=("models", "confusion"),
)
