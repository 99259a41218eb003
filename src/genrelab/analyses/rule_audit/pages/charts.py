"""Charts of the genre rules: genres by rule set, tracks that change genre, unmatched and contested micro-genres.

Conventions: the active rule set is shown first wherever one can be selected. A track without a bin is in `NONE`.

`source_charts` compares the FMA with Spotify. The choice of charts and the text around them belong
in `rules`.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from genrelab.analyses.rule_audit.result import (
    AudioRecoverability,
    Comparison,
    ContestedGenre,
    RuleUse,
    Score,
    SetAudit,
    UnmatchedGenre,
)
from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.figure import (
    Cell,
    Chart,
    Column,
    Grid,
    Picker,
    View,
    genre_cell,
    picked,
    table_of,
    text_column,
)
from genrelab.report.heatmap import PALE, heat, row_shares
from genrelab.report.page import Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, listing, percent, plural, sentence
from genrelab.tables.spotify import BINS

NONE = "no genre"
MOST = 20
"""Micro-genres shown in a chart."""
LARGEST = 25
"""Changes whose deciding micro-genres are listed."""
METRICS = (("kappa", "Cohen's kappa"), ("macro_f1", "Macro F1"))

Sets = Sequence[SetAudit]
R = TypeVar("R", RuleUse, ContestedGenre, UnmatchedGenre)


def recoverability_chart(found: AudioRecoverability) -> Chart:
    """Draw the scores of the forest under each rule set, best first."""
    views = {
        metric: _recoverability_view(label, {name: scores[metric] for name, scores in found.sets.items()})
        for metric, label in METRICS
    }
    return Chart("heard", views, (Picker("Score", METRICS),))


def _recoverability_view(label: str, scores: Mapping[str, Score]) -> View:
    best = sorted(scores.items(), key=lambda pair: -pair[1].value)
    names, found = [name for name, _ in best], [score for _, score in best]
    return View(
        title=f"Labels by '{names[0]}' are easiest to predict from audio: {label} {decimal(found[0].value)}"
        + "".join(f", '{name}' {decimal(score.value)}" for name, score in best[1:]),
        caption=f"{label} of the same random forest trained on the labels of each rule set; lines are 95 % "
        "intervals over draws of test artists, widened because the draws share artists.",
        grid=table_of(
            best,
            ("Rule set", lambda row: row[0]),
            (label, lambda row: decimal(row[1].value)),
            ("Low", lambda row: decimal(row[1].low)),
            ("High", lambda row: decimal(row[1].high)),
        ),
        **intervals(
            names,
            [score.value for score in found],
            [score.low for score in found],
            [score.high for score in found],
            [decimal(score.value) for score in found],
            ["var(--accent)"] * len(names),
            axis=f"{label} on artists that were not in training",
            is_share=False,
        ),
    )


def balance_chart(sets: Sets) -> Chart | None:
    """Draw the share of each genre under two rule sets: the first one against each other one."""
    return picked(
        "bins-by-set", "Rule set", {other.rule_set: _balance_view(sets[0], other) for other in sets[1:]}
    )


def _balance_view(first: SetAudit, other: SetAudit) -> View:
    before, after = (Counter({row.bin or NONE: row.share for row in found.bins}) for found in (first, other))
    names = sorted({*before, *after}, key=lambda name: (-after[name], name))
    grown = max(names, key=lambda name: abs(after[name] - before[name]))
    one, two = first.rule_set, other.rule_set
    return shares_view(
        names,
        (one, before),
        (two, after),
        title=f"{sentence(grown)} differs most: {percent(before[grown])} of the tracks by {one},"
        f" {percent(after[grown])} by {two}",
        caption=f"Share of all tracks in each genre: hollow by {one}, full by {two}.",
        axis="Share of all tracks",
    )


def shares_view(
    genres: Sequence[str],
    before: tuple[str, Mapping[str, float]],
    after: tuple[str, Mapping[str, float]],
    *,
    title: str,
    caption: str,
    axis: str,
) -> View:
    """Draw two shares of each genre side by side, each given with its name."""
    (one, first), (two, second) = before, after
    return View(
        title=title,
        caption=caption,
        grid=table_of(
            genres,
            ("Genre", genre_cell),
            (one, lambda genre: percent(first[genre])),
            (two, lambda genre: percent(second[genre])),
        ),
        **pairs(
            genres,
            [first[genre] for genre in genres],
            [second[genre] for genre in genres],
            [genre_colour(genre) for genre in genres],
            before_name=one,
            after_name=two,
            axis=axis,
        ),
    )


def moves_chart(comparisons: Sequence[Comparison]) -> Chart | None:
    """Draw how tracks change genre from one rule set to another; one view for each pair of rule sets."""
    views = {f"{found.before} to {found.after}": _moves_view(found) for found in comparisons}
    return picked("moves", "Rule sets", views)


def _moves_view(found: Comparison) -> View:
    one, two = found.before, found.after
    moved = {(move.before or NONE, move.after or NONE): move.tracks for move in found.moves}
    names = [name for name in (*BINS, NONE) if any(name in pair for pair in moved)]
    rows = [name for name in names if any(name == was for was, _ in moved)]
    counts = [[float(moved.get((row, column), 0)) for column in names] for row in rows]
    (was, now), most = max(moved.items(), key=lambda pair: pair[1])
    return View(
        title=f"{count(sum(moved.values()))} tracks have another genre by {two} than by {one}; the largest group, "
        f"{count(most)},"
        f" changes from {was} to {now}",
        caption=f"Only tracks whose genre changes. Each row is a genre by {one}. The large figure is the percentage "
        "of the"
        f" row that has the column's genre by {two}; the small figure is the number of tracks. Of the tracks with a"
        f" genre by both, {percent(found.agreement)} keep it. {PALE}",
        grid=Grid(
            (Column(f"By {one}", is_number=False), *map(Column, names)),
            tuple(
                (genre_cell(name), *(Cell(count(cell)) for cell in row))
                for name, row in zip(rows, counts, strict=True)
            ),
        ),
        **heat(
            rows,
            names,
            row_shares(counts),
            counts,
            row_axis=f"By {one}",
            column_axis=f"By {two}",
            reads="{row} to {column}",
        ),
    )


def deciders(found: Comparison) -> Summary:
    """Return the micro-genres that decided the largest changes between rule sets."""
    grid = table_of(
        found.moves[:LARGEST],
        (text_column(f"By {found.before}"), lambda move: genre_cell(move.before or NONE)),
        (text_column(f"By {found.after}"), lambda move: genre_cell(move.after or NONE)),
        ("Tracks", lambda move: count(move.tracks)),
        (
            text_column(f"Most frequent deciding micro-genre, {found.before}"),
            lambda move: move.decided_by[0].before or "none",
        ),
        (
            text_column(f"Most frequent deciding micro-genre, {found.after}"),
            lambda move: move.decided_by[0].after or "none",
        ),
        ("Tracks decided by these", lambda move: count(move.decided_by[0].tracks)),
    )
    return {"name": f"{found.before} to {found.after}", "grid": grid}


def rules_chart(sets: Sets) -> Chart | None:
    """Draw how many tracks each rule decides, one view for each rule set."""
    return picked("rules", "Rule set", {found.rule_set: _rules_view(found) for found in sets})


def _rules_view(found: SetAudit) -> View:
    name, rows = found.rule_set, found.rules
    idle = [row.rule for row in rows if row.is_idle]
    top = max(rows, key=lambda row: row.tracks)
    return _weights_view(
        rows,
        ("Rule", lambda row: Cell(row.rule, swatch=genre_colour(row.bin))),
        ("Micro-genres matched", lambda row: count(row.micro_genres_hit)),
        ("Won", lambda row: count(row.micro_genres_won)),
        (
            text_column("Remark"),
            lambda row: "never matches" if row.is_never_hit else "shadowed" if row.is_shadowed else "",
        ),
        remark=lambda row: f"wins {count(row.micro_genres_won)} of {count(row.micro_genres_hit)}",
        colour=lambda row: genre_colour(row.bin),
        title=f"{plural(len(idle), 'rule')} of {name} {'is' if len(idle) == 1 else 'are'} idle: {', '.join(idle)}"
        if idle
        else f"Every rule of {name} decides tracks, {top.rule} most",
        caption="Rules in order: the tracks that each decides, and how many of its matching micro-genres it wins. A "
        "rule is"
        " idle when it matches nothing, or when earlier rules win all its micro-genres.",
        axis="Tracks decided",
    )


def contested_chart(sets: Sets) -> Chart | None:
    """Draw the contested micro-genres by number of tracks, one view for each rule set."""
    views = {found.rule_set: _contested_view(found) for found in sets if found.contested.shown}
    return picked("contested", "Rule set", views)


def _contested_view(found: SetAudit) -> View:
    total, shown = found.contested.micro_genres, found.contested.shown[:MOST]
    return _weights_view(
        shown,
        ("Micro-genre", lambda row: row.micro_genre),
        (text_column("Claimed by"), lambda row: ", ".join(row.claimed_by)),
        (text_column("Won by"), lambda row: genre_cell(row.won_by)),
        remark=_contest,
        colour=lambda row: genre_colour(row.won_by),
        title=f"{plural(total, 'micro-genre')} match several genres by {found.rule_set}; '{shown[0].micro_genre}' "
        "is on most "
        f"tracks ({count(shown[0].tracks)})",
        caption=f"Tracks whose artist has the micro-genre, and the rule that wins it.{_left_out(shown, total)}",
    )


def unmatched_chart(sets: Sets) -> Chart | None:
    """Draw the micro-genres without a rule by number of tracks, one view for each rule set."""
    views = {found.rule_set: _unmatched_view(found) for found in sets if found.unmatched.shown}
    return picked("unmatched", "Rule set", views)


def _unmatched_view(found: SetAudit) -> View:
    total, shown = found.unmatched.micro_genres, found.unmatched.shown[:MOST]
    return _weights_view(
        shown,
        ("Micro-genre", lambda row: row.micro_genre),
        ("Tracks without a genre", lambda row: count(row.tracks_without_bin)),
        remark=lambda row: f"{count(row.tracks_without_bin)} without a genre",
        colour=lambda _row: "var(--genre-other)",
        title=f"{plural(total, 'micro-genre')} have no rule in {found.rule_set} yet; '{shown[0].micro_genre}' is on "
        "most tracks "
        f"({count(shown[0].tracks)})",
        caption="Tracks whose artist has the micro-genre; other micro-genres of a track may still decide its genre."
        + _left_out(shown, total),
    )


def _weights_view(
    rows: Sequence[R],
    named: tuple[str, Callable[[R], str | Cell]],
    *more: tuple[str | Column, Callable[[R], str | Cell]],
    remark: Callable[[R], str],
    colour: Callable[[R], str],
    title: str,
    caption: str,
    axis: str = "Tracks",
) -> View:
    """Draw rules or micro-genres by number of tracks, each with a remark; `more` adds columns to the table."""
    grid = table_of(rows, named, ("Tracks", lambda row: count(row.tracks)), *more)
    return View(
        title=title,
        caption=caption,
        grid=grid,
        **bars(
            [name.text for name, *_ in grid.rows],
            [row.tracks for row in rows],
            [f"{count(row.tracks)}  ·  {remark(row)}" for row in rows],
            [colour(row) for row in rows],
            short_texts=[count(row.tracks) for row in rows],
            axis=axis,
        ),
    )


def _left_out(shown: Sequence[object], total: int) -> str:
    return f" The first {len(shown)} by number of tracks." if total > len(shown) else ""


def _contest(row: ContestedGenre) -> str:
    """Say which rule wins a micro-genre over which others."""
    others = [name for name in row.claimed_by if name != row.won_by]
    return f"{row.won_by} over {listing(others)}" if others else row.won_by
