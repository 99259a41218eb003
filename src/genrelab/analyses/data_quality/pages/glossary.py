"""The glossary: one vocabulary for the report, MLflow and the command line."""

from collections.abc import Callable
from typing import Any

from genrelab.report.feature_words import words_for
from genrelab.report.figure import Cell, Column, table_of, text_column
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.table_links import column_page
from genrelab.report.vocabulary import METRICS, SPLITS, TASKS, TERMS
from genrelab.tables.spotify import AUDIO_COLUMNS, SPOTIFY_BINNED


def fill(_: Facts) -> Summary:
    """Return the words, the scores, the splits and the features, each with its name in MLflow or in the tables."""
    return {
        "terms": TERMS,
        "parts_of": [
            (
                "Tasks",
                table_of(TASKS.items(), ("In the report", lambda row: row[1]), _code(lambda row: row[0])),
            ),
            (
                "Scores",
                table_of(
                    METRICS,
                    ("In the report", lambda one: one.label),
                    _code(lambda one: one.name),
                    (text_column("Meaning"), lambda one: one.meaning),
                ),
            ),
            (
                "Test tracks",
                table_of(
                    SPLITS,
                    ("In the report", lambda one: one.label),
                    _code(lambda one: one.name),
                    (text_column("Meaning"), lambda one: one.meaning),
                ),
            ),
            (
                "Audio features",
                table_of(
                    AUDIO_COLUMNS,
                    ("In the report", lambda one: words_for(one.name).label),
                    (
                        text_column("In the tables"),
                        lambda one: Cell(one.name, link=column_page(SPOTIFY_BINNED.name, one.name)),
                    ),
                    (text_column("Meaning"), lambda one: one.meaning),
                    (text_column("Unit"), lambda one: one.unit),
                ),
            ),
        ],
    }


def _code(name: Callable[[Any], str]) -> tuple[Column, Callable[[Any], str]]:
    return text_column("In MLflow and commands"), name


PAGE = Page(
    name="glossary",
    label="Glossary",
    group="Data",
    title="What do the words mean?",
    question="One vocabulary for the report, MLflow and the command line: what each word, score and feature means, and"
    " its name in MLflow and in the tables.",
    needs=(),
    command="",
    fill=fill,
    has_charts=False,
)
