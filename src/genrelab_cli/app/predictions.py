"""What a champion says about rows, as plain values for an answer."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from genrelab.serving.champion import ServedChampion
from genrelab.serving.description import check_values
from genrelab_cli.app.answers import RequestError
from genrelab_cli.app.champions import Champions


def made_by(served: ServedChampion, champions: Champions) -> dict[str, Any]:
    """Return which version of which champion answers, and the versions of the tables that it was trained on."""
    known = served.description
    note = champions.note(known.name)
    return {
        "champion": known.name,
        "version": known.version,
        "tables": known.tables,
        "is_sample": known.is_sample,
        **({"note": note} if note else {}),
    }


def predict_rows(served: ServedChampion, rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Return the genre, or genres, of each row with all probabilities.

    Args:
        served: The champion.
        rows: One value for each feature of the champion.

    Raises:
        GenrelabError: A value is missing, is no number, or is outside its range.
    """
    if not rows:
        return []
    return [
        {
            "genre": one.genre,
            "probability": one.probability,
            **({} if one.genres is None else {"genres": one.genres}),
            "probabilities": one.probabilities,
        }
        for one in served.answers(check_values(served.description, rows))
    ]


def explanation(served: ServedChampion, row: Mapping[str, object], genre: str | None) -> dict[str, Any]:
    """Return what each feature contributes to the probability of a genre, the largest effect first.

    Args:
        served: The champion.
        row: One value for each of its features.
        genre: The genre; None for the one that the champion names.

    Raises:
        GenrelabError: A value cannot be used, or the champion does not know the genre.
    """
    labels = served.description.labels
    if genre is not None and genre not in labels:
        raise RequestError(
            "the champion does not know this genre",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            found=genre[:100],
            allowed=", ".join(labels),
        )
    values = check_values(served.description, [row])
    proba = served.probabilities(values)[0]
    label = labels.index(genre) if genre is not None else int(proba.argmax())
    effects = served.contributions(values[0], label)
    features = [feature.name for feature in served.description.features]
    shown = sorted(
        zip(features, values[0].tolist(), effects.tolist(), strict=True), key=lambda each: -abs(each[2])
    )
    return {
        "genre": labels[label],
        "probability": float(proba[label]),
        "mean": float(proba[label] - effects.sum()),
        "contributions": [
            {"feature": feature, "value": value, "effect": effect} for feature, value, effect in shown
        ],
    }
