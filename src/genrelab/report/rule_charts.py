"""What the page of the genre rules draws: bins by rule set, moves between them, gaps and conflicts.

Conventions: entries are those of `genrelab.rules.audit` and `compare`; where a choice between rule sets is to be
made, the active one is shown first. A track without a bin is in `NONE`.

The FMA beside Spotify is drawn in `genrelab.report.source_charts`. Which of these the page shows, and what it says
around them, belongs to `genrelab.report.pages.rules`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.report.charts import bars, intervals, pairs
from genrelab.report.exploration import items, mapping
from genrelab.report.figure import Cell, Chart, Column, Grid, Picker, View, columns, text_cells
from genrelab.report.heatmap import heat, row_shares
from genrelab.report.page import Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, listing, number, percent, plural, said, sentence
from genrelab.tables.spotify import BINS

NONE = "no genre"
MOST = 20
"""Micro-genres shown in a chart."""
LARGEST = 25
"""Moves whose deciding micro-genres are listed."""
METRICS = (("kappa", "Cohen's kappa"), ("macro_f1", "Macro F1"))

Entries = Sequence[Mapping[str, Any]]


def heard_chart(heard: Mapping[str, Any]) -> Chart | None:
    """Scores of the forest under each set, best first; None where none was grown."""
    views, labels = {}, []
    for metric, label in METRICS:
        scores = {
            name: mapping(mapping(found).get(metric)) for name, found in mapping(heard.get("sets")).items()
        }
        scores = {name: score for name, score in scores.items() if number(score.get("value")) is not None}
        if not scores:
            continue
        names = sorted(scores, key=lambda name: -scores[name]["value"])
        values = [float(scores[name]["value"]) for name in names]
        lows, highs = (
            [
                value if (found := number(scores[name].get(end))) is None else found
                for name, value in zip(names, values, strict=True)
            ]
            for end in ("low", "high")
        )
        labels.append((metric, label))
        views[metric] = View(
            title=f"{sentence(names[0])} makes the labels that a forest hears best: {label} {decimal(values[0])}",
            caption=f"{label} of the same forest under each rule set, with its 95 % interval over draws of artists.",
            grid=Grid(
                columns("Rule set", label, "Low", "High"),
                tuple(
                    text_cells(name, decimal(value), decimal(low), decimal(high))
                    for name, value, low, high in zip(names, values, lows, highs, strict=True)
                ),
            ),
            **intervals(
                names,
                values,
                lows,
                highs,
                [decimal(value) for value in values],
                ["var(--accent)"] * len(names),
                axis=f"{label} on artists the forest never heard",
                is_share=False,
            ),
        )
    return Chart("heard", views, (Picker("Score", tuple(labels)),)) if views else None


def balance_chart(sets: Entries) -> Chart | None:
    """Share of each bin under two sets: the first one against each other."""
    if len(sets) < 2:  # noqa: PLR2004 - one set has nothing beside it
        return None
    first, views = sets[0], {}
    for other in sets[1:]:
        before, after = _shares(first), _shares(other)
        names = sorted({*before, *after}, key=lambda name: (-after.get(name, 0.0), name))
        if not names:
            continue
        grown = max(names, key=lambda name: abs(after.get(name, 0.0) - before.get(name, 0.0)))
        one, two = said(first.get("rule_set")), said(other.get("rule_set"))
        views[two] = View(
            title=f"{sentence(grown)} changes most: {percent(before.get(grown))} of the tracks by {one},"
            f" {percent(after.get(grown))} by {two}",
            caption=f"Share of all tracks in each genre: hollow by {one}, full by {two}.",
            grid=Grid(
                columns("Genre", one, two),
                tuple(
                    text_cells(
                        Cell(name, swatch=genre_colour(name)),
                        percent(before.get(name)),
                        percent(after.get(name)),
                    )
                    for name in names
                ),
            ),
            **pairs(
                names,
                [before.get(name, 0.0) for name in names],
                [after.get(name, 0.0) for name in names],
                [genre_colour(name) for name in names],
                before_name=one,
                after_name=two,
                axis="Share of all tracks",
            ),
        )
    return Chart("bins-by-set", views, rule_set_picker("Rule set", views)) if views else None


def moves_chart(comparisons: Entries) -> Chart | None:
    """From one set's bins to the other's, one view for each pair of sets; only tracks that move."""
    views = {}
    for found in comparisons:
        one, two = said(found.get("from")), said(found.get("to"))
        moved: Counter[tuple[str, str]] = Counter()
        for move in items(found.get("moves")):
            moved[said(move.get("from"), NONE), said(move.get("to"), NONE)] += round(
                number(move.get("tracks")) or 0
            )
        total = moved.total()
        if not total:
            continue
        names = [name for name in (*BINS, NONE) if any(name in pair for pair in moved)]
        counts = [[float(moved[row, column]) for column in names] for row in names]
        used = [place for place, row in enumerate(counts) if sum(row)]
        rows, counts = [names[place] for place in used], [counts[place] for place in used]
        (was, now), most = moved.most_common(1)[0]
        views[f"{one} to {two}"] = View(
            title=f"{count(total)} tracks move from {one} to {two}, most of all {count(most)} from {was} to {now}",
            caption=f"Only tracks that move. Each row is a genre by {one}: the large figure is the percentage of its"
            f" leavers that goes to the column's genre by {two}, the small one their count. Of the tracks that both"
            f" bin, {percent(found.get('agreement'))} stay.",
            grid=Grid(
                (Column(f"By {one}", is_number=False), *(Column(name) for name in names)),
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
    return Chart("moves", views, rule_set_picker("Rule sets", views)) if views else None


def deciders(found: Mapping[str, Any]) -> Summary:
    """The micro-genres that decided the largest moves."""
    one, two = said(found.get("from")), said(found.get("to"))
    rows = []
    for move in items(found.get("moves"))[:LARGEST]:
        first = next(iter(items(move.get("decided_by"))), {})
        rows.append(
            text_cells(
                Cell(said(move.get("from"), NONE), swatch=genre_colour(move.get("from"))),
                Cell(said(move.get("to"), NONE), swatch=genre_colour(move.get("to"))),
                count(move.get("tracks")),
                said(first.get("from"), "none"),
                said(first.get("to"), "none"),
                count(first.get("tracks")),
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


def rules_chart(sets: Entries) -> Chart | None:
    """What became of each rule, one view for each set."""
    views = {}
    for found in sets:
        rows = [row for row in items(found.get("rules")) if number(row.get("tracks")) is not None]
        if not rows:
            continue
        name = said(found.get("rule_set"))
        idle = [row for row in rows if row.get("is_never_hit") or row.get("is_shadowed")]
        top = max(rows, key=lambda row: row["tracks"])
        views[name] = View(
            title=f"{plural(len(idle), 'rule')} of {name} {'is' if len(idle) == 1 else 'are'} idle: "
            + ", ".join(said(row.get("rule")) for row in idle)
            if idle
            else f"Every rule of {name} decides tracks, {said(top.get('rule'))} most",
            caption="Rules in their order: tracks that each decides, and how many of the micro-genres that it hits it"
            " wins. A rule is idle when it hits nothing, or earlier rules win all that it hits.",
            grid=Grid(
                (*columns("Rule", "Tracks", "Micro-genres hit", "Won"), Column("Remark", is_number=False)),
                tuple(
                    text_cells(
                        Cell(said(row.get("rule")), swatch=genre_colour(row.get("bin"))),
                        count(row["tracks"]),
                        count(row.get("micro_genres_hit")),
                        count(row.get("micro_genres_won")),
                        "never hit"
                        if row.get("is_never_hit")
                        else "shadowed"
                        if row.get("is_shadowed")
                        else "",
                    )
                    for row in rows
                ),
            ),
            **bars(
                [said(row.get("rule")) for row in rows],
                [row["tracks"] for row in rows],
                [
                    f"{count(row['tracks'])}  ·  wins {count(row.get('micro_genres_won'))} of"
                    f" {count(row.get('micro_genres_hit'))}"
                    for row in rows
                ],
                [genre_colour(row.get("bin")) for row in rows],
                short_texts=[count(row["tracks"]) for row in rows],
                axis="Tracks decided",
            ),
        )
    return Chart("rules", views, rule_set_picker("Rule set", views)) if views else None


def listed_chart(sets: Entries, kind: str) -> Chart | None:
    """Contested or unmatched micro-genres by weight, one view for each set."""
    views = {}
    for found in sets:
        told = mapping(found.get(kind))
        shown = [row for row in items(told.get("shown")) if number(row.get("tracks")) is not None][:MOST]
        name, total = said(found.get("rule_set")), number(told.get("micro_genres")) or 0
        if not shown:
            continue
        left_out = f" The first {len(shown)} by number of tracks." if total > len(shown) else ""
        first = said(shown[0].get("micro_genre"))
        if kind == "contested":
            title = f"Rules of {name} contest {plural(round(total), 'micro-genre')}, above all {first}"
            caption = f"Tracks whose artist carries it, and the rule that wins it.{left_out}"
            heading = (
                *columns("Micro-genre", "Tracks"),
                Column("Claimed by", is_number=False),
                Column("Won by", is_number=False),
            )
            cells = [
                text_cells(
                    said(row.get("micro_genre")),
                    count(row["tracks"]),
                    ", ".join(map(said, row.get("claimed_by") or [])),
                    Cell(said(row.get("won_by")), swatch=genre_colour(row.get("won_by"))),
                )
                for row in shown
            ]
            texts = [f"{count(row['tracks'])}  ·  {_contest(row)}" for row in shown]
            colours = [genre_colour(row.get("won_by")) for row in shown]
        else:
            title = f"No rule of {name} hits {plural(round(total), 'micro-genre')}, above all {first}"
            caption = (
                f"Tracks whose artist carries it; other micro-genres of a track may still decide.{left_out}"
            )
            heading = columns("Micro-genre", "Tracks", "Of them without a genre")
            cells = [
                text_cells(
                    said(row.get("micro_genre")), count(row["tracks"]), count(row.get("tracks_without_bin"))
                )
                for row in shown
            ]
            texts = [
                f"{count(row['tracks'])}  ·  {count(row.get('tracks_without_bin'))} without a genre"
                for row in shown
            ]
            colours = ["var(--genre-other)"] * len(shown)
        views[name] = View(
            title=title,
            caption=caption,
            grid=Grid(heading, tuple(cells)),
            **bars(
                [said(row.get("micro_genre")) for row in shown],
                [row["tracks"] for row in shown],
                texts,
                colours,
                short_texts=[count(row["tracks"]) for row in shown],
                axis="Tracks",
            ),
        )
    return Chart(kind, views, rule_set_picker("Rule set", views)) if views else None


def _contest(row: Mapping[str, Any]) -> str:
    """Who wins a micro-genre over whom."""
    others = [said(name) for name in row.get("claimed_by") or [] if name != row.get("won_by")]
    return f"{said(row.get('won_by'))} over {listing(others)}" if others else said(row.get("won_by"))


def _shares(found: Mapping[str, Any]) -> dict[str, float]:
    return {
        said(row.get("bin"), NONE): share
        for row in items(found.get("bins"))
        if (share := number(row.get("share"))) is not None
    }


def rule_set_picker(label: str, views: Mapping[str, View]) -> tuple[Picker, ...]:
    """A choice between rule sets; none where there is only one."""
    return (Picker(label, tuple((key, key) for key in views)),) if len(views) > 1 else ()
