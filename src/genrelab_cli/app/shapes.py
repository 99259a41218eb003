"""The requests and answers of the API, as its OpenAPI description shows them.

Conventions: a request is checked against its shape; the values of its rows are checked by
`genrelab.serving.description.check_values`, which knows the features of the champion. Answers are described only.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Row = dict[str, Any]
ROW: dict[str, Any] = {"additionalProperties": {"type": "number"}, "type": "object"}
"""How a row is described: the name of every feature, with its value."""

CHAMPION = Field(max_length=200, description="Name of the champion, as GET /api/champions lists it.")
ONE_ROW = Field(description="One value for each feature of the champion.", json_schema_extra=ROW)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PredictRequest(_Request):
    """Rows to predict: `rows`, or one `row`."""

    champion: str = CHAMPION
    rows: list[Row] | None = Field(
        default=None,
        description="Up to 10,000 rows.",
        json_schema_extra={"anyOf": [{"type": "array", "items": ROW}, {"type": "null"}]},
    )
    row: Row | None = Field(
        default=None, description="One row.", json_schema_extra={"anyOf": [ROW, {"type": "null"}]}
    )


class RowRequest(_Request):
    """One row."""

    champion: str = CHAMPION
    row: Row = ONE_ROW


class ExplainRequest(RowRequest):
    """One row, and the genre whose probability is explained; by default the one that is named."""

    genre: str | None = Field(default=None, max_length=200, description="A genre of the champion.")


class BinRequest(_Request):
    """The micro-genres of one track."""

    rules: str = Field(
        default="reviewed", max_length=200, description="Rule set: classic, reviewed or the active one."
    )
    genres: list[str] = Field(
        description="Micro-genres, in the order of the track's list.", max_length=10_000
    )


class Made(BaseModel):
    """By which model, from which tables."""

    api: int = Field(description="Version of the answers.")
    champion: str
    version: int = Field(description="Version of the model.")
    tables: dict[str, str] = Field(description="Versions of the tables that it was trained on.")
    is_sample: bool = Field(description="Trained on made-up sample data: good for trying out only.")
    note: str | None = Field(default=None, description="Why an older version answers, if one does.")


class Prediction(BaseModel):
    """The answer for one row."""

    genre: str
    probability: float
    genres: list[str] | None = Field(default=None, description="All genres, of a champion for several.")
    probabilities: dict[str, float]


class Predictions(Made):
    """One prediction for each row, in their order."""

    predictions: list[Prediction]


class Contribution(BaseModel):
    """By how much the value of one feature changes the probability."""

    feature: str
    value: float
    effect: float


class Explanation(Made):
    """Shapley values: `mean` and all effects add up to `probability`."""

    genre: str
    probability: float
    mean: float
    contributions: list[Contribution]


class Track(BaseModel):
    """A real track."""

    track_id: str | int
    track: str
    artist: str
    genre: str
    distance: float


class Nearest(Made):
    """The real tracks that sound most alike, of `among` that are compared."""

    among: int
    tracks: list[Track]


class Surprise(Made):
    """A real track, chosen at random."""

    track: str
    artist: str
    genre: str
    row: dict[str, float]
    seed: int


class GenreShare(BaseModel):
    """A genre, and its share of the training rows."""

    genre: str
    share: float


class Genres(Made):
    """The genres of a champion."""

    genres: list[GenreShare]


class BinnedGenre(BaseModel):
    """A micro-genre, and the first rule that matches it; null where none does."""

    genre: str
    bin: str | None
    rule: str | None
    pattern: str | None
    reason: str | None


class Binned(BaseModel):
    """The bin of the track, and the rule of each of its micro-genres."""

    api: int
    rules: str
    digest: str
    decision: str
    bin: str | None
    rule: str | None
    deciding_genre: str | None
    genres: list[BinnedGenre]


class Champions(BaseModel):
    """The champions with their features, genres and scores."""

    api: int
    champions: list[dict[str, Any]]
    missing: dict[str, str]


class Problem(BaseModel):
    """What is wrong, what was found, what is allowed, and what to do."""

    what: str
    found: str
    allowed: str
    do: str


class Failure(BaseModel):
    """Every answer of 4xx and 5xx."""

    error: Problem
