"""E-mail by SMTP: encrypted, with time limits, and without a way to slip headers in."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

from medibook.notifications.channels.shape import ChannelError
from medibook.notifications.schemas import Outgoing

_SECONDS = 15


class Smtp:
    """A mail server, named by ``smtp://user:password@host:587`` or ``smtps://…:465``."""

    def __init__(self, url: str, *, sender: str, sender_name: str) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._sender_name = sender_name

    keeps_record = False

    def send(self, message: Outgoing) -> str:
        """Hand one message over; raises ChannelError. The log may hold what this raises."""
        try:
            letter = self.letter(message)
        except (ValueError, IndexError) as error:
            raise ChannelError("the message cannot be written as e-mail", permanent=True) from error
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise ChannelError(f"recipient refused {codes}", permanent=min(codes) >= 500) from error
        except smtplib.SMTPResponseException as error:
            # Not the server's text: it may repeat the address.
            permanent = 500 <= error.smtp_code < 600 and not isinstance(
                error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
            )
            raise ChannelError(f"answer {error.smtp_code}", permanent=permanent) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(type(error).__name__, permanent=False) from error
        return str(letter["Message-ID"])

    def look_up(self, message: Outgoing) -> str | None:  # noqa: ARG002 - as every channel
        """A mail server keeps no record that could be asked."""
        raise ChannelError("a mail server keeps no record")

    def letter(self, message: Outgoing) -> EmailMessage:
        """Return the message as e-mail; ``EmailMessage`` refuses line breaks in headers.

        The Message-ID is that of the row: a second sending after a crash can be known as the same.
        """
        letter = EmailMessage(policy=SMTP)
        domain = self._sender.rpartition("@")[2]
        letter["From"] = Address(self._sender_name, addr_spec=self._sender)
        letter["To"] = Address(addr_spec=message.to)
        letter["Subject"] = message.subject
        letter["Date"] = message.created_at
        letter["Message-ID"] = f"<{message.message_id}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.body)
        if message.attachment:
            letter.add_attachment(
                message.attachment,
                subtype="calendar",
                filename=message.attachment_name,
                params={"method": _method_of(message.attachment)},
            )
        return letter

    def _connected(self) -> smtplib.SMTP:
        url = self._server
        host = url.hostname or "localhost"
        tls = ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, url.port or 465, timeout=_SECONDS, context=tls
            )
        else:
            server = smtplib.SMTP(host, url.port or 587, timeout=_SECONDS)
            self._encrypt(server, host, tls)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _encrypt(self, server: smtplib.SMTP, host: str, tls: ssl.SSLContext) -> None:
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=tls)
            server.ehlo()
        elif host not in {"127.0.0.1", "::1", "localhost"}:
            server.close()
            raise ChannelError("the mail server offers no encryption", permanent=False)


def _method_of(calendar: str) -> str:
    """What the file itself says: a calendar that is told two things believes neither (RFC 6047)."""
    return "CANCEL" if "\nMETHOD:CANCEL" in calendar else "PUBLISH"
