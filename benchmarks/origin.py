"""Reproduce docs/origin.md: every score of the origin data by 10 x 10 folds, and the time it takes.

    python benchmarks/origin.py [--budget thorough] [--cores 2]

Reads default_features_1059_tracks.txt below GENRELAB_REAL_DATA (default ../shared/data), prints Markdown tables.
`thorough` draws the ten folds ten times and takes seven minutes of processor time, `nightly` draws them
twice.
"""

import argparse
import os
import time
from pathlib import Path

from genrelab.analyses.origin.result import CV, LEFT_OUT, Answer
from genrelab.analyses.origin.study import BUDGETS, FOLDS, LARGEST_K, study_origin
from genrelab.analyses.origin.tracks import prepare
from genrelab.sources.origin.reader import read_origin

DATA = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data"))
FILE = DATA / "origin" / "default_features_1059_tracks.txt"
SEED = 24


def row(run: Answer, metric: str, digits: int, split: str = CV) -> str:
    """One model's score with its interval and spread."""
    scores = run.scores
    value, low, high, spread = (scores[f"{split}/{metric}{end}"] for end in ("", "_low", "_high", "_sd"))
    seconds = run.fit_seconds if split == CV else scores[f"{split}/fit_seconds"]
    return (
        f"| {run.label} | {value:,.{digits}f} | {low:,.{digits}f} to {high:,.{digits}f} "
        f"| {spread:,.{digits}f} | {seconds:,.0f} |"
    )


def main() -> None:
    """Run the study and print its results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--budget", choices=list(BUDGETS), default="thorough")
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args()
    tracks = prepare(read_origin(FILE).data, clusters=LARGEST_K, folds=FOLDS)
    started, worked = time.perf_counter(), time.process_time()
    facts = study_origin(tracks, budget=given.budget, seed=SEED, cores=given.cores)
    print(f"{len(tracks):,} tracks, {facts.repeats} x {facts.folds} folds, seed {SEED}")
    print(
        f"{time.perf_counter() - started:.0f} s, {time.process_time() - worked:.0f} s of processor time, "
        f"{given.cores} cores"
    )
    for asked in facts.tasks:
        metric = asked.metric
        digits = 0 if metric == "great_circle_km" else 4
        print(f"\n### {asked.title} ({metric}; baseline {asked.baseline:,.{digits}f})\n")
        print(
            "| model | mean | 95 % interval | spread over repeats | seconds of fitting |\n"
            "| --- | --- | --- | --- | --- |"
        )
        for run in asked.runs:
            print(row(run, metric, digits))
        if asked.left_out:
            new, lead = asked.left_out, asked.left_out.lead
            print(
                f"\nCountries left out, {facts.repeats} x {facts.country_folds} folds; {new.baseline_answer} "
                f"{new.baseline:,.{digits}f}; lead of the blend {lead.value:.4f} ({lead.low:.4f} to "
                f"{lead.high:.4f})\n\n| model | mean | 95 % interval | spread over repeats | seconds of fitting |\n"
                "| --- | --- | --- | --- | --- |"
            )
            for run in asked.runs:
                if f"{LEFT_OUT}/{metric}" in run.scores:
                    print(row(run, metric, digits, LEFT_OUT))
        choice, rival = asked.choice, asked.rival
        print(f"\nChosen for the halves: {choice.candidates}; on the choosing halves {choice.on_choice}")
        print(f"Blend minus {rival.label}: {rival.value:.4f} ({rival.low:.4f} to {rival.high:.4f})")
    for network in facts.networks:
        stopped, best = network.stopped_accuracy, network.best_accuracy
        print(
            f"\n{network.label}, {network.splits} splits of {network.rows}: stops at {network.stopped_at}, "
            f"mean accuracy there {sum(stopped) / len(stopped):.4f}; best epoch {sum(best) / len(best):.4f}"
        )
    grouping = facts.grouping
    beyond = sum(one.purity > one.chance_p95 for one in grouping.origins)
    print(
        f"\nk = {grouping.k}: mean purity {grouping.mean_purity:.4f}, by chance "
        f"{grouping.mean_purity_chance:.4f} (95th percentile {grouping.mean_purity_chance_p95:.4f}); "
        f"{beyond} of {len(grouping.origins)} countries beyond chance; scores {grouping.scores}"
    )
    for one in sorted(grouping.origins, key=lambda origin: -origin.purity)[:6]:
        print(
            f"{one.country}: {one.purity:.2f} of {one.tracks} tracks in one cluster, "
            f"by chance {one.chance:.2f}"
        )


if __name__ == "__main__":
    main()
