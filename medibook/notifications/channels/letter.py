"""One message as a letter: its parts for e-mail, whoever carries it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from medibook.notifications.channels.rendering import Writing, written
from medibook.notifications.channels.shape import ChannelError
from medibook.notifications.schemas import Outgoing

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Sender:
    """The clinic, as its letters name it; ``origin`` is where its links lead."""

    address: str
    name: str
    phone: str
    origin: str


def sealed(message: Outgoing, sender: Sender) -> bytes:
    """Return the message as the bytes of an e-mail; raises ChannelError as :func:`letter_of`."""
    letter = letter_of(message, sender)
    with _or_never():  # what cannot be folded into lines shows only now
        return letter.as_bytes(policy=SMTP)


def letter_of(message: Outgoing, sender: Sender) -> EmailMessage:
    """Return the message as e-mail; raises ChannelError, for good, when it cannot be one.

    ``EmailMessage`` refuses line breaks in headers, and stumbles over some addresses in its own way.
    """
    with _or_never():
        return _letter(message, sender)


def checked(message: Outgoing) -> None:
    """Refuse, as :func:`letter_of` does, what a provider would have to write into headers."""
    headers = (message.to, message.subject, message.attachment_name, message.unsubscribe)
    with _or_never():
        if any(_BREAKS.search(header) for header in headers):
            raise ValueError("a line break in a header")
        Address(addr_spec=mailable(message.to))


@contextmanager
def _or_never() -> Iterator[None]:
    try:
        yield
    except (MessageError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise ChannelError("the message cannot be written as e-mail", permanent=True) from error


def _letter(message: Outgoing, sender: Sender) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(sender.name, addr_spec=sender.address)
    letter["To"] = Address(addr_spec=mailable(message.to))
    letter["Subject"] = message.subject
    letter["Date"] = message.created_at
    letter["Message-ID"] = message_id_of(message, sender)
    for name, value in further_headers(message).items():
        letter[name] = value
    said = writing_of(message, sender)
    # The text comes first: readers show the last of the alternatives that they understand.
    letter.set_content(said.text)
    letter.add_alternative(said.html, subtype="html")
    if message.attachment:
        letter.add_attachment(
            message.attachment,
            subtype="calendar",
            filename=message.attachment_name,
            params={"method": _method_of(message.attachment)},
        )
    return letter


def mailable(address: str) -> str:
    """Write an address as every mail server reads it; raises ValueError when its domain is none."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def writing_of(message: Outgoing, sender: Sender) -> Writing:
    """Return what the letter says, as text and as HTML."""
    return written(
        message.subject,
        message.body,
        locale=message.locale,
        clinic=sender.name,
        phone=sender.phone,
        origin=sender.origin,
        unsubscribe=message.unsubscribe,
    )


def message_id_of(message: Outgoing, sender: Sender) -> str:
    """The name of the row: a second sending after a crash can be known as the same letter."""
    return f"<{message.message_id}@{sender.address.rpartition('@')[2]}>"


def further_headers(message: Outgoing) -> dict[str, str]:
    """Headers besides the address: no holiday replies, and one click to end such mail (RFC 8058)."""
    headers = {"Auto-Submitted": "auto-generated"}
    if message.unsubscribe:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _method_of(calendar: str) -> str:
    """What the file itself says: a calendar that is told two things believes neither (RFC 6047)."""
    return "CANCEL" if "\nMETHOD:CANCEL" in calendar else "PUBLISH"
