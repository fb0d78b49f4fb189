"""SendGrid, Twilio and an SMS gateway, as far as a message goes: strict about what they are asked.

Their answers have the shapes of the providers' own documentation; what they have accepted stands in
``accepted``, in order, and what was asked of them in ``requests``.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.providers.mishaps import Mishap

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class WebProvider(ThreadingHTTPServer):
    """A provider that is asked over HTTP; use it in a ``with``."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.requests: list[Received] = []
        self.accepted: list[dict[str, Any]] = []
        self.always: Mishap | None = None
        self.on_call: Callable[[int], None] = lambda _port: None
        """Told the caller's port, while the caller waits for its answer."""
        self._mishaps: deque[Mishap] = deque()
        self.lock = threading.RLock()
        self._thread = threading.Thread(target=self.serve_forever, args=[0.02], daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def then(self, *mishaps: Mishap) -> None:
        """The next requests meet these, one each."""
        self._mishaps.extend(mishaps)

    def next_mishap(self) -> Mishap | None:
        with self.lock:
            return self._mishaps.popleft() if self._mishaps else self.always

    def answer(self, request: Received) -> Answer:
        """Do what is asked, and answer as the provider does."""
        raise NotImplementedError

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        super().__exit__(*args)

    def handle_error(self, *_: object) -> None:
        """A client that was killed is no news here."""


class _Conversation(BaseHTTPRequestHandler):
    server: WebProvider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self._serve(body)

    def do_GET(self) -> None:
        self._serve(b"")

    def _serve(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(self.command, parts.path, parse_qs(parts.query), headers, body)
        self.server.on_call(self.client_address[1])
        mishap = self.server.next_mishap() or Mishap(accepts=True)
        with self.server.lock:
            self.server.requests.append(received)
            answer = self.server.answer(received) if mishap.accepts else (500, {}, b"")
        self._say(answer, mishap)

    def _say(self, answer: Answer, mishap: Mishap) -> None:
        mishap.strike()
        status, headers, body = answer
        body = body if mishap.body is None else mishap.body
        headers = {"Date": formatdate(usegmt=True), **headers, **mishap.headers}
        lines = [f"HTTP/1.1 {mishap.status or status} said"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        whole = "\r\n".join(lines).encode() + body
        self.close_connection = True
        time.sleep(mishap.silent_for)
        with contextlib.suppress(OSError):
            self._write(whole, mishap)

    def _write(self, whole: bytes, mishap: Mishap) -> None:
        if mishap.cut is not None:
            self.connection.sendall(whole[: int(len(whole) * mishap.cut)])
            # No FIN but a RST: so dies a process behind a proxy, or a proxy itself.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        elif mishap.drip:
            for position in range(len(whole)):
                self.connection.sendall(whole[position : position + 1])
                time.sleep(mishap.drip)
        else:
            self.connection.sendall(whole)

    def log_message(self, *_: object) -> None:
        """Nothing on the test's screen."""


def _json(status: int, said: object, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(said).encode()


class SendGridServer(WebProvider):
    """``POST /v3/mail/send`` and the Email Activity, ``GET /v3/messages?query=…``."""

    key = "SG.local-key"

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return _json(401, {"errors": [{"message": "authorization required"}]})
        if (request.method, request.path) == ("POST", "/v3/mail/send"):
            mail = json.loads(request.body)
            taken = f"sg-{len(self.accepted) + 1:05}"
            self.accepted.append({**mail, "x-message-id": taken})
            return 202, {"X-Message-Id": taken}, b""
        if (request.method, request.path) == ("GET", "/v3/messages"):
            return self._activity(request.query["query"][0])
        return _json(404, {"errors": [{"message": "not found"}]})

    def _activity(self, query: str) -> Answer:
        asked = re.fullmatch(r"\(unique_args\['message_id'\]=\"([0-9a-f-]{36})\"\)", query)
        if asked is None:
            return _json(400, {"errors": [{"message": "invalid query"}]})
        found = [
            {
                "msg_id": f"{mail['x-message-id']}.filter0001.16648.5515E0B88.0",
                "subject": mail["subject"],
                "status": "processed",
            }
            for mail in self.accepted
            if mail["custom_args"]["message_id"] == asked[1]
        ]
        return _json(200, {"messages": found})


class TwilioServer(WebProvider):
    """``POST`` and ``GET /2010-04-01/Accounts/{sid}/Messages.json``."""

    now: Callable[[], datetime] = staticmethod(lambda: datetime.now(UTC))
    sid, token, number = "AC" + "0" * 32, "local-token", "+442079460111"

    def answer(self, request: Received) -> Answer:
        known = base64.b64encode(f"{self.sid}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {known}":
            return _json(401, {"code": 20003, "message": "Authenticate", "status": 401})
        if request.path != f"/2010-04-01/Accounts/{self.sid}/Messages.json":
            return _json(404, {"code": 20404, "message": "Not found", "status": 404})
        if request.method == "GET":
            return self._list(request)
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        for name, code in (("To", 21604), ("Body", 21602)):
            if not form.get(name):
                return _json(400, {"code": code, "message": f"{name} missing", "status": 400})
        message = {
            "account_sid": self.sid,
            "body": form["Body"],
            "date_created": format_datetime(self.now()),
            "date_sent": None,
            "direction": "outbound-api",
            "error_code": None,
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "num_segments": "1",
            "sid": f"SM{len(self.accepted) + 1:032x}",
            "status": "queued",
            "to": form["To"],
            "uri": request.path,
        }
        self.accepted.append({**message, "callback": form.get("StatusCallback", "")})
        return _json(201, message)

    def _list(self, request: Received) -> Answer:
        to = request.query.get("To", [None])[0]
        size = int(request.query.get("PageSize", ["50"])[0])
        newest = [message for message in reversed(self.accepted) if message["to"] == to]
        page = {"messages": newest[:size], "page": 0, "page_size": size, "next_page_uri": None}
        return _json(200, {**page, "uri": request.path, "first_page_uri": request.path})


class GatewayServer(WebProvider):
    """``POST /sms`` and ``GET /sms/{id}``; the same id twice is one message."""

    token = "local-gateway-token"

    @property
    def url(self) -> str:
        return f"{super().url}/sms"

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _json(401, {"error": "who are you?"})
        if request.method == "GET":
            wanted = request.path.removeprefix("/sms/")
            found = [message for message in self.accepted if message["id"] == wanted]
            return _json(200, {"id": f"gw-{found[0]['id']}"}) if found else _json(404, {})
        message = json.loads(request.body)
        if request.headers.get("idempotency-key") != message["id"]:
            return _json(400, {"error": "no key"})
        if all(known["id"] != message["id"] for known in self.accepted):
            self.accepted.append(message)
        return _json(202, {"id": f"gw-{message['id']}"})
