"""The Markdown tables that benchmarks print for the pages, from made-up results."""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType, SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from genrelab.analyses.origin.result import Answer, Choice, Lead, NewCountries, Question, Rival
from genrelab.analyses.rule_audit.result import Score
from genrelab.evaluation.splits import Split
from genrelab.runtime.home import PROJECT


def benchmark(name: str) -> ModuleType:
    """A benchmark as a module."""
    spec = spec_from_file_location(name, PROJECT / "benchmarks" / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def question(metric: str, baseline: float, left_out: float | None, **scores: tuple[str, ...]) -> Question:
    """A question with models whose scores are given as text: value, low, high by split."""
    runs = tuple(
        Answer(
            model,
            model.title(),
            {},
            {
                f"{split}/{metric}{end}": value
                for split, *values in splits
                for end, value in zip(("", "_low", "_high"), values, strict=True)
            },
            (),
            0.0,
        )
        for model, splits in scores.items()
    )
    new = None if left_out is None else NewCountries(left_out, "majority", Lead(0.1, 0.0, 0.2))
    rival = Rival("forest", "Forest", 0.0, -0.1, 0.1)
    return Question(
        "made", "Which side", metric, baseline, new, (), runs, rival, Choice(("a", "b"), (0.5, 0.5), 1), ()
    )


def made_origin() -> str:
    """The table of two questions."""
    side = question(
        "accuracy",
        0.641,
        0.5,
        blend=(("cv", 0.7, 0.6, 0.8), ("countries_left_out", 0.55, 0.45, 0.65)),
        forest=(("cv", 0.75, 0.7, 0.8),),
    )
    place = question("great_circle_km", 4315.4, None, blend=(("cv", 2539.0, 1917.2, 3333.8),))
    return benchmark("origin").table(SimpleNamespace(tasks=(side, place)))


def made_rule_sets() -> str:
    """The table of two rule sets."""
    score = {metric: Score(0.26449, 0.2, 0.3, ()) for metric in ("kappa", "macro_f1")}
    return benchmark("rule_sets").table({"classic": score, "reviewed": score}, {"reviewed": score})


def made_parts() -> str:
    """The table of the author's split over six rows."""
    split = Split("author", np.array([0, 1, 2, 3]), np.array([5]), np.array([4]))
    return benchmark("models").parts_of_author(split, ["train", "train", "gate", "test", "test", "gate"])


def made_scraper(part: str, *found: object) -> str:
    """A table of the scraper's benchmark."""
    return getattr(benchmark("scraper"), f"{part}_table")(*found)


TABLES = {
    "origin": (
        made_origin,
        "| Which side | without music | 0.641 | 0.500 |",
        "|  | Forest | 0.750 (0.700 to 0.800) | - |",
        "|  | Blend | 0.700 (0.600 to 0.800) | 0.550 (0.450 to 0.650) |",
        "| Which side | without music | 4,315 km | cannot be asked |",
        "|  | Blend | 2,539 km (1,917 to 3,334) | - |",
    ),
    "rule-sets": (
        made_rule_sets,
        *(
            f"| {name} | 0.264 (0.200 to 0.300) | 0.264 (0.200 to 0.300) | 0.264 (0.200 to 0.300) |"
            for name in ("Cohen's kappa", "macro F1")
        ),
    ),
    "validation": (
        lambda: benchmark("validation").table([("fma_tracks", 106_574, 52, 0.494)]),
        "| `fma_tracks` | 106,574 | 52 | 0.49 |",
    ),
    "binning": (
        lambda: benchmark("binning").table({"classic": (0.01, 0.1, [0.3, 0.1]), "mine": (0.02, 0.2, [1.8])}),
        "| classic | 0.010 s | 0.10 s | 30 times as long | 10 times as long |",
        "| mine | 0.020 s | 0.20 s | 90 times as long | - |",
    ),
    "growth": (
        lambda: benchmark("growth").table({"report": [2.0, 2.2]}, (1, 10)),
        "| `report` | 1.1 |",
    ),
    "author-split": (
        made_parts,
        "| training | 4 | 50.0% | 25.0% | 25.0% |",
        "| validation | 1 | 0.0% | 0.0% | 100.0% |",
        "| test | 1 | 0.0% | 100.0% | 0.0% |",
    ),
    "scraper-requests": (
        lambda: made_scraper("requests", [("extended", 4.0, 1.0344, 1.05), ("restricted", None, 2.0, None)]),
        "| extended | 4.00 | 1.034 | 1.05 |",
        "| restricted | - | 2.000 | - |",
    ),
    "scraper-rate": (
        lambda: made_scraper("rate", [(1_500, 0.9844, 0.0006, 21_369)]),
        "| 1,500 | 0.984 | 0.06% | 21,369 |",
    ),
    "scraper-memory": (
        lambda: made_scraper("memory", 115 << 20, 121 << 20, 949.4),
        "| 115 MiB | 121 MiB | 6.0 MiB | 949 |",
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_benchmark_prints_its_table(name: str):
    """The cells are the results, under the headings of the table that the page shows."""
    made, *rows = TABLES[name]
    headings, rule, *found = made().splitlines()

    assert found == rows
    assert (PROJECT / "docs" / "numbers" / f"{name}.md").read_text().splitlines()[:2] == [headings, rule]


def test_counts_of_rule_sets():
    """Shares of the tracks, of the rules that match alone and of the answer keys, for each built-in set."""
    genres = pa.chunked_array([[["dance pop", "indie rock"], ["a word that is no genre"]]])
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in benchmark("rule_sets").counts(genres).splitlines()
    ]
    kept = (PROJECT / "docs" / "numbers" / "rule-counts.md").read_text().splitlines()

    assert rows[0] == ["", "classic", "reviewed"]
    assert rows[2] == ["rows with a bin", "50.00%", "50.00%"]
    assert ["micro-genres that no rule matches", "1", "1"] in rows
    assert [line.split("|")[1].strip() for line in kept] == [row[0] for row in rows]
    assert kept[-3:] == [f"| {' | '.join(row)} |" for row in rows[-3:]], "the answer keys need no pulls"


def test_the_slowest_steps_stand_first():
    """And the time between the steps last."""
    table = benchmark("nightly").table({"quick": 1.0, "slow": 1_000.4}, between=28.0)

    assert table.splitlines()[2:] == [
        "| slow | 1,000 |",
        "| quick | 1 |",
        "| everything between the steps | 28 |",
    ]


def test_draws_of_artists_have_a_spread():
    """The first draw stands alone, the others as mean and standard deviation."""
    table = benchmark("models").draws({"Blend": [[0.47, 0.3, 0.02], [0.4, 0.3, 0.01], [0.5, 0.3, 0.03]]})

    assert (
        table.splitlines()[-1]
        == "| Blend | 0.470 | 0.300 | 0.020 | 0.450 (0.071) | 0.300 (0.000) | 0.020 (0.014) |"
    )


def test_promotions_have_standard_errors():
    """A rule that promotes on 10 % of 100 nights is known to 3 %."""
    table = benchmark("promotion").table({"old, artists": 0.1}, nights=100)

    assert table.splitlines()[-1] == "| the same, artists resampled | 10.0% | 3.0% |"
