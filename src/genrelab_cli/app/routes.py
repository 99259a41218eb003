"""The addresses of the API under /api.

Conventions: `shapes` holds requests and answers. Work on at most `FEW_ROWS` rows is done at once, more in a thread,
so that the server keeps answering. What a champion computes does not belong here, see `genrelab.serving`.
"""

import dataclasses
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

import numpy as np
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError

from genrelab.serving.champion import ServedChampion
from genrelab.serving.description import check_values
from genrelab_cli.app import shapes
from genrelab_cli.app.answers import RequestError, result
from genrelab_cli.app.binning import bin_of
from genrelab_cli.app.bodies import CSV, parse_csv, parse_json, read_body, require_rows
from genrelab_cli.app.predictions import explanation, made_by, predict_rows
from genrelab_cli.app.work import Work

PREDICT = "/api/predict"
FEW_ROWS = 10
Shape = TypeVar("Shape", bound=BaseModel)


def make_router(work: Work) -> APIRouter:
    """Return the routes of the API.

    Args:
        work: The champions, and the threads of all routes.
    """
    router = APIRouter(prefix="/api", responses={"4XX": {"model": shapes.Failure}})
    _add_lists(router, work)
    _add_rows(router, work)
    _add_bins(router, work)
    return router


def make_predict(work: Work) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers `POST /api/predict`, without FastAPI, which takes as long as a champion.

    Args:
        work: The champions, and the threads of all routes.
    """

    async def predict(request: Request) -> Response:
        body = await read_body(request)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == CSV:
            champion = request.query_params.get("champion")
            if champion is None:
                raise RequestError(
                    "the champion is missing", do="name it in the address: /api/predict?champion=NAME"
                )
            asked = shapes.PredictRequest.model_construct(champion=champion[:200], rows=parse_csv(body))
        else:
            asked = _checked(shapes.PredictRequest, body)
        if (asked.rows is None) == (asked.row is None):
            raise RequestError(
                "the request needs either `rows` or `row`",
                HTTPStatus.UNPROCESSABLE_ENTITY,
                found="neither" if asked.rows is None else "both",
                do="send a list of rows, or one row",
            )
        rows = [asked.row] if asked.row is not None else asked.rows or []
        require_rows(len(rows))
        served = await work.champion(asked.champion)

        def answered() -> Response:
            return result({**made_by(served, work.champions), "predictions": predict_rows(served, rows)})

        return answered() if len(rows) <= FEW_ROWS else await work.in_thread(answered)

    return predict


def _add_lists(router: APIRouter, work: Work) -> None:
    @router.get("/champions", summary="List the champions", response_model=shapes.Champions)
    async def list_champions() -> Response:
        """Each with its features, their ranges, its genres, how often it is right, and what it was trained on."""
        found, missing = await work.in_thread(work.champions.described)
        return result({"champions": [dataclasses.asdict(each) for each in found], "missing": missing})

    @router.get("/genres", summary="List the genres of a champion", response_model=shapes.Genres)
    async def list_genres(champion: str) -> Response:
        """Each with its share of the training rows, which is what a guess without listening would answer."""
        found = await work.champion(champion)
        pairs = zip(found.description.labels, found.description.shares, strict=True)
        return result(
            {
                **made_by(found, work.champions),
                "genres": [{"genre": genre, "share": share} for genre, share in pairs],
            }
        )

    @router.get("/surprise", summary="Return a random real track", response_model=shapes.Surprise)
    async def surprise(champion: str, seed: str = "") -> Response:
        """With its features, ready for /api/predict; the same seed returns the same track."""
        if seed and not (seed.isascii() and seed.isdecimal() and len(seed) <= 18):  # noqa: PLR2004 - digits of int64
            raise RequestError(
                "the seed is not a number", found=seed[:100], allowed="0 to 999,999,999,999,999,999"
            )
        chosen = int(seed) if seed else secrets.randbelow(1 << 31)
        served = await work.champion(champion)
        track, row = await work.in_thread(served.any_track, chosen)
        named = {"track": track.track, "artist": track.artist, "genre": track.genre}
        return result({**made_by(served, work.champions), **named, "row": row, "seed": chosen})


def _add_rows(router: APIRouter, work: Work) -> None:
    predict = make_predict(work)

    @router.post(
        "/predict",
        summary="Predict the genre of one or many rows",
        response_model=shapes.Predictions,
        openapi_extra=_body(
            shapes.PredictRequest,
            {CSV: {"schema": {"type": "string"}, "example": "energy,valence,tempo\n0.7,0.4,120\n"}},
        ),
    )
    async def describe_predict(request: Request, champion: str | None = None) -> Response:  # noqa: ARG001 - for OpenAPI
        """JSON, or CSV with one column for each feature; CSV names the champion in the address."""
        return await predict(request)

    @router.post(
        "/explain",
        summary="Explain the probability of a genre",
        response_model=shapes.Explanation,
        openapi_extra=_body(shapes.ExplainRequest),
    )
    async def explain(request: Request) -> Response:
        """By Shapley values: how much each feature raises or lowers the probability from its mean over the rows."""
        asked = _checked(shapes.ExplainRequest, await read_body(request))
        served = await work.champion(asked.champion)
        return result(
            {
                **made_by(served, work.champions),
                **await work.in_thread(explanation, served, asked.row, asked.genre),
            }
        )

    @router.post(
        "/nearest",
        summary="Find the real tracks that sound most alike",
        response_model=shapes.Nearest,
        openapi_extra=_body(shapes.RowRequest),
    )
    async def nearest(request: Request) -> Response:
        """By the distance of standardised features."""
        asked = _checked(shapes.RowRequest, await read_body(request))
        served = await work.champion(asked.champion)
        tracks = await work.in_thread(lambda: served.nearest(_one(served, asked.row)))
        return result(
            {
                **made_by(served, work.champions),
                "among": served.known_tracks,
                "tracks": [dataclasses.asdict(track) for track in tracks],
            }
        )


def _add_bins(router: APIRouter, work: Work) -> None:
    @router.post(
        "/bin",
        summary="Bin micro-genres",
        response_model=shapes.Binned,
        openapi_extra=_body(shapes.BinRequest),
    )
    async def bin_genres(request: Request) -> Response:
        """The target genre of a track by the rules, with the rule that decides each micro-genre, and its reason."""
        asked = _checked(shapes.BinRequest, await read_body(request))
        return result(await work.in_thread(bin_of, asked.genres, asked.rules))


def _one(served: ServedChampion, row: dict[str, Any]) -> "np.ndarray[Any, np.dtype[np.float64]]":
    values: np.ndarray[Any, np.dtype[np.float64]] = check_values(served.description, [row])[0]
    return values


def _checked(shape: type[Shape], body: bytes) -> Shape:
    """Return a body in JSON as its shape.

    Raises:
        RequestError: It is not JSON (400), or has another shape (422).
    """
    try:
        return shape.model_validate(parse_json(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(each) for each in first["loc"])[:200]
        raise RequestError(
            f"the request has another shape: {where or 'the body'}",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            found=f"{first['msg']}: {str(first['input'])[:100]}",
            allowed=f"an object with {', '.join(shape.model_fields)}",
            do="see /docs for an example",
        ) from None


def _body(shape: type[BaseModel], others: dict[str, Any] | None = None) -> dict[str, Any]:
    """The description of a body that we read ourselves."""
    content = {"application/json": {"schema": shape.model_json_schema()}, **(others or {})}
    return {"requestBody": {"required": True, "content": content}}
