"""From results of Great Expectations to a verdict.

Conventions: an outcome is what one rule found, with rows by their position in all rows. Which rules are run over which
rows belongs to `expectations.check` and `expectations.parts`.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from expectations.verdict import EXAMPLES, Broken, Verdict, plain
from genrelab.lake.stored_rows import Rows
from genrelab.lake.validation_records import CRITICAL, Check, Example

LONGEST_SHOWN = 200
NAMES_OF_TRACKS = ("artist_name", "track_name", "track_title")
"""Columns whose texts name a row that is an example."""


@dataclass(frozen=True)
class Outcome:
    """What one rule found.

    Args:
        config: The configuration of its expectation.
        success: Whether the rule holds.
        number: How many rows break it.
        observed: The value that was found, of a rule about a number.
        failing: Position and value of failing rows, in order: all of them where they may be rejected, else at least
            the first `EXAMPLES`.
    """

    config: Any
    success: bool
    number: int = 0
    observed: object = None
    failing: Sequence[tuple[int, Any]] = ()


@dataclass(frozen=True)
class ValidationTarget:
    """What the rows of a checked frame represent.

    Args:
        noun: `rows`, `columns`, or empty for the one row of numbers of a whole table.
        total: How many there are.
        where: Maps a position to `source` and `source_row`.
        can_reject: Whether a row that breaks a critical rule can be rejected by itself.
        track_of: Maps a position to artist and title.
        shows: What a row is shown with as an example instead of its value, by checked column and position.
    """

    noun: str
    total: int
    where: Callable[[int], tuple[str, int | None]]
    can_reject: bool = False
    track_of: Callable[[int], str] = lambda _: ""
    shows: Mapping[str, Callable[[int], object]] = field(default_factory=dict)

    @classmethod
    def rows_of(
        cls, data: Rows, shows: Mapping[str, Callable[[int], object]] | None = None
    ) -> "ValidationTarget":
        """The rows of a table."""

        @lru_cache(maxsize=1)
        def row_at(position: int) -> Any:
            return data.slice(position, 1)

        def where(position: int) -> tuple[str, int | None]:
            if "source_row" not in data.column_names:
                return "", position + 1
            row = row_at(position)
            return row["source"][0].as_py(), row["source_row"][0].as_py()

        def track_of(position: int) -> str:
            names = [name for name in NAMES_OF_TRACKS if name in data.column_names]
            row = row_at(position)
            return ": ".join(str(text) for name in names if (text := row[name][0].as_py()))

        return cls("rows", len(data), where, True, track_of, shows or {})


THE_WHOLE = ValidationTarget("", 1, lambda _: ("", None))


def looks_at(rule: Any) -> list[str]:
    """Return the columns in the configuration of an expectation, in its order."""
    values = rule.kwargs
    named = [values.get(name) for name in ("column", "column_A", "column_B")]
    return [name for name in [*named, *values.get("column_list", [])] if name]


def outcome_of(result: Any, frame: Any) -> Outcome:
    """Return what a rule found in a frame, from the result of Great Expectations."""
    config = result.expectation_config
    crashed = (result.exception_info or {}).get("exception_message")
    if crashed:
        raise RuntimeError(f"the check {config.meta['rule']!r} could not be run: {crashed}")
    found = result.result
    return Outcome(
        config,
        bool(result.success),
        int(found.get("unexpected_count") or 0),
        found.get("observed_value"),
        _failing(result, frame),
    )


def verdict_of(outcomes: Sequence[Outcome], judged: ValidationTarget) -> Verdict:
    """Return the verdict on rows by what each rule found.

    Args:
        outcomes: One per rule.
        judged: What their rows represent.
    """
    rows: dict[int, list[Broken]] = defaultdict(list)
    refusals, warnings, checks = [], [], []
    for outcome in outcomes:
        found = _check(outcome, judged)
        checks.append(found)
        if found.passed:
            continue
        if found.severity != CRITICAL:
            warnings.append(found.sentence)
        elif judged.can_reject and can_reject(outcome.config) and outcome.failing:
            for position, value in outcome.failing:
                rows[position].append(Broken(found.rule, plain(value)))
        else:
            refusals.append(found.sentence)
    return Verdict(dict(rows), tuple(refusals), tuple(warnings), tuple(checks))


def can_reject(config: Any) -> bool:
    """Whether rows that break a rule are rejected, each by itself."""
    return severity_of(config) == CRITICAL and not config.meta.get("refuses")


def severity_of(config: Any) -> str:
    """`critical` or `warning`."""
    return str(getattr(config.severity, "value", config.severity))


def _check(outcome: Outcome, judged: ValidationTarget) -> Check:
    config, number, value = outcome.config, outcome.number, outcome.observed
    meta = config.meta
    shows = next((judged.shows[name] for name in looks_at(config) if name in judged.shows), None)
    if not outcome.success and number and judged.noun:
        observed = f"{number:,} of {judged.total:,} {judged.noun}"
    elif value is not None:
        observed = f"found {_shown(value)}"
    else:
        observed = f"no {judged.noun[:-1]} breaks it" if judged.noun else ""
    return Check(
        rule=meta["rule"],
        kind=meta["kind"],
        severity=severity_of(config),
        reason=meta.get("reason", ""),
        column=meta["rule"].partition(": ")[0],
        human=meta["human"],
        passed=outcome.success,
        failing=0 if outcome.success else max(number, 1),
        observed=observed,
        examples=tuple(
            Example(
                *judged.where(position),
                plain(shows(position) if shows else each),
                judged.track_of(position),
            )
            for position, each in outcome.failing[:EXAMPLES]
        )
        if judged.noun
        else (),
        expectation=config.type,
        broken=meta.get("broken", ""),
    )


def _failing(result: Any, frame: Any) -> list[tuple[int, Any]]:
    """Position and value of the failing rows.

    Great Expectations reports every position, but only the first 200 values.
    """
    config = result.expectation_config
    most = None if can_reject(config) else EXAMPLES
    positions = [int(position) for position in (result.result.get("unexpected_index_list") or [])[:most]]
    if not positions:
        return []
    named = looks_at(config)
    values = frame[named].take(positions).itertuples(index=False, name=None)
    return [
        (position, row[0] if len(named) == 1 else row)
        for position, row in zip(positions, values, strict=True)
    ]


def _shown(value: object) -> str:
    text = f"{value:,.4g}" if isinstance(value, float) else str(plain(value))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " ..."
