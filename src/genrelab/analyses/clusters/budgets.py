"""How much work a comparison of clusters may be, by the name of the budget."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """How much work a comparison may be.

    Args:
        ks: Numbers of clusters to judge.
        references: Reference sets of the gap statistic.
        shuffles: Shuffled tables that stand for chance.
        runs: How often each clustering is made again.
        history_ks: Numbers of clusters whose cost is followed.
        history_starts: Starts of each.
        points: Tracks on the map.
    """

    ks: tuple[int, ...] = tuple(range(2, 31))
    references: int = 10
    shuffles: int = 200
    runs: int = 8
    history_ks: tuple[int, ...] = (3, 6, 12, 24)
    history_starts: int = 5
    points: int = 1_200


BUDGETS = {
    "quick": Budget(tuple(range(2, 13)), 3, 50, 3, (3, 6, 12), 3, 800),
    "nightly": Budget(),
    "thorough": Budget(references=20, shuffles=1_000, runs=20, history_starts=10),
}
