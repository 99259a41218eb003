"""Answers in JSON: results, and errors that say what is wrong, what was found, what is allowed and what to do.

Conventions: an error is `{"error": {"what", "found", "allowed", "do"}}` with a status of 4xx; 503 says that there is no
champion yet or that the server is busy. No answer holds a traceback.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from genrelab.runtime.errors import GenrelabError

API = 1
"""Version of the answers; it rises when a field changes its meaning or disappears."""

LONGEST_TEXT = 300
"""Characters of what was found that an error repeats."""


class RequestError(GenrelabError):
    """A request that is not answered with a result.

    Args:
        what: What is wrong.
        status: The HTTP status.
        found: What was found.
        allowed: What is allowed.
        do: The next step.
    """

    def __init__(
        self,
        what: str,
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
        *,
        found: str = "",
        allowed: str = "",
        do: str = "",
    ) -> None:
        super().__init__(what, found=found, allowed=allowed, do=do)
        self.status = status


def result(content: Mapping[str, Any]) -> Response:
    """Return a result, with the version of the API as its first field."""
    return Response(to_json({"api": API, **content}), media_type="application/json")


def refusal(
    error: GenrelabError, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an error: with its own status, with `status`, or as values that cannot be used (422)."""
    if status is None:
        status = error.status if isinstance(error, RequestError) else HTTPStatus.UNPROCESSABLE_ENTITY
    fields = {
        name: _shown(text) for name, text in vars(error).items() if name in {"what", "found", "allowed", "do"}
    }
    content = to_json({"error": fields})
    return Response(content, status, headers=headers, media_type="application/json")


def _shown(text: str) -> str:
    """Return a text that can be sent, without lone surrogates and not much longer than a list of names."""
    text = text if len(text) <= 4 * LONGEST_TEXT else f"{text[: 4 * LONGEST_TEXT]}…"
    return text.encode(errors="replace").decode()
