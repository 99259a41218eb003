"""The application: the API, its description, and the page; with a token where it needs one.

Conventions: an error of a request is answered as `answers.refusal` writes it, whatever raised it. An unexpected error
is logged, and its answer says only that. Other web pages are refused, see docs/decisions/0023-own-pages.md.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus

import anyio.to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab_cli.app.answers import RequestError, refusal
from genrelab_cli.app.champions import Champions
from genrelab_cli.app.documentation import documentation
from genrelab_cli.app.listening import add_listening
from genrelab_cli.app.page import add_page
from genrelab_cli.app.routes import PREDICT, make_predict, make_router
from genrelab_cli.app.token import TokenRequired
from genrelab_cli.app.work import Work
from genrelab_cli.servers.own_pages import OwnPagesOnly

REFRESH_SECONDS = 1.0
DESCRIPTION = "The champions of genrelab: the genre of a track from its audio features, and why."


def make_application(home: Home, token: str = "", champions: Champions | None = None) -> FastAPI:
    """Return the application of one home.

    Args:
        home: The home whose champions answer.
        token: What each request must carry; empty if none is required.
        champions: Its champions; None to read them from the home.
    """
    champions = Champions(home) if champions is None else champions

    @contextlib.asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(champions))
        yield
        watching.cancel()

    application = FastAPI(
        title="genrelab",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=running,
    )
    work = Work(champions)
    application.router.routes.insert(0, Route(PREDICT, make_predict(work), methods=["POST"]))
    application.include_router(make_router(work))
    add_listening(application, home, champions)

    @application.get("/docs", include_in_schema=False)
    async def describe_api() -> HTMLResponse:
        return HTMLResponse(documentation(application.openapi()))

    add_page(application, work)
    _answer_errors(application)
    if token:
        application.add_middleware(TokenRequired, token=token)
    application.add_middleware(OwnPagesOnly)
    return application


async def _watch(champions: Champions) -> None:
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        await anyio.to_thread.run_sync(champions.refresh)


def _answer_errors(application: FastAPI) -> None:
    @application.exception_handler(GenrelabError)
    async def of_ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, GenrelabError)  # noqa: S101 - Starlette calls it with no other
        return refusal(error)

    @application.exception_handler(HTTPException)
    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        what = HTTPStatus(error.status_code).phrase.lower()
        found = f"{request.method[:20]} {request.url.path[:200]}"
        return refusal(
            RequestError(what, found=found, do="see /docs for every address"),
            error.status_code,
            error.headers,
        )

    @application.exception_handler(RequestValidationError)
    async def of_parameters(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"][1:])
        return refusal(
            RequestError(f"the parameter {where} cannot be used", found=first["msg"], do="see /docs"),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        )

    @application.exception_handler(ClientDisconnect)
    async def of_nobody(_: Request, __: Exception) -> Response:
        return Response(status_code=HTTPStatus.BAD_REQUEST)

    @application.exception_handler(Exception)
    async def of_nobody_expected(_: Request, __: Exception) -> Response:
        error = GenrelabError("the server failed with an unexpected error", do="read its log")
        return refusal(error, HTTPStatus.INTERNAL_SERVER_ERROR)
