"""Which model predicts the genre best, and which one is in use?

Each task is trained by its own step, which can be skipped independently and stores its part of the result:
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
