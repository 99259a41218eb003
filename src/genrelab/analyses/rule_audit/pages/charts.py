"""What the page of the genre rules draws: bins by rule set, moves between them, gaps and conflicts.

Conventions: where a choice between rule sets is to be made, the active one is shown first. A track without a bin is in
`NONE`.

The FMA beside Spotify is drawn in `source_charts`. Which of these the page shows, and what it says around them, belongs
to `rules`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from genrelab.analyses.rule_audit.result import (
    Audible,
    Comparison,
    ContestedGenre,
    Score,
    SetAudit,
    UnmatchedGenre,
)
from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, text_cells
from genrelab.report.heatmap import heat, row_shares
from genrelab.report.page import Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, listing, percent, plural, sentence
from genrelab.tables.spotify import BINS

NONE = "no genre"
MOST = 20
"""Micro-genres shown in a chart."""
LARGEST = 25
"""Moves whose deciding micro-genres are listed."""
METRICS = (("kappa", "Cohen's kappa"), ("macro_f1", "Macro F1"))

Sets = Sequence[SetAudit]


def heard_chart(heard: Audible) -> Chart:
    """Scores of the forest under each set, best first."""
    views = {
        metric: _heard_view(label, {name: scores[metric] for name, scores in heard.sets.items()})
        for metric, label in METRICS
    }
    return Chart("heard", views, (Picker("Score", METRICS),))


def _heard_view(label: str, scores: Mapping[str, Score]) -> View:
    names = sorted(scores, key=lambda name: -scores[name].value)
    found = [scores[name] for name in names]
    texts = [decimal(score.value) for score in found]
    return View(
        title=f"{sentence(names[0])} makes the labels that a forest hears best: {label} {texts[0]}",
        caption=f"{label} of the same forest under each rule set, with its 95 % interval over draws of artists.",
        grid=Grid(
            columns("Rule set", label, "Low", "High"),
            tuple(
                text_cells(name, text, decimal(score.low), decimal(score.high))
                for name, text, score in zip(names, texts, found, strict=True)
            ),
        ),
        **intervals(
            names,
            [score.value for score in found],
            [score.low for score in found],
            [score.high for score in found],
            texts,
            ["var(--accent)"] * len(names),
            axis=f"{label} on artists the forest never heard",
            is_share=False,
        ),
    )


def balance_chart(sets: Sets) -> Chart | None:
    """Share of each bin under two sets: the first one against each other."""
    views = {other.rule_set: _balance_view(sets[0], other) for other in sets[1:]}
    return Chart("bins-by-set", views, rule_set_picker("Rule set", views)) if views else None


def _balance_view(first: SetAudit, other: SetAudit) -> View:
    before, after = (Counter({row.bin or NONE: row.share for row in found.bins}) for found in (first, other))
    names = sorted({*before, *after}, key=lambda name: (-after[name], name))
    grown = max(names, key=lambda name: abs(after[name] - before[name]))
    one, two = first.rule_set, other.rule_set
    return View(
        title=f"{sentence(grown)} changes most: {percent(before[grown])} of the tracks by {one},"
        f" {percent(after[grown])} by {two}",
        caption=f"Share of all tracks in each genre: hollow by {one}, full by {two}.",
        grid=Grid(
            columns("Genre", one, two),
            tuple(
                text_cells(Cell(name, swatch=genre_colour(name)), percent(before[name]), percent(after[name]))
                for name in names
            ),
        ),
        **pairs(
            names,
            [before[name] for name in names],
            [after[name] for name in names],
            [genre_colour(name) for name in names],
            before_name=one,
            after_name=two,
            axis="Share of all tracks",
        ),
    )


def moves_chart(comparisons: Sequence[Comparison]) -> Chart | None:
    """From one set's bins to the other's, one view for each pair of sets; only tracks that move."""
    views = {f"{found.before} to {found.after}": _moves_view(found) for found in comparisons if found.moves}
    return Chart("moves", views, rule_set_picker("Rule sets", views)) if views else None


def _moves_view(found: Comparison) -> View:
    one, two = found.before, found.after
    moved = {(move.before or NONE, move.after or NONE): move.tracks for move in found.moves}
    names = [name for name in (*BINS, NONE) if any(name in pair for pair in moved)]
    rows = [name for name in names if any(name == was for was, _ in moved)]
    counts = [[float(moved.get((row, column), 0)) for column in names] for row in rows]
    (was, now), most = max(moved.items(), key=lambda pair: pair[1])
    return View(
        title=f"{count(sum(moved.values()))} tracks move from {one} to {two}, most of all {count(most)} from {was} to"
        f" {now}",
        caption=f"Only tracks that move. Each row is a genre by {one}: the large figure is the percentage of its"
        f" leavers that goes to the column's genre by {two}, the small one their count. Of the tracks that both"
        f" bin, {percent(found.agreement)} stay.",
        grid=Grid(
            (Column(f"By {one}", is_number=False), *map(Column, names)),
            tuple(
                (Cell(name, swatch=genre_colour(name)), *(Cell(count(cell)) for cell in row))
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
    """The micro-genres that decided the largest moves."""
    one, two = found.before, found.after
    rows = []
    for move in found.moves[:LARGEST]:
        first = move.decided_by[0]
        rows.append(
            text_cells(
                Cell(move.before or NONE, swatch=genre_colour(move.before)),
                Cell(move.after or NONE, swatch=genre_colour(move.after)),
                count(move.tracks),
                first.before or "none",
                first.after or "none",
                count(first.tracks),
            )
        )
    heading = (
        Column(f"By {one}", is_number=False),
        Column(f"By {two}", is_number=False),
        Column("Tracks"),
        Column("Micro-genre that decided most often before", is_number=False),
        Column("and after", is_number=False),
        Column("Tracks so decided"),
    )
    return {"name": f"{one} to {two}", "grid": Grid(heading, tuple(rows))}


def rules_chart(sets: Sets) -> Chart:
    """What became of each rule, one view for each set."""
    views = {found.rule_set: _rules_view(found) for found in sets}
    return Chart("rules", views, rule_set_picker("Rule set", views))


def _rules_view(found: SetAudit) -> View:
    name, rows = found.rule_set, found.rules
    idle = [row.rule for row in rows if row.is_idle]
    top = max(rows, key=lambda row: row.tracks)
    return View(
        title=f"{plural(len(idle), 'rule')} of {name} {'is' if len(idle) == 1 else 'are'} idle: {', '.join(idle)}"
        if idle
        else f"Every rule of {name} decides tracks, {top.rule} most",
        caption="Rules in their order: tracks that each decides, and how many of the micro-genres that it hits it"
        " wins. A rule is idle when it hits nothing, or earlier rules win all that it hits.",
        grid=Grid(
            (*columns("Rule", "Tracks", "Micro-genres hit", "Won"), Column("Remark", is_number=False)),
            tuple(
                text_cells(
                    Cell(row.rule, swatch=genre_colour(row.bin)),
                    count(row.tracks),
                    count(row.micro_genres_hit),
                    count(row.micro_genres_won),
                    "never hit" if row.is_never_hit else "shadowed" if row.is_shadowed else "",
                )
                for row in rows
            ),
        ),
        **bars(
            [row.rule for row in rows],
            [row.tracks for row in rows],
            [
                f"{count(row.tracks)}  ·  wins {count(row.micro_genres_won)} of {count(row.micro_genres_hit)}"
                for row in rows
            ],
            [genre_colour(row.bin) for row in rows],
            short_texts=[count(row.tracks) for row in rows],
            axis="Tracks decided",
        ),
    )


def contested_chart(sets: Sets) -> Chart | None:
    """Contested micro-genres by weight, one view for each set."""
    views = {found.rule_set: _contested_view(found) for found in sets if found.contested.shown}
    return Chart("contested", views, rule_set_picker("Rule set", views)) if views else None


def _contested_view(found: SetAudit) -> View:
    total, shown = found.contested.micro_genres, found.contested.shown[:MOST]
    return _weights(
        shown,
        [_contest(row) for row in shown],
        [genre_colour(row.won_by) for row in shown],
        title=f"Rules of {found.rule_set} contest {plural(total, 'micro-genre')}, above all {shown[0].micro_genre}",
        caption=f"Tracks whose artist carries it, and the rule that wins it.{_left_out(shown, total)}",
        grid=Grid(
            (
                *columns("Micro-genre", "Tracks"),
                Column("Claimed by", is_number=False),
                Column("Won by", is_number=False),
            ),
            tuple(
                text_cells(
                    row.micro_genre,
                    count(row.tracks),
                    ", ".join(row.claimed_by),
                    Cell(row.won_by, swatch=genre_colour(row.won_by)),
                )
                for row in shown
            ),
        ),
    )


def unmatched_chart(sets: Sets) -> Chart | None:
    """Micro-genres that no rule hits by weight, one view for each set."""
    views = {found.rule_set: _unmatched_view(found) for found in sets if found.unmatched.shown}
    return Chart("unmatched", views, rule_set_picker("Rule set", views)) if views else None


def _unmatched_view(found: SetAudit) -> View:
    total, shown = found.unmatched.micro_genres, found.unmatched.shown[:MOST]
    return _weights(
        shown,
        [f"{count(row.tracks_without_bin)} without a genre" for row in shown],
        ["var(--genre-other)"] * len(shown),
        title=f"No rule of {found.rule_set} hits {plural(total, 'micro-genre')}, above all {shown[0].micro_genre}",
        caption="Tracks whose artist carries it; other micro-genres of a track may still decide."
        + _left_out(shown, total),
        grid=Grid(
            columns("Micro-genre", "Tracks", "Of them without a genre"),
            tuple(
                text_cells(row.micro_genre, count(row.tracks), count(row.tracks_without_bin)) for row in shown
            ),
        ),
    )


def _weights(
    shown: Sequence[ContestedGenre] | Sequence[UnmatchedGenre],
    remarks: Sequence[str],
    colours: Sequence[str],
    *,
    title: str,
    caption: str,
    grid: Grid,
) -> View:
    """Micro-genres by their tracks, each with a remark."""
    tracks = [count(row.tracks) for row in shown]
    return View(
        title=title,
        caption=caption,
        grid=grid,
        **bars(
            [row.micro_genre for row in shown],
            [row.tracks for row in shown],
            [f"{number}  ·  {remark}" for number, remark in zip(tracks, remarks, strict=True)],
            colours,
            short_texts=tracks,
            axis="Tracks",
        ),
    )


def _left_out(shown: Sequence[object], total: int) -> str:
    return f" The first {len(shown)} by number of tracks." if total > len(shown) else ""


def _contest(row: ContestedGenre) -> str:
    """Who wins a micro-genre over whom."""
    others = [name for name in row.claimed_by if name != row.won_by]
    return f"{row.won_by} over {listing(others)}" if others else row.won_by


def rule_set_picker(label: str, views: Mapping[str, View]) -> tuple[Picker, ...]:
    """A choice between rule sets; none where there is only one."""
    return (Picker(label, tuple((key, key) for key in views)),) if len(views) > 1 else ()
