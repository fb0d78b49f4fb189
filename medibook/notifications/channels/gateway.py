"""SMS by any gateway that understands a small HTTP convention, described in docs/operators."""

import json
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import quote

from medibook.notifications.channels.wire import USUAL, Limits, Reply, exchange, refuse
from medibook.notifications.schemas import Outgoing

_MOST_ID = 100
_NOT_FOUND = 404


class Gateway:
    """A gateway at one address; it knows each message by our id, so that twice is once."""

    keeps_record = True
    settles_after = timedelta(0)

    def __init__(self, url: str, token: str, *, limits: Limits = USUAL) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._limits = limits

    def session(self) -> "nullcontext[Gateway]":
        """Nothing is kept open: each request stands for itself."""
        return nullcontext(self)

    def send(self, message: Outgoing) -> str:
        """Hand one SMS over; returns the gateway's id of it, ours when it names none."""
        ours = str(message.message_id)
        said = {"id": ours, "to": message.to, "text": message.body}
        headers = {
            **self._headers,
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": ours,
        }
        body = json.dumps(said, ensure_ascii=False).encode()
        limits = self._limits.of(message)
        reply = exchange("POST", self._url, headers=headers, body=body, limits=limits)
        refuse(reply)
        return _id_in(reply) or ours

    def look_up(self, message: Outgoing) -> str | None:
        """Ask the gateway for the message by our id."""
        ours = str(message.message_id)
        url = f"{self._url}/{quote(ours)}"
        reply = exchange("GET", url, headers=self._headers, limits=self._limits.to_look_up())
        if reply.status == _NOT_FOUND:
            return None
        refuse(reply)
        return _id_in(reply) or ours


def _id_in(reply: Reply) -> str:
    """The gateway's own id; "" when the answer holds none that can be read."""
    try:
        said = json.loads(reply.body)["id"]
    except (ValueError, TypeError, KeyError):
        return ""
    return str(said)[:_MOST_ID] if isinstance(said, str | int) else ""
