"""The page of genre rules: coverage of each rule set, conflicts, tracks that change genre, and the FMA."""

from collections.abc import Callable, Sequence

from genrelab.analyses.look_up.analysis import LOOK_UP
from genrelab.analyses.look_up.result import LookUp
from genrelab.analyses.rule_audit.analysis import RULE_AUDIT
from genrelab.analyses.rule_audit.coverage import TITLES, licences
from genrelab.analyses.rule_audit.pages.charts import (
    METRICS,
    NONE,
    Sets,
    balance_chart,
    contested_chart,
    deciders,
    moves_chart,
    recoverability_chart,
    rules_chart,
    unmatched_chart,
)
from genrelab.analyses.rule_audit.pages.source_charts import fma_chart, sound_chart
from genrelab.analyses.rule_audit.result import (
    AudioRecoverability,
    FmaBins,
    FmaGenre,
    OriginCoverage,
    RuleAudit,
    Score,
    SetAudit,
)
from genrelab.evaluation.samples import in_words
from genrelab.report.figure import Cell, Column, Grid, columns, genre_cell, table_of, text_cells, text_column
from genrelab.report.page import Facts, Page, Summary
from genrelab.report.palette import genre_colour
from genrelab.report.wording import count, decimal, listing, percent, sentence, text_or_dash

ODDITIES = (
    ("with_capitals", "Micro-genres with capitals"),
    ("with_accents", "Micro-genres with accents"),
    ("in_other_scripts", "Micro-genres in another script"),
)
"""Counts that are shown where any set has one."""
DECIDES = {
    "first": "The first rule that matches any micro-genre of a track gives the track its genre.",
    "vote": "The first rule that matches a micro-genre wins it. Each micro-genre of a track is a vote for the genre of"
    " its rule; most votes decide, of equal ones the rule that stands first.",
}
DECISIONS = {"first": "first matching rule", "vote": "vote of the micro-genres"}


def fill(rules: RuleAudit) -> Summary:
    """Return the charts and numbers of the page."""
    sets = sorted(rules.sets, key=lambda found: found.rule_set != rules.active)
    comparisons = [each for each in rules.comparisons if each.moves]
    return {
        "finding": _finding(sets),
        "active": rules.active,
        "sets": [found.rule_set for found in sets],
        "tracks": count(sets[0].tracks),
        "side_by_side": _side_by_side(sets, rules.recoverability),
        "origins": _origins(rules.origins),
        "licences": licences(each.origin for each in rules.origins),
        "heard": recoverability_chart(rules.recoverability) if rules.recoverability else None,
        "heard_note": _recoverability_note(rules.recoverability)
        if rules.recoverability
        else f"Predictability from audio was not measured: {rules.recoverability_skipped}.",
        "balance": balance_chart(sets),
        "moves": moves_chart(comparisons),
        "deciders": [deciders(each) for each in comparisons],
        "rules": rules_chart(sets),
        "contested": contested_chart(sets),
        "unmatched": unmatched_chart(sets),
        "fma": _fma(rules.fma, rules, sets) if rules.fma and rules.fma.genres else None,
    }


def fill_page(facts: Facts) -> Summary:
    """Return what `fill` does, with the rules themselves where they were read."""
    found, look_up = RULE_AUDIT.found_in(facts), LOOK_UP.found_in(facts)
    return (fill(found) if found else {}) | {"in_words": _in_words(look_up) if look_up else []}


def _in_words(found: LookUp) -> list[Summary]:
    """Return every rule set in words: how it decides, and its rules in order."""
    return [
        {
            "name": one.name,
            "is_active": one.name == found.active,
            "decides": DECIDES[one.decision],
            "rules": [
                {"rule": rule, "colour": genre_colour(rule.genre), "examples": listing(rule.proofs)}
                for rule in one.rules
            ],
        }
        for one in found.sets
    ]


def _finding(sets: Sets) -> str:
    """Compare the coverage of the active set, the first, with the best of the others."""
    active, *others = sets
    best = max(others, key=lambda found: found.coverage)
    return (
        f"The rule set '{active.rule_set}' is in use: it finds a genre for {percent(active.coverage)} of tracks;"
        f" '{best.rule_set}' would find one for {percent(best.coverage)}."
    )


def _side_by_side(sets: Sets, recoverability: AudioRecoverability | None) -> Grid:
    def row(label: str, value: Callable[[SetAudit], str]) -> tuple[Cell, ...]:
        return text_cells(label, *map(value, sets))

    rows = [
        row("Tracks with a genre", lambda found: percent(found.coverage, 2)),
        row("Decided by", lambda found: DECISIONS[found.decision]),
        row("Contested micro-genres", lambda found: count(found.contested.micro_genres)),
        row("Tracks with a contested micro-genre", lambda found: count(found.contested.tracks)),
        row("Micro-genres without a rule", lambda found: count(found.unmatched.micro_genres)),
        row("Tracks without any micro-genre", lambda found: count(found.counts["without_micro_genre"])),
    ]
    rows += [
        row(label, lambda found, name=name: count(found.counts[name]))  # type: ignore[misc]
        for name, label in ODDITIES
        if any(found.counts[name] for found in sets)
    ]
    if recoverability:
        rows += [
            (
                Cell(f"{label} of a forest"),
                *(_score(recoverability.sets[found.rule_set][metric]) for found in sets),
            )
            for metric, label in METRICS
        ]
    heading = [
        Column(found.rule_set, "for comparison" if place else "in use") for place, found in enumerate(sets)
    ]
    return Grid(columns("", *heading), tuple(rows))


def _origins(origins: Sequence[OriginCoverage]) -> Grid | None:
    """Return the coverage by source of the micro-genres; None for a single source."""
    if len(origins) < 2:  # noqa: PLR2004 - one origin has nothing beside it
        return None
    return table_of(
        origins,
        ("Genres from", lambda each: TITLES[each.origin]),
        ("Artists", lambda each: count(each.artists)),
        ("Tracks", lambda each: count(each.tracks)),
        *(_binned_by(name) for name in origins[0].binned),
    )


def _binned_by(name: str) -> tuple[str, Callable[[OriginCoverage], str]]:
    return f"With a genre by {name}", lambda each: percent(each.binned[name] / each.tracks)


def _score(score: Score) -> Cell:
    return Cell(decimal(score.value), f"{decimal(score.low)} to {decimal(score.high)}")


def _recoverability_note(found: AudioRecoverability) -> str:
    return (
        f"A random forest of {count(found.trees)} trees predicts the labels of each rule set from "
        f"{count(found.features)}"
        f" audio features, on {in_words(found.rows, found.of, 'distinct tracks')}; all have a genre in every set. It is"
        " tested on"
        f" artists that were not in training, over {len(found.seeds)} draws of artists. A high score means that labels"
        " follow the sound, not that they are correct: the scores do not choose the rule set."
    )


def _fma(fma: FmaBins, rules: RuleAudit, sets: Sets) -> Summary:
    names, genres = [found.rule_set for found in sets], fma.genres
    note = "; ".join(
        f"{name} covers {count(one.genres_binned)} of its {len(genres)} genres and"
        f" {percent(one.tracks_binned / one.tracks if one.tracks else None)} of its {count(one.tracks)} tracks"
        for name, one in ((name, fma.sets[name]) for name in names)
    )
    return {
        "note": f"The rules are applied to the FMA's own genre titles. {sentence(note)}.",
        "title": f"All {len(genres)} FMA genres and their target genres",
        "shares": fma_chart(fma.sets, sets),
        "sound": sound_chart(rules.sound, sets),
        "genres": table_of(
            genres,
            (text_column("FMA genre"), lambda row: text_or_dash(row.genre)),
            (text_column("Top genre"), lambda row: text_or_dash(row.top)),
            (Column("Tracks", "subgenres included"), lambda row: count(row.tracks)),
            *(_bin_by(name) for name in names),
        ),
    }


def _bin_by(name: str) -> tuple[Column, Callable[[FmaGenre], Cell]]:
    def cell(row: FmaGenre) -> Cell:
        found = row.bins[name]
        return genre_cell(found) if found else Cell(NONE)

    return text_column(f"By {name}"), cell


PAGE = Page(
    name="rules",
    label="Rules",
    group="Genres",
    title="How do rules decide the genre of a track?",
    question="Rules map a track's micro-genres to one of twelve genres. Rule sets differ in judgement: this page shows "
    "what each covers, where its rules conflict, and which tracks change genre under another set.",
    needs=(RULE_AUDIT.name,),
    command="genrelab bin-genres",
    fill=fill_page,
)
