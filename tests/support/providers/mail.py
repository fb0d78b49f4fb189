"""A mail server by aiosmtpd: what it has taken stands in ``letters``, parsed, with its envelope."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import threading
from collections import deque
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.providers.mishaps import Mishap


@dataclass(frozen=True)
class Letter:
    """One letter that was taken."""

    sender: str
    recipients: list[str]
    content: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.content["Message-ID"])


class MailServer:
    """Use it in a ``with``. ``then`` says what befalls the next letters once they are sent."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.connections = 0
        self.answers_to_recipient: deque[str] = deque()
        self.always: Mishap | None = None
        self._mishaps: deque[Mishap] = deque()
        self._lock = threading.Lock()
        self._controller = _Controller(self)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def then(self, *mishaps: Mishap) -> None:
        """The next letters meet these, one each."""
        self._mishaps.extend(mishaps)

    def __enter__(self) -> MailServer:
        self._controller.start()
        self.connections = 0  # the one by which the server has tried itself
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers_to_recipient:
            answer = self.answers_to_recipient.popleft()
            if not answer.startswith("250"):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        with self._lock:
            mishap = self._mishaps.popleft() if self._mishaps else self.always
        mishap = mishap or Mishap(accepts=True)
        if mishap.accepts:
            content = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.letters.append(Letter(envelope.mail_from, list(envelope.rcpt_tos), content))
        mishap.strike()
        await asyncio.sleep(mishap.silent_for)
        if mishap.cut is not None:
            server.transport.abort()
            return "421 gone"
        if mishap.drip:
            for position in "250 taken\r\n":
                server.transport.write(position.encode())
                await asyncio.sleep(mishap.drip)
        return f"{mishap.status} no" if mishap.status else "250 taken"


class _Controller(Controller):
    def __init__(self, provider: MailServer) -> None:
        super().__init__(provider, hostname="127.0.0.1", port=_free_port())
        self._provider = provider

    def factory(self) -> SMTP:
        self._provider.connections += 1
        return SMTP(self.handler, enable_SMTPUTF8=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
