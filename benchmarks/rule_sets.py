"""How well audio features predict the labels of each built-in rule set, with the same forest on the real pulls.

Run: python benchmarks/rule_sets.py
Prints, as the Markdown table of docs/rules.md, Cohen's kappa and macro F1 with 95 % intervals over five draws of
artists, duplicates removed, on the rows that both sets bin. GENRELAB_BENCH_TREES sets the trees of the forest (default
300). The result is only reported: audio features do not select the rule set.
"""

import os
import sys
import time
from pathlib import Path

import pyarrow as pa

from genrelab.analyses.rule_audit.audio_recoverability import METRICS, Forest, audio_recoverability
from genrelab.analyses.rule_audit.result import Score, Scores
from genrelab.evaluation.groups import assign_groups
from genrelab.rules import bin_tracks, load_rule_set, shipped
from genrelab.sources.spotify import exact_duplicates, read_pulls
from genrelab.tables.spotify import MODEL_FEATURES
from genrelab_cli.numbers import markdown

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
TREES = int(os.environ.get("GENRELAB_BENCH_TREES", "300"))


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


def main() -> None:
    """Print the scores of each rule set, and their difference over the same draws."""
    data = read_pulls(PULLS).data
    data = data.filter(pa.array(~exact_duplicates(data)))
    labels = {name: bin_tracks(data["genres"], load_rule_set(name)).bins.to_pylist() for name in shipped()}
    started = time.perf_counter()
    found = audio_recoverability(
        data.select(list(MODEL_FEATURES)).to_pandas(),
        labels,
        assign_groups(data, None).groups.to_pylist(),
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
