"""What differs between two runs: facts by section, a sentence for the status band, and predictions that flipped.

Conventions: the facts of a run are texts by section and name; two runs differ where these texts differ, whatever a
section holds. A prediction that flipped and flipped back between two runs has not changed.
"""

from collections.abc import Mapping, Sequence

from genrelab.analyses.run_history.result import FAILED, ChampionInUse, Flip, RunRecord

MOST_NAMED = 5_000
"""Most predictions of one run whose tracks are kept by name."""

TABLES, RULES, CHAMPIONS, SCORES, FAILURES = "Tables", "Rules", "Champions", "Scores", "Failures"
Facts = dict[str, dict[str, str]]


def facts_of_run(run: RunRecord) -> Facts:
    """Return what can differ between runs, as texts by section and name."""
    return {
        TABLES: {
            name: f"{table.rows:,} rows, version {table.version}{', sample data' if table.sample else ''}"
            + (f", {table.quarantined:,} quarantined" if table.quarantined else "")
            for name, table in run.tables.items()
        },
        RULES: {
            **{f"rule set {name}": f"content {digest[:8]}" for name, digest in run.rules.items()},
            **{f"tracks with a genre by {name}": f"{share:.1%}" for name, share in run.coverage.items()},
        },
        CHAMPIONS: {
            task: f"{champion.model}, version {champion.version}" for task, champion in run.champions.items()
        },
        SCORES: {
            task: _score(champion) for task, champion in run.champions.items() if champion.value is not None
        },
        FAILURES: {step.step: f"failed: {step.message}" for step in run.failed},
    }


def _score(champion: ChampionInUse) -> str:
    """The headline score with its interval."""
    form = "{:.1%}" if champion.metric == "accuracy" else "{:.3f}"
    value, low, high = (
        "" if end is None else form.format(end) for end in (champion.value, champion.low, champion.high)
    )
    return f"{champion.metric} {value} ({low} to {high})" if low and high else f"{champion.metric} {value}"


def differences(before: Facts, after: Facts) -> dict[str, list[tuple[str, str, str]]]:
    """Return name, earlier text and later text of what differs, by section; a missing text is empty.

    >>> differences({"Tables": {"a": "1 row"}}, {"Tables": {"a": "2 rows", "b": "3 rows"}})
    {'Tables': [('a', '1 row', '2 rows'), ('b', '', '3 rows')]}
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for section in dict.fromkeys((*after, *before)):
        old, new = before.get(section, {}), after.get(section, {})
        rows = [
            (name, old.get(name, ""), new.get(name, ""))
            for name in dict.fromkeys((*new, *old))
            if old.get(name) != new.get(name)
        ]
        if rows:
            found[section] = rows
    return found


def in_a_sentence(before: RunRecord | None, after: RunRecord) -> str:
    """Say what changed since the run before, in a sentence.

    Args:
        before: The run before; None for the first one.
        after: The later run.
    """
    if before is None:
        return "This is the first run on record."
    found = differences(facts_of_run(before), facts_of_run(after))
    nouns = {TABLES: "table", RULES: "result of the rules", CHAMPIONS: "champion", SCORES: "score"}
    parts = [_counted(len(found[section]), noun) for section, noun in nouns.items() if section in found]
    flipped = sum(after.flips.values())
    if flipped:
        parts.append(_counted(flipped, "prediction"))
    new = [step.step for step in after.failed if step.step not in {one.step for one in before.failed}]
    fixed = [
        step.step
        for step in before.failed
        if step.step not in {one.step for one in after.steps if one.state == FAILED}
    ]
    told = [f"Changed since the run before: {', '.join(parts)}."] if parts else []
    told += [f"New failure: {', '.join(new)}."] if new else []
    told += [f"No longer failing: {', '.join(fixed)}."] if fixed else []
    return " ".join(told) or "Nothing changed since the run before."


def _counted(number: int, noun: str) -> str:
    first, space, rest = noun.partition(" ")
    return f"{number:,} {first}{'' if number == 1 else 's'}{space}{rest}"


def flips_over(
    runs: Sequence[RunRecord], flips: Mapping[str, Sequence[Flip]], before: str, after: str
) -> list[Flip]:
    """Return the predictions that differ between two runs: each track's first genre and its last one.

    Args:
        runs: All runs, the newest last.
        flips: Predictions that changed in each run, by its key.
        before: Key of the earlier run.
        after: Key of the later run.
    """
    found: dict[tuple[str, str], Flip] = {}
    for run in runs:
        if before < run.key <= after:
            for flip in flips.get(run.key, ()):
                track = (flip.task, flip.track_id)
                first = found.get(track, flip)
                found[track] = Flip(
                    flip.task, flip.track_id, flip.track, flip.artist, first.before, flip.after
                )
    return [flip for flip in found.values() if flip.before != flip.after]
