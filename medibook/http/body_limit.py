"""How much one request may send: enough for a form and a picture, not enough to fill the disk."""

import contextlib

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1024 * 1024
# The one place where people send something large; the route itself checks what the picture is.
MAX_BODY_AT = {"/account/picture": 8 * 1024 * 1024}

_TOO_LARGE = PlainTextResponse("This is more than can be sent here.", status_code=413)


async def limit_body(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Call ``app``, but answer 413 as soon as the request turns out to be too large."""
    limit = MAX_BODY_AT.get(scope["path"], MAX_BODY)
    if _declared(scope) > limit:
        await _TOO_LARGE(scope, receive, send)
        return
    body = _Counted(receive, send, limit)
    with contextlib.suppress(_BodyTooLargeError):
        await app(scope, body.receive, body.send)
    if body.is_over and not body.answered:
        await _TOO_LARGE(scope, receive, send)


def _declared(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


class _BodyTooLargeError(Exception):
    """A body without an honest length went past the limit while it was read."""


class _Counted:
    """A request that is counted while it is read."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive, self._send, self._left = receive, send, limit
        self.answered = False

    @property
    def is_over(self) -> bool:
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.is_over:
            raise _BodyTooLargeError
        return message

    async def send(self, message: Message) -> None:
        # Whatever the application makes of its broken-off reading (it says 400 or 500), our answer
        # is the better one; only what it had begun before stays.
        if self.is_over and not self.answered:
            return
        self.answered = True
        await self._send(message)
