"""What every answer says to the browser: what may run, what may be kept, how much may be sent."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1024 * 1024
# The one place where people send something large; the route itself checks what the picture is.
MAX_BODY_AT = {"/account/picture": 8 * 1024 * 1024}

_INLINE_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$")
_YEAR = "public, max-age=31536000, immutable"
_MONTH = "public, max-age=2592000"
_FRESH = {200, 206, 304}
# Reflex's own upload door is open to everybody; pictures have a route of their own.
_CLOSED = re.compile(r"^/(_upload|auth-codespace|_all_routes)(/|$)")

_ALWAYS = {
    "x-content-type-options": "nosniff",
    # Not "no-referrer": browsers then post forms with "Origin: null", which the sign-in refuses.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_HSTS = "max-age=63072000; includeSubDomains"


def script_hashes(static_dir: Path) -> list[str]:
    """Fingerprints of the scripts that the built pages hold inline, as CSP sources."""
    bodies = {
        match["body"]
        for page in static_dir.rglob("*.html")
        for match in _INLINE_SCRIPT.finditer(page.read_text(encoding="utf-8"))
        if match["body"] and " src=" not in match["attributes"]
    }
    return sorted(f"'sha256-{b64encode(sha256(b.encode()).digest()).decode()}'" for b in bodies)


def content_security_policy(hashes: Iterable[str]) -> str:
    """Only our own files, and only the inline scripts of our own build, may run."""
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self'", *hashes]),
            # React sets style attributes; they cannot be hashed.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        ]
    )


@dataclass(frozen=True)
class SecurityHeaders:
    """The outermost wall around pages, API and socket."""

    app: ASGIApp
    headers: dict[str, str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse closed doors and oversized bodies; dress every other answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(MutableHeaders(scope=message), path, message["status"])
            await send(message)

        if _CLOSED.match(path):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, dressed)
            return
        await _limited(self.app, MAX_BODY_AT.get(path, MAX_BODY))(scope, receive, dressed)

    def _dress(self, headers: MutableHeaders, path: str, status: int) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", _cache_control(path, status, "etag" in headers))


def _cache_control(path: str, status: int, is_file: bool) -> str:  # noqa: FBT001 - three facts
    if status in _FRESH and _HASHED.match(path):
        return _YEAR
    if status in _FRESH and path.startswith("/fonts/"):
        return _MONTH
    # Only files carry an ETag here. What a route made may be about a person: never kept.
    return "no-cache" if is_file else "no-store"


def _limited(app: ASGIApp, limit: int) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        too_large = PlainTextResponse("This is more than can be sent here.", status_code=413)
        if _declared(scope) > limit:
            await too_large(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise _BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, counted, noted)
        except _BodyTooLarge:
            if not started:
                await too_large(scope, receive, send)

    return call


class _BodyTooLarge(Exception):
    """A body without an honest length went past the limit while it was read."""


def _declared(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def security_headers(
    static_dir: Path, *, production: bool, built: bool = True
) -> Callable[[ASGIApp], ASGIApp]:
    """A wrapper for ``rx.App(api_transformer=…)``.

    ``built`` is False under the hot-reloading server, whose scripts change with every keystroke:
    there the content policy is left out.
    """

    def wrap(app: ASGIApp) -> ASGIApp:
        headers = dict(_ALWAYS)
        if built:
            headers["content-security-policy"] = content_security_policy(script_hashes(static_dir))
        if production:
            headers["strict-transport-security"] = _HSTS
        return SecurityHeaders(app, headers)

    return wrap
