"""How often the gate promotes a challenger that is no better than the champion: nominal 2.5 %.

    python benchmarks/promotion.py [fma | spotify | made] [--nights 1000]

Every night the champion and all candidates are made exchangeable: for each artist of the gate, the probabilities of the
fitted models are dealt out anew among them, so that none is better than another and tracks of an artist stay alike.
Then the rules decide:

    old                   highest macro F1 on the gate challenges; macro F1 better, log loss not worse, rows resampled
    old, artists          the same, artists resampled
    folds, bootstrap      one candidate, chosen without the gate; log loss better by the bootstrap over artists
    folds, sign flips     the same by the sign-flip test: the rule in use

`fma` and `spotify` fit the candidates of a quick training on the tables of the home (`GENRELAB_HOME`); `made` draws
probabilities for as many artists as the FMA's gate has, one of them with a tenth of the tracks. Seconds to minutes.
Prints a Markdown table.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genrelab.evaluation.sampling import artist_numbers
from genrelab.evaluation.scores import compare, count, macro_f1
from genrelab.lake.lake import Lake
from genrelab.models.candidates import CandidateFolds
from genrelab.models.data import make_splits, prepare, variant_rows
from genrelab.models.estimation import Known, fit_blend, fit_known
from genrelab.models.kinds import ONE_LABEL
from genrelab.models.tasks import FMA_TOP_GENRE, SPOTIFY_BINS_CLASSIC
from genrelab.models.zoo import models_for
from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.numbers import markdown

FloatArray = npt.NDArray[np.float64]
TASKS = {"fma": FMA_TOP_GENRE, "spotify": SPOTIFY_BINS_CLASSIC}
LEFT_OUT = {"spotify": {"mlp"}, "fma": set[str]()}
"""A network takes minutes on 21,609 rows and is one candidate of many."""

NIGHTLY_MODELS = "nightly"
ALIKE = 0.8
"""Share of the made tracks that have the genre of their artist."""


@dataclass(frozen=True)
class Settings:
    """Small models: the rate does not depend on how good they are."""

    seed: int = 24
    cores: int = 2
    budget: str = "quick"


@dataclass(frozen=True)
class Gate:
    """Published probabilities of every candidate on the gate, shape (candidates, rows, labels)."""

    truth: npt.NDArray[np.str_]
    artists: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    proba: FloatArray


def fitted_gate(name: str) -> Gate:
    """The candidates of a task, fitted on the tables of the home."""
    task, settings, lake = TASKS[name], Settings(), Lake(Home.find())
    data = prepare(task, {table: lake.read(table, list(columns)) for table, columns in task.columns.items()})
    rows = variant_rows(data, task.duplicates[-1])
    gate = next(one for one in make_splits(task, data, rows, settings.seed) if one.name == task.gate)
    train, judged = rows[gate.train], rows[gate.test]
    folds, known, found = CandidateFolds(task, data, settings), Known(), []
    for model in models_for(task.family, NIGHTLY_MODELS):
        if model.name in LEFT_OUT[name] or (on_folds := folds.judge(model, {})) is None:
            continue
        fit = fit_blend if model.recipe else fit_known
        proba = fit(model, task, data, train, [judged], settings, {}, known)[1][0]
        found.append(ONE_LABEL.publish(proba, on_folds.published_by))
        print(f"{model.label} fitted", file=sys.stderr)
    artists = artist_numbers(data.columns[task.group].to_numpy()[judged])
    return Gate(data.target[judged], artists, data.labels, np.stack(found))


def made_gate(candidates: int = 8, artists: int = 170, rows: int = 850) -> Gate:
    """Made candidates: one artist has a tenth of the tracks, and an artist's tracks are alike for every model."""
    generator = np.random.default_rng(24)
    labels = tuple("abcdefgh")
    shares = generator.exponential(size=artists)
    shares[0] = shares[1:].sum() / 9
    of_row = np.sort(generator.choice(artists, rows, p=shares / shares.sum()))
    shares_of_genres = np.geomspace(1, 0.03, len(labels))
    genre = generator.choice(len(labels), artists, p=shares_of_genres / shares_of_genres.sum())
    truth = np.where(
        generator.random(rows) < ALIKE, genre[of_row], generator.integers(len(labels), size=rows)
    )
    logits = np.eye(len(labels))[truth] * 1.5 + generator.normal(size=(artists, len(labels)))[of_row]
    noise = 0.5 * generator.normal(size=(candidates, artists, len(labels)))[:, of_row]
    raised = np.exp(logits + noise)
    proba = raised / raised.sum(axis=2, keepdims=True)
    return Gate(np.asarray(labels)[truth], artist_numbers(of_row), labels, proba)


def promotions(gate: Gate, night: int) -> dict[str, bool]:
    """Which rules promote on a night on which all models are exchangeable."""
    generator = np.random.default_rng(night)
    count_of_models, rows = gate.proba.shape[:2]
    dealt = generator.permuted(np.tile(np.arange(count_of_models), (gate.artists.max() + 1, 1)), axis=1)[
        gate.artists
    ]
    champion, *candidates = (gate.proba[dealt[:, role], np.arange(rows)] for role in range(count_of_models))
    best = max(candidates, key=lambda one: float(macro_f1(count(gate.truth, one, gate.labels))))
    found = {}
    for rule, groups in (("old", np.arange(rows)), ("old, artists", gate.artists)):
        numbers = compare(gate.truth, best, champion, gate.labels, night, groups=groups)
        found[rule] = numbers["macro_f1"].is_positive and not numbers["log_loss"].is_positive
    bootstrap = compare(gate.truth, candidates[0], champion, gate.labels, night, groups=gate.artists)
    found["folds, bootstrap"] = bootstrap["log_loss"].is_negative
    flips = ONE_LABEL.compare(
        gate.truth, candidates[0], champion, gate.labels, groups=gate.artists, seed=night
    )
    found["folds, sign flips"] = flips["log_loss"].is_negative
    return found


RULES = {
    "old": "before: highest macro F1 on the gate challenges, rows resampled",
    "old, artists": "the same, artists resampled",
    "folds, bootstrap": "one candidate from the folds, log loss, artists resampled",
    "folds, sign flips": "**one candidate from the folds, log loss, signs of artists flipped**",
}


def table(shares: Mapping[str, float], nights: int) -> str:
    """The Markdown table: how often each rule promotes, with the standard error of that share."""
    return markdown(
        ("rule", "promotes", "standard error"),
        [
            (RULES[rule], f"{share:.1%}", f"{np.sqrt(share * (1 - share) / nights):.1%}")
            for rule, share in shares.items()
        ],
    )


def main() -> None:
    """Simulate nights and print how often each rule promotes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="?", choices=("fma", "spotify", "made"), default="made")
    parser.add_argument("--nights", type=int, default=1_000)
    asked = parser.parse_args()
    try:
        gate = made_gate() if asked.what == "made" else fitted_gate(asked.what)
    except GenrelabError as error:
        sys.exit(str(error))
    sizes = np.bincount(gate.artists)
    print(
        f"{asked.what}: {len(gate.truth):,} tracks of {len(sizes):,} artists, the largest has {sizes.max()};"
        f" {len(gate.proba)} exchangeable models, {asked.nights:,} nights",
        file=sys.stderr,
    )
    nights = [promotions(gate, night) for night in range(asked.nights)]
    print(table({rule: float(np.mean([one[rule] for one in nights])) for rule in nights[0]}, asked.nights))


if __name__ == "__main__":
    main()
