"""What only a person knows of predictions.

The table is computed, so what is critical here names a mistake of the computation and refuses the table.
"""

import great_expectations.expectations as gxe
import pyarrow as pa
import pyarrow.compute as pc

from expectations.facts import is_among, present_in_both
from expectations.human import Human, OfTable, Past, PerRow

CRITICAL, WARNING = "critical", "warning"
FEWEST_GENRES = 3


def _features_with_genre(data: pa.Table) -> pa.Array:
    return pc.cast(pc.equal(data["has_features"], data["genre"].is_valid()), pa.int64())


def _fewest_genres(data: pa.Table, _: Past) -> float | None:
    said = data.select(["model", "genre"]).filter(data["genre"].is_valid())
    if not len(said):
        return None
    genres = said.group_by("model").aggregate([("genre", "count_distinct")])["genre_count_distinct"]
    return float(pc.min(genres).as_py())


HUMAN = (
    Human(
        "genre: there exactly where the features are",
        "a track without features is not guessed at, and one with them is not left out",
        gxe.ExpectColumnValuesToBeBetween(column="features_with_genre", min_value=1, severity=CRITICAL),
        PerRow("features_with_genre", ("has_features", "genre"), _features_with_genre),
    ),
    Human(
        "probability: there exactly where a genre is",
        "a genre without its probability says nothing of how sure the model is",
        gxe.ExpectColumnValuesToBeBetween(column="probability_with_genre", min_value=1, severity=CRITICAL),
        present_in_both("probability", "genre", "probability_with_genre"),
    ),
    Human(
        "probability: at least that of the second genre",
        "the first genre is the most probable one",
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="probability",
            column_B="second_probability",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            severity=CRITICAL,
        ),
    ),
    Human(
        "genre: one of those with a probability",
        "the genre is read off the probabilities; another one comes from a label list in another order",
        gxe.ExpectColumnValuesToBeBetween(column="genre_has_probability", min_value=1, severity=CRITICAL),
        is_among("genre", "probabilities", "genre_has_probability", field="genre"),
    ),
    Human(
        f"genre: at least {FEWEST_GENRES} genres for every model",
        "a model that answers every track with one genre has learned nothing but the majority",
        gxe.ExpectColumnMaxToBeBetween(column="fewest_genres", min_value=FEWEST_GENRES, severity=WARNING),
        OfTable("fewest_genres", ("model", "genre"), _fewest_genres),
    ),
)
