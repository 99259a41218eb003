"""Reproduce docs/origin.md: every score of the origin data by 10 x 10 folds, and the time it takes.

    python benchmarks/origin.py [--budget thorough] [--cores 2]

Reads default_features_1059_tracks.txt below GENRELAB_REAL_DATA (default ../shared/data), prints the Markdown table
of the page, and the numbers of its text to standard error. `thorough` draws the ten folds ten times and takes seven
minutes of processor time, `nightly` draws them twice.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from genrelab.analyses.origin.result import CV, LEFT_OUT, Answer, OriginStudy, Question
from genrelab.analyses.origin.study import BUDGETS, FOLDS, LARGEST_K, study_origin
from genrelab.analyses.origin.tracks import prepare
from genrelab.sources.origin.reader import read_origin
from genrelab_cli.numbers import markdown

DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data"))
FILE = DATA / "origin" / "default_features_1059_tracks.txt"
SEED = 24


def table(facts: OriginStudy) -> str:
    """The Markdown table: every model's score by both kinds of folds, below the best answer without music."""
    rows = []
    for asked in facts.tasks:
        new = asked.left_out
        rows.append(
            (
                asked.title,
                "without music",
                written(asked, asked.baseline),
                "cannot be asked" if new is None else written(asked, new.baseline),
            )
        )
        for run in asked.ranked:
            is_asked = f"{LEFT_OUT}/{asked.metric}" in run.scores
            rows.append(
                ("", run.label, of_split(asked, run, CV), of_split(asked, run, LEFT_OUT) if is_asked else "-")
            )
    return markdown(
        ("question", "model", "other tracks of the country in training", "country left out"), rows
    )


def of_split(asked: Question, run: Answer, split: str) -> str:
    """A score with its interval over countries."""
    value, low, high = (asked.score(run, ending, split) for ending in ("", "_low", "_high"))
    digits = digits_of(asked)
    return f"{written(asked, value)} ({low:,.{digits}f} to {high:,.{digits}f})"


def written(asked: Question, value: float) -> str:
    """A share, or km."""
    return f"{value:,.{digits_of(asked)}f}{' km' if asked.is_distance else ''}"


def digits_of(asked: Question) -> int:
    """Three digits of a share, whole km."""
    return 0 if asked.is_distance else 3


def details(facts: OriginStudy) -> Iterator[str]:
    """What the text below the table states."""
    for asked in facts.tasks:
        digits = digits_of(asked)
        for lead, over in (
            (asked.rival, asked.rival.label),
            (asked.left_out and asked.left_out.lead, "the answer without music, countries left out"),
        ):
            if lead:
                yield (
                    f"{asked.title}: blend minus {over}: {lead.value:,.{digits}f} "
                    f"({lead.low:,.{digits}f} to {lead.high:,.{digits}f})"
                )
        yield f"  chosen for the halves: {asked.choice.candidates}; on the choosing halves {asked.choice.on_choice}"
    for network in facts.networks:
        stopped, best = network.stopped_accuracy, network.best_accuracy
        yield (
            f"{network.label}, {network.splits} splits of {network.rows}: stops at {network.stopped_at}, "
            f"mean accuracy there {sum(stopped) / len(stopped):.3f}; best epoch {sum(best) / len(best):.3f}"
        )
    grouping = facts.grouping
    beyond = sum(one.purity > one.chance_p95 for one in grouping.origins)
    yield (
        f"k = {grouping.k}: mean purity {grouping.mean_purity:.3f}, by chance "
        f"{grouping.mean_purity_chance:.3f} (95th percentile {grouping.mean_purity_chance_p95:.3f}); "
        f"{beyond} of {len(grouping.origins)} countries beyond chance; scores {grouping.scores}"
    )
    for one in sorted(grouping.origins, key=lambda origin: -origin.purity)[:6]:
        yield f"{one.country}: {one.purity:.2f} of {one.tracks} tracks in one cluster, by chance {one.chance:.2f}"


def main() -> None:
    """Run the study and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--budget", choices=list(BUDGETS), default="thorough")
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args()
    tracks = prepare(read_origin(FILE).data, clusters=LARGEST_K, folds=FOLDS)
    started, worked = time.perf_counter(), time.process_time()
    facts = study_origin(tracks, budget=given.budget, seed=SEED, cores=given.cores)
    print(table(facts))
    print(
        f"{len(tracks):,} tracks, {facts.repeats} x {facts.folds} folds, seed {SEED}; "
        f"{time.perf_counter() - started:.0f} s, {time.process_time() - worked:.0f} s of processor time, "
        f"{given.cores} cores",
        file=sys.stderr,
    )
    print("\n".join(details(facts)), file=sys.stderr)


if __name__ == "__main__":
    main()
