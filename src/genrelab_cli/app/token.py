"""ASGI wrapper that answers only requests with the token of this server.

Programs send `Authorization: Bearer TOKEN`; a browser asks for a password and sends the token as that, with any user
name. The comparison takes the same time for every wrong token. The token is never logged.
"""

import base64
import binascii
import hmac
from http import HTTPStatus

from genrelab_cli.app.answers import RequestError, refusal
from genrelab_cli.servers.own_pages import Application, Message, Receive, Send

ASK = {"WWW-Authenticate": 'Basic realm="genrelab: any name, the token as password", charset="UTF-8"'}


class TokenRequired:
    """An ASGI application that refuses requests without the token with 401.

    Args:
        application: The application that answers allowed requests.
        token: The token.
    """

    def __init__(self, application: Application, token: str) -> None:
        self._application, self._token = application, token.encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan" or hmac.compare_digest(_sent(scope), self._token):
            await self._application(scope, receive, send)
            return
        error = RequestError(
            "this server requires its token",
            found="a request without it, or with another one",
            do="send the header `Authorization: Bearer TOKEN` with the token that `genrelab app` printed",
        )
        await refusal(error, HTTPStatus.UNAUTHORIZED, ASK)(scope, receive, send)


def _sent(scope: Message) -> bytes:
    """The token that a request carries; empty if it carries none."""
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    scheme, _, value = values[0].partition(b" ") if len(values) == 1 else (b"", b"", b"")
    if scheme.lower() == b"bearer":
        return bytes(value.strip())
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except binascii.Error:
            return b""
    return b""
