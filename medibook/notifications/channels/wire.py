"""One request to a provider: bounded in time and size, and honest about what may have arrived.

The providers' libraries follow redirects (with the key in the header), take proxies from the
environment, and wait for ever on an answer that comes byte by byte. Their requests leave through
here instead. What was not wholly sent has surely not been understood: it may be sent again. Once
everything is sent, only a whole answer tells what became of it.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from urllib.parse import urlsplit

from medibook.notifications.channels.shape import ChannelError, is_too_late, too_late
from medibook.notifications.schemas import Outgoing

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
LOOK_SECONDS = 4.0
_MOST_BYTES = 256 * 1024
_MOST_PATIENCE = timedelta(days=1)
_MULTIPLE_CHOICES = 300
_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_FORBIDDEN = 403
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_TOO_MANY = 429
_SERVER_ERROR = 500
_GATEWAY_TIMEOUT = 504
# Not the message is at fault but what the operator has set: it may leave once that is mended.
_SETTINGS = {_UNAUTHORIZED: "refuses the key", _FORBIDDEN: "forbids it", _NOT_FOUND: "not found"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds until a provider must have answered the telephone, and have said everything.

    ``call_before``, by the running clock: from then on somebody else looks after the message.
    """

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    call_before: float | None = None

    def of(self, message: Outgoing) -> "Limits":
        """The limits within which this message may be sent."""
        return replace(self, call_before=message.call_before)

    def to_look_up(self) -> "Limits":
        """The limits within which a record is asked: other messages wait behind it."""
        return replace(
            self, connect=min(self.connect, LOOK_SECONDS), read=min(self.read, LOOK_SECONDS)
        )


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider has answered; ``is_whole`` is False when the line broke within the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def retry_after(self) -> timedelta | None:
        """How much patience the provider asks for; reckoned from its own clock, not from ours."""
        asked = self._header("retry-after")
        if asked.isdecimal():
            return _bounded(int(asked))
        now = _instant(self._header("date"))
        if now is None:
            return None
        if (until := _instant(asked)) is not None:
            return _bounded(until - now)
        reset = self._header("x-ratelimit-reset")
        return _bounded(int(reset) - now) if reset.isdecimal() else None

    def _header(self, name: str) -> str:
        return (self.headers.get(name) or "").strip()[:40]


def exchange(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    limits: Limits = USUAL,
) -> Reply:
    """Send one request and read its answer; raises ChannelError when there is none to be had.

    Nothing is sent, or not all of it, once it is too late: the rest might repeat what others did.
    """
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    line = _connection(parts.scheme, parts.hostname or "", parts.port, limits)
    line.call_before = limits.call_before
    try:
        try:
            line.connect()
            line.sock.settimeout(limits.read)
            line.request(method, path, body=body, headers=dict(headers))
        except (OSError, http.client.HTTPException) as error:
            raise ChannelError(f"cannot be reached: {_kind(error)}", is_outage=True) from error
        try:
            return _read(line.getresponse())
        except (OSError, http.client.HTTPException) as error:
            problem = f"no answer: {_kind(error)}"
            raise ChannelError(problem, is_unknown=True, is_outage=True) from error
    finally:
        line.close()


def refuse(reply: Reply) -> None:
    """Raise what a status outside 2xx means for a message; 2xx passes."""
    status = reply.status
    if status < _MULTIPLE_CHOICES:
        return
    if status in _SETTINGS:
        raise ChannelError(f"answer {status}: the provider {_SETTINGS[status]}", is_outage=True)
    if status == _GATEWAY_TIMEOUT:  # whoever stands in front does not know either
        raise ChannelError(f"answer {status}", is_unknown=True, is_outage=True)
    if status in (_TOO_MANY, _REQUEST_TIMEOUT) or status >= _SERVER_ERROR:
        raise ChannelError(f"answer {status}", retry_after=reply.retry_after, is_outage=True)
    # A redirect is not followed: it would carry the key to wherever it points.
    refused = status >= _BAD_REQUEST
    raise ChannelError(f"answer {status}", permanent=refused, is_outage=not refused)


class _Line(http.client.HTTPConnection):
    """A connection on which nothing is said too late."""

    call_before: float | None = None

    def send(self, data: object) -> None:
        """Send a piece; what comes before the last one has not been understood so far."""
        if is_too_late(self.call_before):
            raise too_late()
        super().send(data)  # type: ignore[arg-type]  # handed on as it came


class _TlsLine(_Line, http.client.HTTPSConnection):
    """The same, encrypted."""


def _connection(scheme: str, host: str, port: int | None, limits: Limits) -> _Line:
    if scheme == "https":
        tls = ssl.create_default_context()
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        line: _Line = _TlsLine(host, port, timeout=limits.connect, context=tls)
    else:
        line = _Line(host, port, timeout=limits.connect)

    class Patient(_Answer):
        patience = limits.read

    line.response_class = Patient
    return line


def _read(answer: http.client.HTTPResponse) -> Reply:
    headers = {name.lower(): value for name, value in answer.getheaders()}
    try:
        body, is_whole = answer.read(_MOST_BYTES), True
    except (OSError, http.client.HTTPException):
        # The status has been said, and with it what became of the message.
        body, is_whole = b"", False
    return Reply(answer.status, headers, body, is_whole)


class Unhurried(io.RawIOBase):
    """A socket that is read until an instant, however small the pieces are that it comes in."""

    def __init__(self, sock: socket.socket, *, patience: float, held: io.IOBase) -> None:
        """``held`` is the socket's own file: while it is open, the socket is not closed for good."""
        super().__init__()
        self._sock = sock
        self._held = held
        self.begin(patience)

    def begin(self, patience: float) -> None:
        """Count ``patience`` in seconds from now, for the next answer."""
        self._until = monotonic() + patience

    def close(self) -> None:
        """Let the socket go."""
        self._held.close()
        super().close()

    def readable(self) -> bool:
        """Tell the buffer that this is read from."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # a Buffer, in typeshed's words
        """Read what has come; raises TimeoutError when the instant has passed."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the answer comes too slowly")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)


class _Answer(http.client.HTTPResponse):
    """An answer that must have been said in whole before the patience ends."""

    patience = READ_SECONDS

    def __init__(self, sock: socket.socket, *args: object, **kwargs: object) -> None:
        super().__init__(sock, *args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        self.fp = io.BufferedReader(Unhurried(sock, patience=self.patience, held=self.fp))


def _kind(error: Exception) -> str:
    """The kind of mishap; not its words, which may repeat what was sent."""
    return type(error).__name__


def _instant(said: str) -> float | None:
    try:
        return parsedate_to_datetime(said).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def _bounded(seconds: float) -> timedelta:
    return min(timedelta(seconds=max(0.0, min(seconds, 1e9))), _MOST_PATIENCE)
