"""ASGI wrapper that applies `genrelab.runtime.own_pages` to the servers of Prefect and MLflow."""

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from genrelab.runtime.own_pages import allowed_hosts, why_refused

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

POLICY_VIOLATION = 1008
"""WebSocket close code; a server that has not accepted the connection yet answers it with 403."""


class OwnPagesOnly:
    """An ASGI application that answers programs and its own pages, and refuses every other page with 403.

    Args:
        application: The application that answers allowed requests.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._hosts = allowed_hosts()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        why = why_refused(scope.get("method", "GET"), headers, self._hosts)
        if not why:
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": why})
        else:
            plain = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": HTTPStatus.FORBIDDEN, "headers": plain})
            await send({"type": "http.response.body", "body": f"refused: {why}\n".encode()})
