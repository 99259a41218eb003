"""Which genres are in a person's own music files?"""

from genrelab.analyses.analysis import Analysis
from genrelab.analyses.your_music.result import YourMusic

YOUR_MUSIC = Analysis(
    name="your_music",
    folder="your_music",
    result=YourMusic,
    reads=("listened",),
    is_optional=True,
    compute="collection:compute",
    summary="summary:summarise",
    artifact="your-music",
    pages=("your_music",),
    sample_label="the genres of",
    description="Summarise the genres of the audio files that `genrelab listen` has read.",
)
