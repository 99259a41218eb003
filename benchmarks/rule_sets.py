"""The built-in rule sets on the real pulls, duplicates removed: the two Markdown tables of docs/rules.md.

    python benchmarks/rule_sets.py counts    what each set bins and contests, and the answer keys; seconds
    python benchmarks/rule_sets.py sound     how well audio features predict the labels of each set

`sound` prints Cohen's kappa and macro F1 of the same forest with 95 % intervals over five draws of artists, on the rows
that both sets bin. GENRELAB_BENCH_TREES sets the trees of the forest (default 300). The result is only reported: audio
features do not select the rule set.
"""

import argparse
import csv
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from genrelab.analyses.rule_audit.audio_recoverability import METRICS, Forest, audio_recoverability
from genrelab.analyses.rule_audit.audit import audit, compare
from genrelab.analyses.rule_audit.result import Score, Scores
from genrelab.evaluation.groups import assign_groups
from genrelab.rules import RuleSet, bin_tracks, load_rule_set, shipped
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import MODEL_FEATURES
from genrelab_cli.numbers import markdown

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
KEYS = Path(__file__).parents[1] / "tests" / "data"
TREES = int(os.environ.get("GENRELAB_BENCH_TREES", "300"))
ANSWERS = {
    "answer_key.csv": "correct on the answer key (200)",
    "answer_key_unseen.csv": "correct on the first 100 micro-genres that occur in no pull",
    "answer_key_final.csv": "correct on the second 100, rules unchanged",
}


TITLES = {"kappa": "Cohen's kappa", "macro_f1": "macro F1"}


def table(sets: Scores, differences: Scores) -> str:
    """The Markdown table: a column for each rule set, and one for each difference from the first."""

    def cell(score: Score) -> str:
        return f"{score.value:.3f} ({score.low:.3f} to {score.high:.3f})"

    first = next(iter(sets))
    columns = [*sets.values(), *differences.values()]
    return markdown(
        ("", *sets, *(f"{name} minus {first}, same samples" for name in differences)),
        [(TITLES[metric], *(cell(one[metric]) for one in columns)) for metric in METRICS],
    )


def counts(genres: pa.ChunkedArray) -> str:
    """The Markdown table of what each set bins and contests, and of its answers.

    Args:
        genres: Micro-genres of each track.
    """
    sets = [load_rule_set(name) for name in shipped()]
    columns = [_counts_of(rules, genres) for rules in sets]
    return markdown(
        ("", *(rules.name for rules in sets)), [(row, *(of[row] for of in columns)) for row in columns[0]]
    )


def _counts_of(rules: RuleSet, genres: pa.ChunkedArray) -> dict[str, str]:
    """The cells of one set, by row."""
    found = audit(rules, genres)
    patterns = replace(rules, rules=tuple(replace(rule, unless="") for rule in rules.rules))
    alone = audit(patterns, genres).contested
    return {
        "rows with a bin": f"{found.coverage:.2%}",
        "micro-genres matched by rules of several bins": str(found.contested.micro_genres),
        "rows that carry one of these": f"{found.contested.tracks:,}",
        "the same two numbers, ignoring `unless`": f"{alone.micro_genres}; {alone.tracks:,}",
        "micro-genres that no rule matches": str(found.unmatched.micro_genres),
        **{title: f"{_share_right(KEYS / key, rules):.1%}" for key, title in ANSWERS.items()},
    }


def _share_right(key: Path, rules: RuleSet) -> float:
    """Share of the micro-genres of an answer key that a rule set bins as the key says."""
    with key.open(encoding="utf-8", newline="") as file:
        answers = {row["micro_genre"]: row["bin"] for row in csv.DictReader(file)}
    found = bin_tracks(pa.array([[micro_genre] for micro_genre in answers]), rules).bins.to_pylist()
    return sum((bin_ or "none") == right for bin_, right in zip(found, answers.values(), strict=True)) / len(
        answers
    )


def main() -> None:
    """Print one of the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("counts", "sound"))
    asked = parser.parse_args()
    data = read_pulls(PULLS).data
    data = data.filter(pa.array(~exact_duplicates(data)))
    if asked.what == "counts":
        both = compare(*(load_rule_set(name) for name in shipped()), data["genres"])
        print(
            f"{len(data):,} rows; of {both.both_binned:,} that both sets bin they agree on {both.agreement:.1%}",
            file=sys.stderr,
        )
        print(counts(data["genres"]))
        return
    print_sound(data)


def print_sound(data: pa.Table) -> None:
    """Print the scores of each rule set, and their difference over the same draws."""
    labels = {name: bin_tracks(data["genres"], load_rule_set(name)).bins.to_pandas() for name in shipped()}
    with TemporaryDirectory() as folder:
        groups = assign_groups(data, None, Path(folder)).groups
    started = time.perf_counter()
    found = audio_recoverability(
        data,
        MODEL_FEATURES,
        labels,
        groups.to_pylist(),
        forest=Forest(trees=TREES, cores=os.cpu_count() or 1),
    )
    spent = time.perf_counter() - started
    print(
        f"{found.rows:,} distinct rows of {found.groups:,} artist groups, {found.trees} trees,"
        f" {found.min_samples_leaf} rows in a leaf at least, seeds {list(found.seeds)}, {spent:.0f} s",
        file=sys.stderr,
    )
    print(table(found.sets, found.differences))


if __name__ == "__main__":
    main()
