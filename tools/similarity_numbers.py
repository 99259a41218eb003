"""Tables of similar genres in docs/genres.md, from the records of a home.

`tools/real_numbers.py` writes them.
"""

from genrelab.analyses.genre_similarity.analysis import GENRE_SIMILARITY
from genrelab.analyses.genre_similarity.pages.document import document_table
from genrelab.analyses.genre_similarity.pages.words import strongest
from genrelab.analyses.genre_similarity.result import Collection, GenreSimilarity
from genrelab.report.figure import Cell
from genrelab.report.wording import DASH, THIN
from genrelab.runtime.home import Home
from genrelab.runtime.records import decode
from genrelab_cli.numbers import markdown
from tasks.run.step import facts_of

PAIRS = 4


def pairs(collections: tuple[Collection, ...]) -> str:
    """The pairs that are most times as frequent as by the priors, in each collection."""
    rows = [
        [
            found.label,
            one.genre,
            pair.other,
            f"{one.tracks:,}",
            str(pair.share),
            f"{pair.prior:.3f}",
            f"{pair.lift:.1f}",
        ]
        for found in collections
        for one, pair in strongest(found)[:PAIRS]
    ]
    return markdown(
        ["collection", "genre", "runner-up", "tracks", "share (95 % interval)", "by the priors", "times"],
        rows,
    )


def document(collections: tuple[Collection, ...]) -> str:
    """The document's findings in each collection."""
    grid = document_table(collections)
    return markdown(
        ["finding", *(one.label for one in collections)],
        [[row[0].text, *map(_cell, row[1:])] for row in grid.rows],
    )


def _cell(cell: Cell) -> str:
    text = f"{cell.text} ({cell.below})" if cell.below else cell.text
    text = text.replace(THIN, " ").replace(DASH, "-")
    return f"**{text}**" if cell.mark else text


def tables_of(home: Home) -> dict[str, str]:
    """The tables of similar genres, if they were found in a home on real data."""
    found = decode(GenreSimilarity, facts_of(home, GENRE_SIMILARITY.name))
    if found is None or found.sample:
        return {}
    return {"similar-pairs": pairs(found.collections), "similar-document": document(found.collections)}
