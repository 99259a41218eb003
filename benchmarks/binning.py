"""Speed of binning compared with row-by-row `apply`, on the real pulls and on a million tracks.

Run: python benchmarks/binning.py
Claims: 46,291 tracks in under 0.5 s and at least 20 times as fast as `apply`; 1,000,000 tracks in under 5 s.

The comparison has two simple programs, both with precompiled patterns:

- `same answer`: `apply` over the lists of micro-genres, with the same result as binning: the bin and its micro-genre.
- `text of the list` (classic only): `apply` of the twelve patterns over the text of each list, as in the capstone
  project, with the bin alone as the result.

Prints the Markdown table of docs/rules.md. All times are processor time, which excludes other work on the machine.
"""

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from genrelab.rules import RuleSet, bin_tracks, load_rule_set
from genrelab.rules.model import EXACT, VOTE, fold
from genrelab.rules.spelling import fold_spelling
from genrelab.sources.spotify import read_pulls
from genrelab_cli.numbers import markdown

PULLS = Path(os.environ.get("GENRELAB_REAL_DATA", "../shared/data")) / "spotify" / "pulls"
MANY = 1_000_000
REPEATS = 20


def same_answer(rules: RuleSet, spelled: dict[str, str]) -> Callable[[list[str]], tuple[str, str] | None]:
    """Return a function for `apply` that bins one track with the same result: bin and micro-genre.

    Args:
        rules: The rule set.
        spelled: Each micro-genre as the set matches it, made beforehand.
    """
    compiled = [
        (rule.bin, re.compile(rule.pattern), re.compile(rule.unless) if rule.unless else None)
        for rule in rules.rules
    ]

    def bin_of(micro_genre: str) -> str | None:
        for name, pattern, unless in compiled:
            if pattern.search(micro_genre) and not (unless and unless.search(micro_genre)):
                return name
        return None

    def first(micro_genres: list[str]) -> tuple[str, str] | None:
        texts = [spelled[micro_genre] for micro_genre in micro_genres]
        for name, pattern, unless in compiled:
            for micro_genre, text in zip(micro_genres, texts, strict=True):
                if pattern.search(text) and not (unless and unless.search(text)):
                    return name, micro_genre
        return None

    def vote(micro_genres: list[str]) -> tuple[str, str] | None:
        of = {micro_genre: bin_of(spelled[micro_genre]) for micro_genre in micro_genres}
        votes = Counter(name for name in of.values() if name)
        if not votes:
            return None
        winner = max(votes, key=lambda name: (votes[name], -rules.bins.index(name)))
        return winner, next(micro_genre for micro_genre in of if of[micro_genre] == winner)

    return vote if rules.decision == VOTE else first


def text_of_the_list(rules: RuleSet) -> Callable[[str], str | None]:
    """Return the capstone project's function for `apply`: the first pattern that matches the text."""
    compiled = [(rule.bin, re.compile(rule.pattern)) for rule in rules.rules]

    def bin_of(text: str) -> str | None:
        for name, pattern in compiled:
            if pattern.search(text):
                return name
        return None

    return bin_of


def best_of(work: Callable[[], object], repeats: int) -> float:
    """Return the processor seconds of the fastest of several runs."""
    spent = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        spent.append(time.process_time() - started)
    return min(spent)


def table(found: Mapping[str, tuple[float, float, Sequence[float]]]) -> str:
    """The Markdown table.

    Args:
        found: By rule set: processor seconds of the pulls, of a million tracks and of each simple program.
    """
    rows = [
        (
            name,
            f"{ours:.3f} s",
            f"{many:.2f} s",
            *(f"{spent / ours:.0f} times as long" for spent in simple),
            *["-"] * (2 - len(simple)),
        )
        for name, (ours, many, simple) in found.items()
    ]
    return markdown(
        ("", "genrelab", f"{MANY:,} tracks", "row by row, same answer", "row by row, text of the list"), rows
    )


def main() -> None:
    """Print the times and their ratios for each rule set that ships."""
    found: dict[str, tuple[float, float, Sequence[float]]] = {}
    genres = read_pulls(PULLS).data["genres"].combine_chunks()
    lists = pd.Series(genres.to_pylist())
    texts = lists.map(lambda micro_genres: str(list(micro_genres))).astype(object)  # as the pulls write them
    copies = pa.concat_arrays([genres] * (MANY // len(genres) + 1)).slice(0, MANY)
    for name in ("classic", "reviewed"):
        rules = load_rule_set(name)
        ours = best_of(lambda rules=rules: bin_tracks(genres, rules), REPEATS)  # type: ignore[misc]
        many = best_of(lambda rules=rules: bin_tracks(copies, rules), 3)  # type: ignore[misc]
        binned = bin_tracks(genres, rules)
        bins = binned.bins.to_pylist()
        pairs = [
            (found, by) if found else None
            for found, by in zip(bins, binned.micro_genres.to_pylist(), strict=True)
        ]
        names = genres.flatten().unique()
        matched = fold(names) if rules.spelling == EXACT else fold_spelling(names)
        spelled = dict(zip(names.to_pylist(), matched.to_pylist(), strict=True))
        plain = [("same answer", lists, same_answer(rules, spelled), pairs)]
        if name == "classic":
            plain.append(("text of the list", texts, text_of_the_list(rules), bins))
        simple = []
        for title, given, decide, expected in plain:
            simple.append(best_of(lambda given=given, decide=decide: given.apply(decide), 3))  # type: ignore[misc]
            differing = sum(decide(one) != other for one, other in zip(given, expected, strict=True))
            print(f"{name}, {title}: {differing:,} tracks decided differently", file=sys.stderr)
        found[name] = ours, many, simple
    print(table(found))


if __name__ == "__main__":
    main()
