"""Class balance: how many tracks each genre has, what no rule matched, and the FMA's own genres."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from genrelab.analyses.class_balance.analysis import BINNED_TRACKS, FMA_GENRES
from genrelab.analyses.class_balance.pages.duplicates_chart import duplicates_chart
from genrelab.analyses.class_balance.pages.micro_genre_charts import per_track, rare
from genrelab.analyses.class_balance.result import (
    BinnedTracks,
    BinTracks,
    FmaGenres,
)
from genrelab.analyses.registry import BY_NAME
from genrelab.report.charts import bars
from genrelab.report.figure import Cell, Chart, Column, Grid, View, columns, single, text_cells
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, count, percent, plural, sentence, share_in_words, times

if TYPE_CHECKING:
    from genrelab.analyses.features.result import Exploration, MicroGenre

MOST = 20
"""Micro-genres shown in a chart; the text counts the rest."""


def fill(facts: Facts) -> Summary:
    """Return the charts and numbers of the page; each part is None where its step has not run."""
    bins, fma = BINNED_TRACKS.found_in(facts), FMA_GENRES.found_in(facts)
    explored: Exploration | None = BY_NAME["explore"].found_in(
        facts
    )  # this page stays when its code is broken
    micro_genres = explored.micro_genres if explored else None
    titles = explored.fma_genres if explored else None
    return {
        "finding": _finding(bins, fma),
        "bins": _bins(bins) if bins else None,
        "per_track": per_track(micro_genres) if micro_genres else None,
        "rare": rare(micro_genres) if micro_genres else "",
        "duplicates": duplicates_chart(explored) if explored else None,
        "fma": _fma(fma) if fma else None,
        "fma_titles": _titles(titles.top) if titles and titles.top else None,
        "fma_per_track": per_track(
            titles, name="fma-per-track", noun="genre", whose="that their artist assigned"
        )
        if titles
        else None,
        "fma_rare": rare(titles, "genre") if titles else "",
    }


def _finding(bins: BinnedTracks | None, fma: FmaGenres | None) -> str:
    if bins and bins.binned:
        first = bins.bins[0]
        return (
            f"The rule set '{bins.rule_set}' finds a genre for {percent(bins.binned / bins.tracks)} of the tracks; "
            f"{first.bin} is {share_in_words(first.tracks / bins.binned)} of these."
        )
    if not fma or not fma.top_genres:
        return ""
    genre, total = fma.top_genres[0], sum(one.tracks for one in fma.top_genres)
    return f"{genre.genre} is {share_in_words(genre.tracks / total)} of the FMA tracks that have a top genre."


def _bins(bins: BinnedTracks) -> Summary:
    return {
        "rule_set": bins.rule_set,
        "tracks": count(bins.tracks),
        "binned": count(bins.binned),
        "unmatched": count(bins.unmatched),
        "micro_genres": count(bins.micro_genres),
        "coverage": percent(bins.binned / bins.tracks) if bins.tracks else DASH,
        "balance": _balance(sorted(bins.bins, key=lambda one: -one.tracks)) if bins.binned else None,
        "top_micro_genres": _micro_genres(
            "micro-genres",
            [(one.micro_genre, one.tracks, one.bin) for one in bins.top_micro_genres],
            "is the commonest micro-genre of tracks with a target genre",
            caption="Tracks with a target genre whose artist carries the micro-genre, and the target genre that most of"
            " these tracks have.",
        ),
        "top_unmatched": _micro_genres(
            "unmatched",
            [(one.micro_genre, one.tracks, one.bin) for one in bins.top_unmatched],
            "is the commonest micro-genre of tracks without a target genre",
            caption=f"The {plural(bins.unmatched, 'track')} without a target genre, by the micro-genres that their"
            " artists carry: no rule matches any of these. Other tracks with the same micro-genre may have got a"
            " genre by another one; the page Rules counts them too.",
        ),
    }


def _balance(rows: Sequence[BinTracks]) -> Chart:
    first, last, total = rows[0], rows[-1], sum(one.tracks for one in rows)
    title = f"{sentence(first.bin)} is {share_in_words(first.tracks / total)} of all binned tracks"
    if len(rows) > 1:
        title += f", {times(first.tracks / last.tracks)} as many as {last.bin}"
    return _shares(
        "balance",
        [(one.bin, one.tracks) for one in rows],
        total,
        title,
        "Tracks per target genre; the page Rules explains how the genre is decided.",
        ("Genre", "Tracks", "Share of binned tracks"),
    )


def _shares(
    name: str,
    genres: Sequence[tuple[str, int]],
    total: int,
    title: str,
    caption: str,
    headings: tuple[str, str, str],
) -> Chart:
    """Genres with their tracks, and the share of all tracks that have a genre."""
    view = View(
        title=title,
        caption=caption,
        grid=Grid(
            columns(*headings),
            tuple(
                text_cells(Cell(genre, swatch=genre_colour(genre)), count(tracks), percent(tracks / total))
                for genre, tracks in genres
            ),
        ),
        **bars(
            [genre for genre, _ in genres],
            [tracks for _, tracks in genres],
            [f"{count(tracks)}  ·  {percent(tracks / total)}" for _, tracks in genres],
            [genre_colour(genre) for genre, _ in genres],
            axis="Tracks",
        ),
    )
    return single(name, view)


def _titles(genres: "Sequence[MicroGenre]") -> Chart | None:
    return _micro_genres(
        "fma-titles",
        [(one.micro_genre, one.tracks, None) for one in genres],
        "is the commonest genre",
        caption="FMA tracks by the genres that their artists gave them; a track may carry several.",
        has_own_colours=True,
    )


def _micro_genres(
    name: str,
    rows: Sequence[tuple[str, int, str | None]],
    claim: str,
    *,
    caption: str,
    has_own_colours: bool = False,
) -> Chart | None:
    """Micro-genres with their tracks and target genre, or genres that are shown in their own colours."""
    if not rows:
        return None
    shown = rows[:MOST]
    has_bins = any(bin_ for _, _, bin_ in shown)
    heading = columns("Genre" if has_own_colours else "Micro-genre", "Tracks")
    cells = [text_cells(micro, count(tracks)) for micro, tracks, _ in shown]
    if has_bins:
        heading = (*heading, Column("Target genre", is_number=False))
        cells = [
            (*row, Cell(bin_ or "none", swatch=genre_colour(bin_)))
            for row, (_, _, bin_) in zip(cells, shown, strict=True)
        ]
    view = View(
        title=f"{sentence(shown[0][0])} {claim}, on {plural(shown[0][1], 'track')}",
        caption=caption,
        grid=Grid(heading, tuple(cells)),
        **bars(
            [micro for micro, _, _ in shown],
            [tracks for _, tracks, _ in shown],
            [
                f"{count(tracks)}  ·  {bin_ or 'none'}" if has_bins else count(tracks)
                for _, tracks, bin_ in shown
            ],
            [genre_colour(micro if has_own_colours else bin_) for micro, _, bin_ in shown],
            axis="Tracks",
        ),
    )
    return single(name, view)


def _fma(fma: FmaGenres) -> Summary:
    return {
        "tracks": count(fma.tracks),
        "labelled": count(fma.with_top_genre),
        "coverage": percent(fma.with_top_genre / fma.tracks) if fma.tracks else DASH,
        "genres": _top_genres(fma) if fma.top_genres else None,
        "splits": _parts("Split", fma.splits, fma.tracks),
        "subsets": _parts("Subset", fma.subsets, fma.tracks),
    }


def _top_genres(fma: FmaGenres) -> Chart:
    top = fma.top_genres[:2]
    named = " and ".join(one.genre for one in top)
    share = share_in_words(sum(one.tracks for one in top) / fma.with_top_genre)
    return _shares(
        "fma-genres",
        [(one.genre, one.tracks) for one in fma.top_genres],
        fma.with_top_genre,
        f"{named} are {share} of the labelled tracks"
        if len(fma.top_genres) > len(top)
        else f"{named} leads the labelled tracks",
        "FMA tracks per top genre, among those that carry one.",
        ("Top genre", "Tracks", "Share of labelled tracks"),
    )


def _parts(heading: str, parts: Mapping[str, int], tracks: int) -> Grid | None:
    if not tracks:
        return None
    return Grid(
        columns(heading, "Tracks", "Share"),
        tuple(text_cells(name, count(size), percent(size / tracks)) for name, size in parts.items()),
    )


PAGE = Page(
    name="classes",
    label="Genres",
    group="Genres",
    title="How many tracks does each genre have?",
    question="Models learn frequent genres best. This page counts the tracks that the rules assign to each genre, "
    "and the "
    "genres that the FMA gives its own tracks.",
    needs=(BINNED_TRACKS.name, FMA_GENRES.name),
    command="genrelab bin-genres",
    fill=fill,
)
