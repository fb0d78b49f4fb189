"""What every answer says to the browser: what may run, and what may be kept."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from medibook.http.body_limit import limit_body
from medibook.http.policy import Policies

_HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$")
_YEAR = "public, max-age=31536000, immutable"
_MONTH = "public, max-age=2592000"
_FRESH = {200, 206, 304}
# Doors that Reflex opens to everybody; pictures have a route of their own.
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


@dataclass(frozen=True)
class SecurityHeaders:
    """The outermost wall around pages and API."""

    app: ASGIApp
    headers: dict[str, str]
    policies: Policies | None

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
        else:
            await limit_body(self.app, scope, receive, dressed)

    def _dress(self, headers: MutableHeaders, path: str, status: int) -> None:
        if "location" in headers:
            headers["location"] = _on_this_site(headers["location"])
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        if self.policies:
            is_page = headers.get("content-type", "").startswith("text/html")
            policy = self.policies.at(path, status=status, is_page=is_page)
            headers.setdefault("content-security-policy", policy)
        headers.setdefault("cache-control", _cache_control(headers, path, status))


def _on_this_site(location: str) -> str:
    """Where an answer leads, as a path: we send nobody to other sites.

    Starlette makes whole addresses for pages without their last slash, from the Host header, which
    the asker has written.
    """
    try:
        parts = urlsplit(location)
    except ValueError:  # a Host that is none
        return "/"
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _cache_control(headers: MutableHeaders, path: str, status: int) -> str:
    if status in _FRESH and _HASHED.match(path):
        return _YEAR
    if status in _FRESH and path.startswith("/fonts/"):
        return _MONTH
    # Only files carry an ETag here. What a route made may be about a person: never kept.
    return "no-cache" if "etag" in headers else "no-store"


def security_headers(
    static_dir: Path, *, production: bool, built: bool = True
) -> Callable[[ASGIApp], ASGIApp]:
    """Make the wrapper that ``rx.App(api_transformer=…)`` puts around everything.

    ``built`` is False under a hot-reloading server, whose scripts change with every keystroke:
    there the content policy is left out.
    """

    def wrap(app: ASGIApp) -> ASGIApp:
        headers = {**_ALWAYS, "strict-transport-security": _HSTS} if production else _ALWAYS
        return SecurityHeaders(app, headers, Policies.of(static_dir) if built else None)

    return wrap
