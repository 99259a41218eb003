"""The genre rules: what each rule set covers, where rules disagree, which tracks move, and what FMA makes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from genrelab.analyses.features.result import SourceComparison
from genrelab.analyses.records import decode
from genrelab.report.exploration import items, mapping
from genrelab.report.figure import Cell, Column, Grid, columns, text_cells
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour
from genrelab.report.rule_charts import (
    METRICS,
    NONE,
    Entries,
    balance_chart,
    deciders,
    heard_chart,
    listed_chart,
    moves_chart,
    rules_chart,
)
from genrelab.report.source_charts import fma_chart, sound_chart
from genrelab.report.wording import DASH, count, decimal, number, percent, said, sentence
from genrelab.rules.coverage import TITLES, licences


def fill(facts: Facts) -> Summary:
    """Charts and numbers of the page; each part is None where its facts are absent."""
    rules = facts.get("rules") or {}
    sets = items(rules.get("sets"))
    active = said(rules.get("active"))
    sets.sort(key=lambda found: found.get("rule_set") != active)
    heard = mapping(rules.get("audible"))
    comparisons = [each for each in items(rules.get("comparisons")) if items(each.get("moves"))]
    return {
        "finding": _finding(sets, active),
        "active": active,
        "sets": [said(found.get("rule_set")) for found in sets],
        "tracks": count(sets[0].get("tracks")) if sets else DASH,
        "side_by_side": _side_by_side(sets, heard, active),
        "origins": _origins(items(rules.get("origins"))),
        "licences": licences(each.get("origin") for each in items(rules.get("origins"))),
        "heard": heard_chart(heard),
        "heard_note": _heard_note(heard),
        "balance": balance_chart(sets),
        "moves": moves_chart(comparisons),
        "deciders": [deciders(each) for each in comparisons],
        "rules": rules_chart(sets),
        "contested": listed_chart(sets, "contested"),
        "unmatched": listed_chart(sets, "unmatched"),
        "fma": _fma(mapping(rules.get("fma")), sets),
    }


def _finding(sets: Entries, active: str) -> str:
    """What the active set covers, beside the one of the others that covers most."""
    if not sets:
        return ""
    by_name = {said(found.get("rule_set")): number(found.get("coverage")) or 0.0 for found in sets}
    others = sorted((name for name in by_name if name != active), key=lambda name: -by_name[name])
    if active not in by_name or not others:
        best = max(by_name, key=lambda name: by_name[name])
        return f"The rules of {best} find a genre for {percent(by_name[best])} of the tracks."
    return (
        f"The rules of {active} decide and find a genre for {percent(by_name[active])} of the tracks;"
        f" those of {others[0]} would for {percent(by_name[others[0]])}."
    )


def _side_by_side(sets: Entries, heard: Mapping[str, Any], active: str) -> Grid:
    scores = mapping(heard.get("sets"))

    def of(label: str, values: Sequence[str], below: str = "") -> tuple[Cell, ...]:
        return (Cell(label, below), *map(Cell, values))

    def counted(name: str, key: str) -> list[str]:
        return [count(mapping(found.get(name)).get(key)) for found in sets]

    rows = [
        of("Tracks with a genre", [percent(found.get("coverage"), 2) for found in sets]),
        of("Decided by", [_decision(found.get("decision")) for found in sets]),
        of("Contested micro-genres", counted("contested", "micro_genres")),
        of("Tracks that carry one", counted("contested", "tracks")),
        of("Micro-genres no rule hits", counted("unmatched", "micro_genres")),
        of(
            "Tracks without any micro-genre",
            counted("counts", "without_micro_genre"),
        ),
        of(
            "Micro-genres with capitals, accents, another script",
            [
                ", ".join(
                    count(mapping(found.get("counts")).get(name))
                    for name in ("with_capitals", "with_accents", "in_other_scripts")
                )
                for found in sets
            ],
        ),
    ]
    for name, label in METRICS:
        told = [mapping(mapping(scores.get(said(found.get("rule_set")))).get(name)) for found in sets]
        if any(told):
            rows.append((Cell(f"{label} of a forest"), *(_score(score) for score in told)))
    return Grid(
        columns(
            "",
            *(
                Column(name, "decides" if name == active else "runs beside")
                for name in (said(found.get("rule_set")) for found in sets)
            ),
        ),
        tuple(rows),
    )


def _origins(origins: Entries) -> Grid | None:
    """Who named the genres, once it is more than one."""
    names = list(mapping(origins[0].get("binned"))) if len(origins) > 1 else []
    if not names:
        return None
    return Grid(
        columns("Genres from", "Artists", "Tracks", *(f"With a genre by {name}" for name in names)),
        tuple(
            text_cells(
                TITLES.get(each.get("origin"), said(each.get("origin"))),
                count(each.get("artists")),
                count(each.get("tracks")),
                *(
                    percent(_ratio(mapping(each.get("binned")).get(name), each.get("tracks")))
                    for name in names
                ),
            )
            for each in origins
        ),
    )


def _decision(decision: object) -> str:
    return {"first": "first rule that hits", "vote": "vote of the micro-genres"}.get(
        str(decision), said(decision)
    )


def _score(score: Mapping[str, Any]) -> Cell:
    if not score:
        return Cell(DASH)
    return Cell(decimal(score.get("value")), f"{decimal(score.get('low'))} to {decimal(score.get('high'))}")


def _heard_note(heard: Mapping[str, Any]) -> str:
    if heard.get("left_out"):
        return f"No forest listened: {heard['left_out']}."
    if not heard.get("sets"):
        return ""
    return (
        f"The forest has {count(heard.get('trees'))} trees and hears {count(heard.get('features', 11))} audio features"
        f" of the {count(heard.get('rows'))} distinct tracks that every set bins; it is judged on artists it never"
        f" heard, over {len(heard.get('seeds') or [])} draws of artists. It says whose labels go with sound, not whose"
        " are right: the numbers are shown and decide nothing."
    )


def _fma(fma: Mapping[str, Any], sets: Entries) -> Summary | None:
    genres = items(fma.get("genres"))
    by_set = {name: mapping(found) for name, found in mapping(fma.get("sets")).items()}
    if not genres or not by_set:
        return None
    sounds = {
        name: found
        for name, values in mapping(fma.get("sound")).items()
        if (found := decode(SourceComparison, values))
    }
    names = [name for name in (said(found.get("rule_set")) for found in sets) if name in by_set]
    note = "; ".join(
        f"{name} bins {count(by_set[name].get('genres_binned'))} of its {len(genres)} genres and"
        f" {percent(_ratio(by_set[name].get('tracks_binned'), by_set[name].get('tracks')))} of its"
        f" {count(by_set[name].get('tracks'))} tracks"
        for name in names
    )
    return {
        "note": f"The titles of its genres stand for micro-genres. {sentence(note)}.",
        "title": f"All {len(genres)} genres and their bins",
        "shares": fma_chart(by_set, sets),
        "sound": sound_chart(sounds, names),
        "genres": Grid(
            (
                Column("FMA genre", is_number=False),
                Column("Top genre", is_number=False),
                Column("Tracks", "subgenres included"),
                *(Column(f"By {name}", is_number=False) for name in names),
            ),
            tuple(
                text_cells(
                    said(row.get("genre")),
                    said(row.get("top")),
                    count(row.get("tracks")),
                    *(_bin_cell(mapping(row.get("bins")).get(name)) for name in names),
                )
                for row in genres
            ),
        ),
    }


def _bin_cell(found: object) -> Cell:
    return Cell(str(found), swatch=genre_colour(found)) if found else Cell(NONE)


def _ratio(part: Any, whole: Any) -> float | None:
    found, total = number(part), number(whole)
    return found / total if found is not None and total else None


PAGE = Page(
    name="rules",
    label="Rules",
    group="Genres",
    title="Who says what a genre is?",
    question="Rules turn a track's micro-genres into one of twelve genres. They are opinions: here is what each rule "
    "set covers, where its rules disagree, and which tracks another set would move.",
    needs=("rules",),
    command="genrelab bin-genres",
    fill=fill,
)
