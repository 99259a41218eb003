"""The page of the student project's path: what each step reaches, on its random tracks and on new artists."""

from genrelab.analyses.genre_study import document
from genrelab.analyses.genre_study.analysis import GENRE_STUDY
from genrelab.analyses.genre_study.pages.count_charts import all_counts, genre_counts, labels_per_track
from genrelab.analyses.genre_study.pages.look_up_charts import by_k, components, neighbours_table, per_track
from genrelab.analyses.genre_study.pages.network_charts import thresholds, twice_table, widths
from genrelab.analyses.genre_study.pages.path_words import (
    component_words,
    finding,
    look_up_words,
    network_words,
    rows_in_words,
    twice_words,
)
from genrelab.analyses.genre_study.pages.score_tables import comparison, scores_view
from genrelab.analyses.genre_study.pages.words import by_features, main_study
from genrelab.analyses.genre_study.result import ALL, GIVEN, GenreStudy
from genrelab.report.page import Page, Summary, of_result


def fill(study: GenreStudy) -> Summary:
    """Return a section for each step of the path."""
    main = main_study(study)
    return {
        "finding": finding(main),
        "rows": [rows_in_words(one) for one in study.studies],
        "problems": [
            *study.problems,
            *(f"{one.title}: {text}" for one in study.studies for text in one.problems),
        ],
        "budget": study.budget,
        "repository": document.REPOSITORY,
        "sections": [
            _section(
                "genres",
                "Which genres there are",
                [
                    (
                        "A few genres have most of the tracks. Naming those few is right often enough to look like "
                        "hearing, which "
                        "is why every score below stands beside one that hears nothing."
                    )
                ],
                [genre_counts(study), all_counts(study), labels_per_track(study)],
                [],
            ),
            _section(
                "look-up",
                "Nearest neighbours: hearing, or looking up?",
                look_up_words(main),
                [by_k(study.studies), per_track(study.studies)],
                [neighbours_table(one) for one in study.studies],
            ),
            _section(
                "fewer-numbers",
                "Fewer numbers per track",
                [component_words(main)],
                [components(study.studies)],
                [],
            ),
            _section(
                "networks",
                "Networks",
                network_words(main),
                [widths(study.studies), thresholds(study.studies)],
                [],
            ),
            *(
                [
                    _section(
                        "twice",
                        "Why the student project's first networks failed",
                        [twice_words(main)],
                        [],
                        [twice_table(main.sigmoid_twice)],
                    )
                ]
                if main.sigmoid_twice
                else []
            ),
            _section(
                "comparison",
                "All steps side by side",
                [
                    (
                        "The student project compares indices of the genres that the artist chose with indices of"
                        " these and "
                        "their parents. "
                        "The second are easier: parents are few and frequent. So each has a table of its own."
                    ),
                ],
                [by_features("steps", study.studies, lambda one: scores_view(one, ALL))],
                [comparison(main, GIVEN), comparison(main, ALL)],
            ),
        ],
    }


def _section(
    anchor: str, title: str, words: list[str], charts: list[object], tables: list[object]
) -> Summary:
    return {
        "anchor": anchor,
        "title": title,
        "words": [one for one in words if one],
        "charts": [one for one in charts if one is not None],
        "tables": tables,
    }


PAGE = Page(
    name="genre_path",
    label="The student project's path",
    group="Genres",
    title="From nearest neighbours to networks: predicting every genre",
    question="A student project tried to predict all genres of a track from its sound, step by step. Each step is "
    "repeated here as it was, and then judged on artists that it has not heard.",
    needs=(GENRE_STUDY.name,),
    command="genrelab study-genres",
    fill=of_result(GENRE_STUDY, fill),
)
