"""The section on the place of the artist: does it help to name the genre?"""

from genrelab.analyses.place_gain.result import Permuted, PlaceGain
from genrelab.analyses.popularity.pages.words import ends, score_cell
from genrelab.report.figure import Cell, Column, Grid, table_of
from genrelab.report.page import Summary
from genrelab.report.wording import DASH, count, decimal, listing, percent, plural, points

CONVINCING = 0.05
"""Share of dealt-out places from which on a gain may be chance."""
FULL = "The whole archive has coordinates for about two fifths of its tracks."
"""The document that this follows misses 58 % of the coordinates."""


def fill_places(found: PlaceGain | None) -> Summary | None:
    """Return what the section shows; None if it was never computed."""
    if found is None:
        return None
    return {
        "rows": _rows(found),
        "missing": found.missing,
        "verdict": _verdict(found),
        "table": _table(found) if found.models else None,
        "genres": listing([f"{one.genre} ({plural(one.artists, 'artist')})" for one in found.genres]),
        "small": listing(found.small_genres),
        "thin": FULL if not found.sample and found.placed < found.read / 10 else "",
    }


def _rows(found: PlaceGain) -> str:
    text = (
        f"{count(found.placed)} of {plural(found.read, 'track')} ({percent(found.placed / (found.read or 1))}) have "
        f"coordinates, those of {plural(found.placed_artists, 'artist')}."
    )
    if found.off_globe:
        text += f" {plural(found.off_globe, 'track')} with coordinates off the globe count as having none."
    if found.models:
        sampled = "a sample of " if found.tracks < found.usable else ""
        text += (
            f" Compared on {sampled}{plural(found.tracks, 'track')} of {plural(found.artists, 'artist')} that have "
            f"{found.sound} and a top genre that others with a place have too."
        )
        if found.countries is None:
            text += " No table says the country of an artist, so the coordinates are all there is."
        elif found.countries < 2:  # noqa: PLR2004 - one country tells nothing apart
            text += " All of them are in one country."
    return text


def _verdict(found: PlaceGain) -> str:
    if found.missing or not found.models:
        return ""
    last, permuted = found.models[-1], found.permuted
    gain = last.loss_gain
    if gain is None:
        return ""
    size = (
        f"With the place the log loss changes by {decimal(gain.value, 3, signed=True)} "
        f"({ends(gain, 3, signed=True)}; above 0 is better), "
        f"the accuracy by {points(last.accuracy_gain.value) if last.accuracy_gain else DASH}"
    )
    if gain.is_positive and permuted is not None and permuted.p <= CONVINCING:
        said = "the place helps to name the genre of artists that the model has never seen."
    elif gain.is_negative:
        said = "the place does harm: the model learns the places of the artists it knows, and others do not follow."
    else:
        said = (
            f"that is within chance. {plural(found.artists, 'artist')} cannot show whether the place helps; the claim "
            "that geography encodes genre is neither confirmed nor refuted here."
        )
    return f"{size}: {said} {_chance(permuted)}"


def _chance(permuted: Permuted | None) -> str:
    if permuted is None:
        return ""
    return (
        f"Places dealt out at random among the artists ({plural(permuted.runs, 'time')}) change it by "
        f"{decimal(permuted.mean, 3, signed=True)} on average and by {decimal(permuted.highest, 3, signed=True)} at "
        f"best; p = {decimal(permuted.p, 3)}."
    )


def _table(found: PlaceGain) -> Grid:
    return table_of(
        found.models,
        ("Named from", lambda one: one.label),
        ("Inputs", lambda one: count(one.inputs)),
        (Column("Log loss", "95 % interval"), lambda one: score_cell(one.log_loss)),
        (
            Column("Gain", "over the sound alone"),
            lambda one: (
                Cell(decimal(one.loss_gain.value, 3, signed=True), ends(one.loss_gain, 3, signed=True))
                if one.loss_gain
                else DASH
            ),
        ),
        (
            Column("Accuracy", "95 % interval"),
            lambda one: Cell(percent(one.accuracy.value), _shares(one.accuracy.low, one.accuracy.high)),
        ),
        (
            Column("Gain", "over the sound alone"),
            lambda one: (
                Cell(points(one.accuracy_gain.value), _shares(one.accuracy_gain.low, one.accuracy_gain.high))
                if one.accuracy_gain
                else DASH
            ),
        ),
    )


def _shares(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "no interval"
    return f"{decimal(low * 100, 1)} to {decimal(high * 100, 1)}"
