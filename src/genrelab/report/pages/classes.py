"""Class balance: how many tracks each genre has, what no rule matched, and the FMA's own genres."""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.analyses.features.analysis import FEATURES
from genrelab.analyses.features.pages.duplicates_chart import duplicates_chart
from genrelab.analyses.features.pages.micro_genre_charts import per_track, rare
from genrelab.analyses.features.result import NOTHING
from genrelab.report.charts import bars
from genrelab.report.figure import Cell, Chart, Column, Grid, View, columns, single, text_cells
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import DASH, count, number, percent, plural, said, sentence, share_in_words

MOST = 20
"""Micro-genres shown in a chart; the rest is counted in words."""


def fill(facts: Facts) -> Summary:
    """Charts and numbers of the page; each part is None where its facts are absent."""
    bins = facts.get("bins") or {}
    fma = facts.get("fma") or {}
    explored = FEATURES.found_in(facts) or NOTHING
    micro_genres, titles = explored.micro_genres, explored.fma_genres
    return {
        "finding": _finding(bins, fma),
        "bins": _bins(bins) if bins else None,
        "per_track": per_track(micro_genres) if micro_genres else None,
        "rare": rare(micro_genres) if micro_genres else "",
        "duplicates": duplicates_chart(explored),
        "fma": _fma(fma) if fma else None,
        "fma_titles": _micro_genres(
            "fma-titles",
            [(one.micro_genre, one.tracks, {}) for one in titles.top] if titles else [],
            "is the commonest genre",
            caption="FMA tracks by the genres that their artists gave them; a track may carry several.",
        ),
        "fma_per_track": per_track(
            titles, name="fma-per-track", noun="genre", whose="that their artist gave them"
        )
        if titles
        else None,
        "fma_rare": rare(titles, "genre") if titles else "",
        "origin": _origin(facts.get("origin") or {}),
    }


def _counted(rows: Any, name: str) -> list[tuple[str, float, Mapping[str, Any]]]:
    """Rows that have a count, the largest first."""
    found = [
        (said(row.get(name)), tracks, row)
        for row in rows or []
        if (tracks := number(row.get("tracks"))) is not None
    ]
    return sorted(found, key=lambda row: -row[1])


def _finding(bins: Mapping[str, Any], fma: Mapping[str, Any]) -> str:
    rows = _counted(bins.get("bins"), "bin")
    total = sum(tracks for _, tracks, _ in rows)
    if total:
        tracks, binned = number(bins.get("tracks")), number(bins.get("binned"))
        found = (
            f"The rules find a genre for {percent(binned / tracks)} of the tracks; "
            if tracks and binned
            else ""
        )
        first = f"{rows[0][0]} is {share_in_words(rows[0][1] / total)} of what they find."
        return found + first if found else sentence(first)
    genres = _counted(fma.get("top_genres"), "genre")
    total = sum(tracks for _, tracks, _ in genres)
    if not total:
        return ""
    return (
        f"{genres[0][0]} is {share_in_words(genres[0][1] / total)} of the FMA tracks that have a top genre."
    )


def _balance_title(rows: Sequence[tuple[str, float, Mapping[str, Any]]], total: float) -> str:
    first, last = rows[0], rows[-1]
    title = f"{sentence(first[0])} is {share_in_words(first[1] / total)} of all binned tracks"
    if last[1] and len(rows) > 1:
        title += f", {first[1] / last[1]:,.0f} times as many as {last[0]}"
    return title


def _bins(bins: Mapping[str, Any]) -> Summary:
    rows = _counted(bins.get("bins"), "bin")
    total = sum(tracks for _, tracks, _ in rows)
    tracks, binned, unmatched = (number(bins.get(name)) for name in ("tracks", "binned", "unmatched"))
    return {
        "rule_set": said(bins.get("rule_set")),
        "tracks": count(tracks),
        "binned": count(binned),
        "unmatched": count(unmatched),
        "micro_genres": count(bins.get("micro_genres")),
        "coverage": percent(binned / tracks) if tracks and binned is not None else DASH,
        "balance": _balance(rows, total) if total else None,
        "top_micro_genres": _micro_genres(
            "micro-genres",
            _counted(bins.get("top_micro_genres"), "micro_genre"),
            "is the commonest micro-genre",
        ),
        "top_unmatched": _micro_genres(
            "unmatched",
            _counted(bins.get("top_unmatched"), "micro_genre"),
            "is the commonest micro-genre that no rule matched",
        ),
    }


def _balance(rows: Sequence[tuple[str, float, Mapping[str, Any]]], total: float) -> Chart:
    names = [name for name, _, _ in rows]
    values = [tracks for _, tracks, _ in rows]
    grid = Grid(
        columns("Genre", "Tracks", "Share of binned tracks"),
        tuple(
            text_cells(Cell(name, swatch=genre_colour(name)), count(tracks), percent(tracks / total))
            for name, tracks, _ in rows
        ),
    )
    view = View(
        title=_balance_title(rows, total),
        caption="Tracks per target genre; the page Rules says how each is decided.",
        grid=grid,
        **bars(
            names,
            values,
            [f"{count(tracks)}  ·  {percent(tracks / total)}" for tracks in values],
            [genre_colour(name) for name in names],
            axis="Tracks",
        ),
    )
    return single("balance", view)


def _micro_genres(
    name: str, rows: Sequence[tuple[str, float, Mapping[str, Any]]], claim: str, caption: str = ""
) -> Chart | None:
    if not rows:
        return None
    shown = rows[:MOST]
    has_bins = any(row.get("bin") for _, _, row in shown)
    heading = columns("Genre" if caption else "Micro-genre", "Tracks")
    cells = [text_cells(micro, count(tracks)) for micro, tracks, _ in shown]
    if has_bins:
        heading = (*heading, Column("Target genre", is_number=False))
        cells = [
            (*row, Cell(str(fact.get("bin") or "none"), swatch=genre_colour(fact.get("bin"))))
            for row, (_, _, fact) in zip(cells, shown, strict=True)
        ]
    texts = [
        f"{count(tracks)}  ·  {fact.get('bin') or 'none'}" if has_bins else count(tracks)
        for _, tracks, fact in shown
    ]
    view = View(
        title=f"{sentence(shown[0][0])} {claim}, on {plural(round(shown[0][1]), 'track')}",
        caption=caption
        or "Tracks whose artist carries the micro-genre"
        + (", with the target genre it stands for." if has_bins else "; they wait for a rule."),
        grid=Grid(heading, tuple(cells)),
        **bars(
            [micro for micro, _, _ in shown],
            [tracks for _, tracks, _ in shown],
            texts,
            [genre_colour(micro if caption else fact.get("bin")) for micro, _, fact in shown],
            axis="Tracks",
        ),
    )
    return single(name, view)


def _fma(fma: Mapping[str, Any]) -> Summary:
    genres = _counted(fma.get("top_genres"), "genre")
    tracks, labelled = number(fma.get("tracks")), number(fma.get("with_top_genre"))
    total = labelled or sum(found for _, found, _ in genres)
    chart = None
    if genres and total:
        top, others = genres[:2], sum(found for _, found, _ in genres[2:])
        named = " and ".join(name for name, _, _ in top)
        share = sum(found for _, found, _ in top) / total
        chart = single(
            "fma-genres",
            View(
                title=f"{named} make {share_in_words(share)} of the labelled tracks"
                if len(top) > 1 and others
                else f"{named} leads the labelled tracks",
                caption="FMA tracks per top genre, among those that carry one.",
                grid=Grid(
                    columns("Top genre", "Tracks", "Share of labelled tracks"),
                    tuple(
                        text_cells(
                            Cell(name, swatch=genre_colour(name)), count(found), percent(found / total)
                        )
                        for name, found, _ in genres
                    ),
                ),
                **bars(
                    [name for name, _, _ in genres],
                    [found for _, found, _ in genres],
                    [f"{count(found)}  ·  {percent(found / total)}" for _, found, _ in genres],
                    [genre_colour(name) for name, _, _ in genres],
                    axis="Tracks",
                ),
            ),
        )
    return {
        "tracks": count(tracks),
        "labelled": count(labelled),
        "coverage": percent(labelled / tracks) if tracks and labelled is not None else DASH,
        "genres": chart,
        "splits": _parts("Split", fma.get("splits"), tracks),
        "subsets": _parts("Subset", fma.get("subsets"), tracks),
    }


def _parts(heading: str, parts: Any, tracks: float | None) -> Grid | None:
    if not parts:
        return None
    return Grid(
        columns(heading, "Tracks", "Share"),
        tuple(
            text_cells(name, count(size), percent(found / tracks if tracks and found is not None else None))
            for name, size in parts.items()
            for found in [number(size)]
        ),
    )


def _origin(origin: Mapping[str, Any]) -> Summary | None:
    if not origin:
        return None
    return {name: count(origin.get(name)) for name in ("tracks", "places", "features")}


PAGE = Page(
    name="classes",
    label="Genres",
    group="Genres",
    title="How many tracks has each genre?",
    question="A model learns most from what it hears most. This is what the rules made of the micro-genres, "
    "and what the archives call their tracks themselves.",
    needs=("bins", "fma", "origin"),
    command="genrelab bin-genres",
    fill=fill,
)
