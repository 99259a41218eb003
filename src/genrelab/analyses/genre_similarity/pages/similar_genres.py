"""The page of similar genres: each collection as chord diagram and bars, then the student project's findings."""

from genrelab.analyses.genre_similarity.analysis import GENRE_SIMILARITY
from genrelab.analyses.genre_similarity.pages.charts import chord, runners_up_chart
from genrelab.analyses.genre_similarity.pages.document import (
    DEFINITION,
    OF_DOCUMENT,
    document_table,
    verdicts,
)
from genrelab.analyses.genre_similarity.pages.words import how, leader, leads, similar, similar_title
from genrelab.analyses.genre_similarity.result import GenreSimilarity
from genrelab.report.page import Page, Summary, of_result


def fill(found: GenreSimilarity) -> Summary:
    """Return the values of the page."""
    return {
        "finding": _finding(found),
        "missing": list(found.missing.items()),
        "definition": DEFINITION,
        "verdicts": verdicts(found.collections),
        "document": document_table(found.collections) if found.collections else None,
        "collections": [
            {
                "anchor": one.task,
                "title": one.title,
                "summary": how(one),
                "similar": similar(one),
                "chord": chord(one),
                "charts": [runners_up_chart(one)],
            }
            for one in found.collections
        ],
    }


def _finding(found: GenreSimilarity) -> str:
    if not found.collections:
        return "No collection has tracks whose genres could be compared."
    one = next((one for one in found.collections if one.name == OF_DOCUMENT), found.collections[0])
    return f"{one.label}: {leads(one, leader(one))}. {similar_title(one)}."


PAGE = Page(
    name="similar_genres",
    label="Similar genres",
    group="Genres",
    title="Which genres resemble each other?",
    question="If a track did not belong to its genre, to which other one would it? The runner-up is the most probable "
    "genre that a track does not carry, by a model that has heard no track of its artist. Large genres are runners-up "
    "of many by their number alone: the priors say how often.",
    needs=(GENRE_SIMILARITY.name,),
    command="genrelab study-genres",
    fill=of_result(GENRE_SIMILARITY, fill),
)
