"""Notes on devices by web push, through pywebpush; its requests leave by our bounded wire.

Each browser names a push service of its maker's. What we send is encrypted for the device alone; the
service sees whose clinic it comes from, when, and how long it is. So the note says only that there is
a message: what it says stands in the app.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import webpush

from medibook.notifications.channels.circuit import Circuit
from medibook.notifications.channels.push_gate import PushHosts
from medibook.notifications.channels.shape import ChannelError
from medibook.notifications.channels.wire import USUAL, Limits, Reply, exchange, refuse
from medibook.notifications.schemas import Outgoing
from medibook.notifications.schemas.push import PushTarget
from medibook.ui.i18n import translator

INBOX = "/messages/"
_MOST_ID = 100
_GONE = (404, 410)
# The browser allowed somebody else to write to it, or the key that we had: only asking it anew helps.
_NOT_OURS = (401, 403)
_SERVER_ERROR = 500
_OK = 200
# What helps for so short a time may wake a telephone that saves its battery.
_URGENT: Final = timedelta(hours=2)

KeyOf = Callable[[UUID], bytes]
"""The private key, as PEM, with which notes to a device are signed."""


@dataclass(frozen=True, slots=True)
class NewPushKey:
    """A pair of keys as it is born; ``public`` is what browsers are told, base64url."""

    public: str
    private: bytes


def new_push_key() -> NewPushKey:
    """Make the pair of keys by which push services know this clinic (RFC 8292)."""
    vapid = Vapid02()
    vapid.generate_keys()
    return NewPushKey(public=_application_key(vapid), private=vapid.private_pem())


class WebPush:
    """Every push service that we know; each is given its own pause when it is down."""

    keeps_record = False
    settles_after = timedelta(0)

    def __init__(
        self,
        hosts: PushHosts,
        contact: str,
        key_of: KeyOf,
        *,
        circuit_of: Callable[[str], Circuit] = lambda _host: Circuit(),
        limits: Limits = USUAL,
    ) -> None:
        """``contact`` is the clinic's own e-mail address, for the services' operators."""
        self._hosts = hosts
        self._contact = contact
        self._key_of = key_of
        self._circuit_of = circuit_of
        self._limits = limits
        self._keys: dict[UUID, Vapid02] = {}

    def session(self) -> "nullcontext[WebPush]":
        """Nothing is kept open: each request stands for itself."""
        return nullcontext(self)

    def send(self, message: Outgoing) -> str:
        """Hand a note to the push service of its device; returns the service's id of it."""
        target = message.push
        if target is None:
            raise gone("the device has gone")
        if not self._hosts.know(target.endpoint):
            raise ChannelError("no push service that we know", permanent=True)
        circuit = self._circuit_of(urlsplit(target.endpoint).netloc)
        circuit.enter()
        try:
            taken = self._hand_over(message, target)
        except ChannelError as error:
            circuit.note(error)
            raise
        circuit.note(None)
        return taken

    def look_up(self, message: Outgoing) -> str | None:  # noqa: ARG002 - the shape of every channel
        """No push service keeps a record that could be asked."""
        raise ChannelError("push services keep no record")

    def _hand_over(self, message: Outgoing, target: PushTarget) -> str:
        wire, key = _Wire(self._limits.of(message)), self._key(target.key_id)
        try:
            taken = webpush(
                {
                    "endpoint": target.endpoint,
                    "keys": {"p256dh": target.p256dh, "auth": target.auth},
                },
                data=_note(message, target),
                vapid_private_key=key,
                vapid_claims={"sub": f"mailto:{self._contact}"},
                ttl=int(target.lasts.total_seconds()),
                headers={
                    "Topic": target.tag,
                    "Urgency": "high" if target.lasts <= _URGENT else "normal",
                },
                requests_session=wire,
            )
        except ChannelError:
            raise
        except Exception as error:
            if (
                wire.has_asked
            ):  # taken, it may be: whatever the library did not like about the answer
                raise ChannelError("the answer cannot be read", is_unknown=True) from error
            # Nothing has left. What a device has told of itself is at fault, or our own address.
            raise ChannelError("cannot be encrypted for this device", permanent=True) from error
        return taken.message_id if isinstance(taken, _Taken) else ""

    def _key(self, key_id: UUID) -> Vapid02:
        try:
            if key_id not in self._keys:
                self._keys[key_id] = Vapid02.from_pem(self._key_of(key_id))
            return self._keys[key_id]
        except Exception as error:  # nobody was asked: it waits until the key is there
            raise ChannelError("the clinic's own key cannot be opened") from error


def _refuse(reply: Reply) -> None:
    """Raise what an answer means: whatever is not the service's own trouble is this one device's.

    Patients name the devices. Nobody's may be taken for an outage, which would silence everybody's.
    """
    if reply.status in _GONE:
        raise gone(f"answer {reply.status}: the device has gone")
    if reply.status in _NOT_OURS:
        raise ChannelError(f"answer {reply.status}: add this device again", permanent=True)
    try:
        refuse(reply)
    except ChannelError as error:
        error.is_outage = reply.status >= _SERVER_ERROR
        raise


def gone(problem: str) -> ChannelError:
    """What is said of a device that nobody can reach any more."""
    return ChannelError(problem, permanent=True, is_gone=True)


@dataclass(frozen=True, slots=True)
class _Taken:
    """An answer as the library reads it; everything else has been raised before."""

    message_id: str
    status_code: int = _OK
    text: str = ""
    reason: str = ""
    headers: Mapping[str, str] | None = None


class _Wire:
    """What the library takes for a session of requests: bounded, and it follows nobody anywhere."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.has_asked = False

    def post(
        self,
        url: str,
        *,
        data: bytes,
        headers: Mapping[str, Any],
        timeout: float | None = None,  # noqa: ARG002 - the limits are ours
    ) -> _Taken:
        """Send what the library has encrypted and signed; raises ChannelError instead of its own."""
        said = {name: str(value) for name, value in headers.items()}
        said["content-type"] = "application/octet-stream"
        self.has_asked = True  # from here on, whatever goes wrong may go wrong after it was sent
        reply = exchange("POST", url, headers=said, body=data, limits=self._limits)
        _refuse(reply)
        return _Taken(
            urlsplit(reply.headers.get("location", "")).path.rpartition("/")[2][:_MOST_ID]
        )


def _note(message: Outgoing, target: PushTarget) -> str:
    """What the device is told: who speaks, and that there is a message; never what about."""
    said = {
        "title": message.subject,
        "body": message.body,
        "lang": message.locale,
        "tag": target.tag,
        "id": str(message.message_id),
        "path": translator(message.locale).href(INBOX),
    }
    return json.dumps(said, ensure_ascii=False)


def _application_key(vapid: Vapid02) -> str:
    point = vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).decode().rstrip("=")
