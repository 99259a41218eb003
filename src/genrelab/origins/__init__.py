"""Musical features against the map: does the sound of a track tell where it comes from?

`study_origin(tracks, settings)` groups the tracks by k-means and looks where the groups live, then asks models
for the side of 20 degrees north, for the country, and for the place. `genrelab.origin` reads the file.
"""

from genrelab.origins.study import BUDGETS, Budget, Study, study_origin
from genrelab.origins.tracks import OriginTracks, prepare

__all__ = ["BUDGETS", "Budget", "OriginTracks", "Study", "prepare", "study_origin"]
