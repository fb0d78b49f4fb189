"""SMS by Twilio, through its own library; its requests leave by our bounded wire."""

import json
import logging
from base64 import b64encode
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from medibook.notifications.channels.shape import ChannelError
from medibook.notifications.channels.wire import USUAL, Limits, Reply, exchange, refuse
from medibook.notifications.schemas import Outgoing

_MOST_ID = 64
_CREATED = 201
_BAD_REQUEST = 400
_NEWEST = 50
# A clock that is so wrong must not let us send again what Twilio has taken. An equal text of these
# minutes is no danger: what another message of ours became is known by its id.
_CLOCKS_DIFFER = timedelta(minutes=5)
_REASONS = {
    21211: "the number is none",
    21214: "the number cannot be reached",
    21217: "the number is none",
    21265: "the number is a short code",
    21408: "messages to this country are not allowed",
    21421: "the number is none",
    21602: "the message is empty",
    21604: "there is no number",
    21610: "the number has opted out",
    21612: "the number cannot be reached from ours",
    21614: "the number receives no SMS",
    21617: "the message is too long",
}
# These speak of our own number or account, which the operator can mend.
_SETTINGS = {20003, 20404, 21212, 21603, 21606, 21659, 21660, 21703, 30002}
_log = logging.getLogger("medibook.twilio")


class Twilio:
    """One Twilio account; ``sender`` is a number of it, or a messaging service ("MG…")."""

    keeps_record = True
    settles_after = timedelta(minutes=1)

    def __init__(
        self,
        account_sid: str,
        token: str,
        sender: str,
        *,
        base_url: str,
        callback: str = "",
        limits: Limits = USUAL,
    ) -> None:
        """``callback`` is where deliveries are reported, up to the message's id; "" for nowhere."""
        self._sender = sender
        self._callback = callback
        self._account = (account_sid, token)
        self._base_url = base_url.rstrip("/")
        self._limits = limits

    def session(self) -> "nullcontext[Twilio]":
        """Nothing is kept open: each request stands for itself."""
        return nullcontext(self)

    def send(self, message: Outgoing) -> str:
        """Hand one SMS over; returns Twilio's id of it."""
        wanted = {"body": message.body, **self._from()}
        if self._callback:
            wanted["status_callback"] = f"{self._callback}{message.message_id}"
        try:
            api = self._api(self._limits.of(message))
            sid = api.messages.create(to=message.to, **wanted).sid
        except (TwilioException, ValueError, TypeError, AttributeError) as error:
            # Created, it says, but not what: the list of messages will tell.
            raise ChannelError("the answer cannot be read", is_unknown=True) from error
        if not sid:
            raise ChannelError("the answer names no message", is_unknown=True)
        return str(sid)[:_MOST_ID]

    def look_up(self, message: Outgoing) -> str | None:
        """Look for this text among the newest messages to this number, since it was last attempted.

        Twilio keeps no id of ours: an equal text may be another message's, whose id we know then.

        The library could ask by the day of sending, but what waits in Twilio's queue has none, and
        what was just sent is listed by it late.
        """
        since = (message.attempted_at or message.created_at) - _CLOCKS_DIFFER
        api = self._api(self._limits.to_look_up())
        try:
            for listed in api.messages.list(to=message.to, limit=_NEWEST):
                sid, created = str(listed.sid)[:_MOST_ID], listed.date_created
                is_ours = listed.body == message.body and not _came_in(listed)
                is_free = sid not in message.taken_ids
                if is_ours and is_free and created is not None and created >= since:
                    return sid
        except (TwilioException, ValueError, TypeError, AttributeError, KeyError) as error:
            raise ChannelError("the record cannot be read") from error
        return None

    def _api(self, limits: Limits) -> Client:
        return Client(*self._account, http_client=_Wire(self._base_url, limits))

    def _from(self) -> dict[str, str]:
        is_service = self._sender.startswith("MG")
        return {"messaging_service_sid" if is_service else "from_": self._sender}


def _came_in(listed: MessageInstance) -> bool:
    return str(listed.direction or "").startswith("inbound")


class _Wire(HttpClient):  # type: ignore[misc]  # the library has no types
    """The library's way out: our own bounded requests, to the address of the settings."""

    def __init__(self, base_url: str, limits: Limits) -> None:
        super().__init__(_log, is_async=False)
        self._base_url = base_url
        self._limits = limits

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the limits are ours
        allow_redirects: bool = False,  # noqa: ARG002, FBT001, FBT002 - never
    ) -> Response:
        """Send what the library has put together; raises ChannelError instead of its own."""
        parts = urlsplit(uri)
        query = urlencode(params or {}, doseq=True) or parts.query
        url = self._base_url + parts.path + (f"?{query}" if query else "")
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = _basic(auth)
        body = urlencode(data, doseq=True).encode() if data else None
        reply = exchange(method, url, headers=sent, body=body, limits=self._limits)
        if reply.status == _BAD_REQUEST:
            _refuse_message(reply)
        refuse(reply)
        if not reply.is_whole and reply.status != _CREATED:
            raise ChannelError("the answer broke off")
        return Response(reply.status, reply.body.decode("utf-8", "replace"), dict(reply.headers))


def _refuse_message(reply: Reply) -> None:
    """Raise what Twilio's own code means; its words are not kept, they repeat the number."""
    try:
        code = int(json.loads(reply.body)["code"])
    except (ValueError, TypeError, KeyError):
        raise ChannelError("answer 400", permanent=True) from None
    reason = _REASONS.get(code)
    problem = f"answer 400, code {code}: {reason}" if reason else f"answer 400, code {code}"
    raise ChannelError(problem, permanent=code not in _SETTINGS)


def _basic(auth: tuple[str, str]) -> str:
    return "Basic " + b64encode(":".join(auth).encode()).decode()
