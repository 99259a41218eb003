"""What the adjustment to another mix of genres recovers, what it costs, and how often the test is wrong.

    python benchmarks/prior_shift.py HOME [TASK] [--draws N]

HOME holds tables, real or of sample data (`GENRELAB_HOME=HOME genrelab ingest-spotify sample`, then `bin-genres`; for
FMA `ingest-fma`). One quick model is fitted on the training part, calibrated on folds by artist and applied to gate and
test part.

Level: artists of the training part are divided at random into a collection and a reference, by their out-of-fold
probabilities; nothing has moved, so the test should say "moved" as often as its level. Then random halves of the
held-out artists against all training artists, which also contains what the fit and chance did to this held-out part.

Gain: held-out artists are drawn with replacement so that the commonest genre gets another share; the ranges hold 95 %
of the draws. An artist counts for the genre of most of their tracks.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from xgboost import XGBClassifier

from genrelab.evaluation.other_collections import Tracks, find_mixes
from genrelab.evaluation.prior_shift import LEVEL, adjusted, chance_of_shift
from genrelab.evaluation.sampling import artist_numbers
from genrelab.lake.lake import Lake
from genrelab.models.calibration import Calibration, calibrated, losses
from genrelab.models.data import TaskData, make_splits, prepare, variant_rows
from genrelab.models.declaration import Model
from genrelab.models.estimation import fit_known
from genrelab.models.kinds import ONE_LABEL
from genrelab.models.out_of_fold import out_of_fold, training_rows
from genrelab.models.tasks import TASKS
from genrelab.runtime.home import Home

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SEED = 24
SIZES = (30, 100, 300, 1_000)
SHARES = (0.2, 0.35, 0.56, 0.75)
ARTISTS = 900
"""As many as the foreign pull has that was the reason for all this."""


@dataclass(frozen=True)
class Quick:
    """Settings of a training on one core."""

    seed: int = SEED
    cores: int = 1
    budget: str = "nightly"


@dataclass(frozen=True)
class Predictions:
    """Published probabilities of some rows with their truth, artist and number of the artist."""

    proba: FloatArray
    truth: IntArray
    artists: IntArray

    def of_artists(self, chosen: IntArray) -> tuple["Predictions", IntArray]:
        """Rows of some artists; one who is chosen twice is two. Also the positions of these rows."""
        order = np.argsort(self.artists, kind="stable")
        ends = np.searchsorted(self.artists[order], np.arange(self.artists.max() + 2))
        rows = [order[ends[one] : ends[one + 1]] for one in chosen]
        numbers = np.repeat(np.arange(len(chosen)), [len(one) for one in rows])
        at = np.concatenate(rows)
        return Predictions(self.proba[at], self.truth[at], numbers), at


def _quick_boosting(seed: int, cores: int, _budget: str) -> XGBClassifier:
    return XGBClassifier(
        n_estimators=120, max_depth=5, learning_rate=0.1, min_child_weight=10, n_jobs=cores, random_state=seed
    )


MODEL = Model(
    "quick_boosting", "Boosted trees", "Quick, and nearly as good as the best.", _quick_boosting, ()
)


def predicted(home: Path, name: str) -> tuple[Predictions, Predictions, Calibration, TaskData]:
    """Training part, out of fold, and gate and test part, both by published probabilities."""
    task, settings = TASKS[name], Quick()
    lake = Lake(Home(home))
    data = prepare(task, {table: lake.read(table, list(columns)) for table, columns in task.columns.items()})
    rows = training_rows(task, data, SEED)
    splits = make_splits(task, data, variant_rows(data, task.duplicates[-1]), SEED)
    parts = {split.name: split for split in splits}
    held = variant_rows(data, task.duplicates[-1])[
        np.concatenate([parts[task.gate].test, parts[task.shown].test])
    ]
    groups = data.columns[task.group].to_numpy(dtype=object)
    own = out_of_fold(MODEL, task, data, rows, settings)
    calibration = ONE_LABEL.on_folds(own, data.target[rows], data.labels, groups[rows], 0).published_by
    _, (of_held,) = fit_known(MODEL, task, data, rows, [held], settings, {}, {})
    codes = np.searchsorted(np.asarray(data.labels), data.target)

    def made(proba: FloatArray, at: IntArray) -> Predictions:
        return Predictions(calibrated(proba, calibration), codes[at], artist_numbers(groups[at]))

    return made(own, rows), made(of_held, held), calibration, data


def means_by_artist(found: Predictions) -> FloatArray:
    """Mean probabilities of each artist."""
    sums = np.zeros((found.artists.max() + 1, found.proba.shape[1]))
    np.add.at(sums, found.artists, found.proba)
    return sums / np.bincount(found.artists)[:, None]


def level(train: Predictions, held: Predictions, draws: int) -> Iterator[str]:
    """How often the test says "moved" when nothing has."""
    generator = np.random.default_rng(SEED)
    means = means_by_artist(train)
    everyone = np.arange(len(means))
    for size in SIZES:
        if 2 * size > len(means):
            continue
        found = []
        for seed in range(draws):
            generator.shuffle(everyone)
            own, reference = means[everyone[:size]], means[everyone[size:]]
            found.append(chance_of_shift(own, np.arange(size), reference.mean(axis=0), len(reference), seed))
        yield _rate(f"{size:,} training artists against the others", found)
    halves, of_held = [], means_by_artist(held)
    half = len(of_held) // 2
    for seed in range(draws // 2):
        own = of_held[generator.permutation(len(of_held))[:half]]
        halves.append(chance_of_shift(own, np.arange(half), means.mean(axis=0), len(means), seed))
    yield _rate(f"{half:,} held-out artists, random halves", halves)


def _rate(name: str, found: list[float | None]) -> str:
    moved = np.mean([one is not None and one <= LEVEL for one in found])
    error = np.sqrt(moved * (1 - moved) / len(found))
    return f"| {name} | {len(found):,} | {moved:.3f} | {error:.3f} |"


def gains(held: Predictions, calibration: Calibration, labels: tuple[str, ...], draws: int) -> Iterator[str]:
    """Accuracy and log loss of collections of another mix, as they are published and under the estimated mix."""
    generator = np.random.default_rng(SEED)
    counts = np.zeros((held.artists.max() + 1, len(labels)))
    np.add.at(counts, (held.artists, held.truth), 1)
    main = counts.argmax(axis=1)
    common = int(np.bincount(held.truth).argmax())
    as_is = float(np.mean(main == common))
    size = min(ARTISTS, len(main) // 2)
    for share in sorted({*SHARES, round(as_is, 3)}):
        chances = np.where(
            main == common, share / (main == common).sum(), (1 - share) / (main != common).sum()
        )
        rows = [
            _measured(
                held.of_artists(generator.choice(len(main), size=size, p=chances))[0],
                calibration,
                labels,
                common,
            )
            for _ in range(draws)
        ]
        cells = np.array(rows)
        middle = cells.mean(axis=0)
        low, high = np.percentile(cells, [2.5, 97.5], axis=0)
        drawn = f"{middle[0]:.3f}{', as held out' if share == round(as_is, 3) else ''}"
        yield (
            f"| {drawn} | {middle[1]:.3f} ({low[1]:.3f} to {high[1]:.3f}) | {middle[2]:.2f} | "
            + " | ".join(
                f"{middle[at]:.3f} | {middle[at + 1]:+.3f} ({low[at + 1]:+.3f} to {high[at + 1]:+.3f})"
                for at in (3, 5)
            )
            + f" | {middle[7]:+.3f} | {middle[8]:+.3f} |"
        )


def _measured(
    own: Predictions, calibration: Calibration, labels: tuple[str, ...], common: int
) -> tuple[float, ...]:
    """True and estimated share, whether moved, scores and their gain if always adjusted, gains of what is published."""
    many = len(own.truth)
    tracks = Tracks(
        sources=np.array(["held out"] * many, dtype=object),
        artists=own.artists,
        tracks=np.arange(many, dtype=np.uint64),
        has_label=np.ones(many, dtype=bool),
        was_fitted_on=np.zeros(many, dtype=bool),
    )
    (mix,), _ = find_mixes("benchmark", own.proba, tracks, labels, calibration)
    expected = np.array([calibration.priors[label] for label in labels])
    here = {one.genre: one.here for one in mix.shares}
    shares = np.array([here[label] for label in labels])
    under_mix = adjusted(
        own.proba, np.divide(shares, expected, out=np.zeros_like(shares), where=expected > 0)
    )
    before, after = ((one.argmax(axis=1) == own.truth).mean() for one in (own.proba, under_mix))
    loss_before, loss_after = (losses(one, own.truth).mean() for one in (own.proba, under_mix))
    return (
        float(np.mean(own.truth == common)),
        here[labels[common]],
        float(mix.has_moved),
        before,
        after - before,
        loss_before,
        loss_after - loss_before,
        (after - before) * mix.has_moved,
        (loss_after - loss_before) * mix.has_moved,
    )


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("task", nargs="?", default="spotify-bins-classic", choices=sorted(TASKS))
    parser.add_argument("--draws", type=int, default=100)
    given = parser.parse_args()
    train, held, calibration, data = predicted(given.home, given.task)
    common = data.labels[int(np.bincount(held.truth).argmax())]
    print(
        f"{given.task}: {len(train.truth):,} training rows, {len(held.truth):,} held-out rows",
        file=sys.stderr,
    )
    print(f"nothing moved: draws, said to have moved (nominal {LEVEL}), standard error", file=sys.stderr)
    for line in level(train, held, given.draws * 3):
        print(line, file=sys.stderr, flush=True)
    size = min(ARTISTS, len(np.unique(held.artists)) // 2)
    lines = list(gains(held, calibration, data.labels, given.draws))
    heads = ("estimated", "said to have moved", "accuracy", "if adjusted", "log loss", "if adjusted")
    print(
        f"| {size} artists, {common} drawn | {common} {' | '.join(heads)} | accuracy gained | log loss gained |"
    )
    print("| --- " * 9 + "|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
