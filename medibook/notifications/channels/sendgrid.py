"""E-mail by SendGrid, through its own library; its requests leave by our bounded wire."""

import json
import logging
import re
from base64 import b64encode
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.request import Request

from python_http_client import Client
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Attachment,
    ClickTracking,
    CustomArg,
    Header,
    Mail,
    OpenTracking,
    TrackingSettings,
)

from medibook.notifications.channels.letter import (
    Sender,
    checked,
    further_headers,
    mailable,
    message_id_of,
    writing_of,
)
from medibook.notifications.channels.shape import ChannelError
from medibook.notifications.channels.wire import USUAL, Limits, Reply, exchange, refuse
from medibook.notifications.schemas import Outgoing

OUR_ID = "message_id"
_MOST_ID = 100
# Behind the id come the names of SendGrid's own machines: "<id>.filter0001.16648.5515E0B88.0".
_MACHINES = re.compile(r"\.(filter|recvd)")
# At DEBUG the library writes whole letters, and the key, into the log.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


class SendGrid:
    """The account of one API key; letters carry our id, by which they are found again."""

    keeps_record = True
    settles_after = timedelta(minutes=10)
    """The Email Activity is not written at once."""

    def __init__(self, key: str, sender: Sender, *, base_url: str, limits: Limits = USUAL) -> None:
        self._sender = sender
        self._limits = limits
        self._api = SendGridAPIClient(key, host=base_url.rstrip("/"))
        self._api.client = _Client(
            host=self._api.host,
            request_headers=self._api.client.request_headers,
            version=3,
        )

    def session(self) -> "nullcontext[SendGrid]":
        """Nothing is kept open: each request stands for itself."""
        return nullcontext(self)

    def send(self, message: Outgoing) -> str:
        """Hand one letter over; returns SendGrid's id of it, "" when it has told none."""
        # Whatever could not be a letter by SMTP is none here: the same headers are refused.
        checked(message)
        answer = self._api.client.mail.send.post(
            request_body=self._mail(message).get(), timeout=self._limits.of(message)
        )
        return provider_id(answer.headers.get("x-message-id", ""))

    def look_up(self, message: Outgoing) -> str | None:
        """Ask the Email Activity (which the account must have) for a letter with our id."""
        query = f"(unique_args['{OUR_ID}']=\"{message.message_id}\")"
        answer = self._api.client.messages.get(
            query_params={"query": query, "limit": 2}, timeout=self._limits.to_look_up()
        )
        try:
            found = json.loads(answer.body)["messages"]
            return provider_id(found[0]["msg_id"]) if found else None
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise ChannelError("the record cannot be read") from error

    def _mail(self, message: Outgoing) -> Mail:
        said = writing_of(message, self._sender)
        mail = Mail(
            from_email=(self._sender.address, self._sender.name),
            to_emails=mailable(message.to),
            subject=message.subject,
            plain_text_content=said.text,
            html_content=said.html,
        )
        mail.custom_arg = CustomArg(OUR_ID, str(message.message_id))
        headers = {"Message-ID": message_id_of(message, self._sender), **further_headers(message)}
        mail.header = [Header(name, value) for name, value in headers.items()]
        # Otherwise SendGrid leads every link over its own servers, keys to accounts included.
        mail.tracking_settings = TrackingSettings(
            click_tracking=ClickTracking(enable=False, enable_text=False),
            open_tracking=OpenTracking(enable=False),
        )
        if message.attachment:
            content = b64encode(message.attachment.encode()).decode()
            mail.attachment = Attachment(content, message.attachment_name, "text/calendar")
        return mail


def provider_id(said: object) -> str:
    """Return SendGrid's id of a letter from any of the places in which it writes one."""
    return _MACHINES.split(str(said or "").strip(), maxsplit=1)[0][:_MOST_ID]


class _Client(Client):  # type: ignore[misc]  # the library has no types
    """The library's client, whose requests are sent by our own wire."""

    def _build_client(self, name: str | None = None) -> "_Client":
        return _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
        )

    def _make_request(self, opener: Any, request: Request, timeout: Limits = USUAL) -> "_Answer":  # noqa: ANN401, ARG002 - the library's signature
        reply = exchange(
            request.get_method(),
            request.full_url,
            headers=request.headers,
            body=request.data if isinstance(request.data, bytes) else None,
            limits=timeout,
        )
        refuse(reply)
        return _Answer(reply)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A reply in the shape that the library reads."""

    reply: Reply

    def getcode(self) -> int:
        return self.reply.status

    def read(self) -> bytes:
        return self.reply.body

    def info(self) -> Mapping[str, str]:
        return self.reply.headers
