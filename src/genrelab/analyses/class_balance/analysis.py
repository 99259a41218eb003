"""How many tracks has each genre?

The steps that publish the tables count them too: `tasks.publishing.bins`, `tasks.publishing.ingest_fma` and
`tasks.publishing.ingest`.
"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.class_balance.result import BinnedTracks, FmaGenres, OriginTracks

BINNED_TRACKS = Analysis(name="bin_genres", folder="class_balance", result=BinnedTracks, pages=("classes",))
FMA_GENRES = Analysis(name="ingest_fma", folder="class_balance", result=FmaGenres)
ORIGIN_TRACKS = Analysis(name="ingest_origin", folder="class_balance", result=OriginTracks)
