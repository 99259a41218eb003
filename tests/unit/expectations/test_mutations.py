"""Dirt in legal frames: every kind is caught by the rule that is meant for it, and nothing legal is."""

from dataclasses import replace

import pytest
from data_quirks import Mutation
from frames import legal
from mutations import DOCUMENT, MUTATIONS, baseline_of, judge

from genrelab.tables import TABLES

LARGE = [each for each in MUTATIONS if each.rows > 40]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_legal_frame_passes(table: str) -> None:
    """Without dirt no rule speaks, so that what speaks below is about the dirt."""

    verdict = judge(table, legal(TABLES[table]), baseline_of(Mutation(table, "", "", "", list)))
    assert [check.sentence for check in verdict.checks if not check.passed] == []


@pytest.mark.parametrize("mutation", LARGE, ids=lambda each: f"{each.table}-{each.column}-{each.dirt}")
def test_so_does_the_large_one(mutation: Mutation) -> None:
    """Rules about shares speak of many rows only, so they are asked with many."""

    verdict = judge(mutation.table, replace(mutation, change=list).frame(), baseline_of(mutation))
    assert [check.sentence for check in verdict.checks if not check.passed] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: f"{each.table}-{each.column}-{each.dirt}")
def test_the_dirt_is_caught_by_name(mutation: Mutation) -> None:
    """The rule that fails is the one that was written for it, and it points at the row where rows are judged."""

    verdict = judge(mutation.table, mutation.frame(), baseline_of(mutation))
    failed = {check.rule: check for check in verdict.checks if not check.passed}
    named = [check for rule, check in failed.items() if rule.startswith(mutation.rule)]
    assert named, f"caught by none but {sorted(failed)}"
    assert named[0].failing > 0


def test_the_documentation_shows_the_table() -> None:
    """Every kind of dirt with the rule that names it, as `python tests/helpers/mutations.py --write` wrote it."""

    shown = DOCUMENT.read_text(encoding="utf-8")
    for each in MUTATIONS:
        assert f"| `{each.table}` | `{each.column}` | {each.dirt} | {each.rule}" in shown


def test_the_table_is_long_enough() -> None:
    """Distinct kinds of dirt, over all tables of the lake."""

    assert len({(each.table, each.column, each.dirt) for each in MUTATIONS}) == len(MUTATIONS) >= 60
    assert {each.table for each in MUTATIONS} >= set(TABLES)
