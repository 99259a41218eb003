"""What the page says of a champion that names several genres per track: how well they match, and what was filled in."""

from collections.abc import Sequence

from genrelab.analyses.predictions.result import Champion, GenreSets, NamedGenre, TrackGenres
from genrelab.report.figure import Cell, Column, Grid, table
from genrelab.report.listen import listen_link
from genrelab.report.page import Summary
from genrelab.report.palette import slug
from genrelab.report.vocabulary import task_label
from genrelab.report.wording import decimal, listing, percent, plural, text_or_dash, when

PARTS = {
    "test": "on the test part, which decided nothing",
    "gate": "on the gate, which decided that it became champion",
    "other": "elsewhere",
}


def genre_set_part(found: GenreSets) -> Summary:
    """Return the values of one champion."""
    return {
        "anchor": slug(found.model),
        "task": found.task,
        "label": task_label(found.task),
        "title": found.title,
        "champion": champion_sentence(found.champion, found.model, is_sample=found.sample),
        "agreement": _agreement(found),
        "filled": _filled(found),
        "examples": _table(found.examples, found.table),
        "filled_examples": _table(found.filled_examples, found.table),
    }


def champion_sentence(champion: Champion, model: str, *, is_sample: bool) -> str:
    """Say which version predicts, and since when."""
    text = (
        f"Champion: {text_or_dash(champion.label)}, version {champion.version} of {model}, "
        f"since {when(champion.since)}"
    )
    if champion.sample and not is_sample:
        text += "; it was trained on synthetic sample data, so its predictions say little about real music"
    return text + "."


def _agreement(found: GenreSets) -> str:
    """Say how many genres are named, and how well they match those of the source."""
    text = (
        f"It names {decimal(found.named, 1)} genres a track on average; their sources name"
        f" {decimal(found.given, 1)}."
    )
    shares = [
        f"{decimal(one.jaccard, 2)} {PARTS[one.part]} ({plural(one.tracks, 'track')})" for one in found.parts
    ]
    if shares:
        text += (
            " Of all genres that are named or given, so much are both, on tracks that it was not fitted on:"
            f" {listing(shares)}."
        )
    if found.without_features:
        text += f" {plural(found.without_features, 'track')} without a prediction: a feature is missing."
    return text


def _filled(found: GenreSets) -> str:
    """Say how many tracks without any genre got some."""
    if found.filled:
        text = (
            f"{plural(found.filled, 'track')} without any genre at the source got predicted ones, marked as such"
            " (column is_filled)."
        )
    else:
        text = "No track without a genre has features, so no genre could be filled in."
    if found.elsewhere_unlabelled:
        text += f" {plural(found.elsewhere_unlabelled, 'more track')} without a genre and without features."
    return text


def _table(tracks: Sequence[TrackGenres], source: str) -> Grid | None:
    if not tracks:
        return None
    names = ("Track", "Predicted genres", "Genres at the source")
    return table(
        [Column(name, is_number=False) for name in names],
        [
            (
                Cell(
                    text_or_dash(one.track),
                    text_or_dash(one.artist),
                    link=listen_link(source, "", one.artist, one.track),
                ),
                Cell(_listed(one.predicted)),
                Cell(", ".join(one.given) or "none"),
            )
            for one in tracks
        ],
        "A probability says how sure the model is of that genre alone; a genre is named from its threshold on.",
    )


def _listed(genres: Sequence[NamedGenre]) -> str:
    return ", ".join(f"{one.genre} {percent(one.probability, 0)}" for one in genres) or "none"
