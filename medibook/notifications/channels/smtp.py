"""E-mail by SMTP: encrypted, with time limits, and without a way to slip headers in."""

import io
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from medibook.notifications.channels.letter import (
    Sender,
    letter_of,
    mailable,
    message_id_of,
    sealed,
)
from medibook.notifications.channels.shape import ChannelError, is_too_late, too_late
from medibook.notifications.channels.wire import USUAL, Limits, Unhurried
from medibook.notifications.schemas import Outgoing

_START_OF_LETTER = 354
_CLOSING = 421
_OK = range(200, 300)
_PERMANENT = range(500, 600)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# What the server says of itself or of our sign-in, and not of the message.
_NOT_THE_MESSAGE = (
    smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError
)


class Smtp:
    """A mail server, named by ``smtp://user:password@host:587`` or ``smtps://…:465``."""

    keeps_record = False
    settles_after = timedelta(0)

    def __init__(self, url: str, sender: Sender, *, limits: Limits = USUAL) -> None:
        self._server = urlsplit(url)
        self._sender = sender
        self._limits = limits
        self._idle: list[_Line] = []
        self._is_kept = False

    def send(self, message: Outgoing) -> str:
        """Hand one message over; returns its Message-ID. The log may hold what this raises."""
        letter = sealed(message, self._sender)
        try:
            self._hand_over(letter, message)
        except smtplib.SMTPResponseException as error:
            # Not the server's text: it may repeat the address.
            is_outage = isinstance(error, _NOT_THE_MESSAGE) or error.smtp_code == _CLOSING
            permanent = error.smtp_code in _PERMANENT and not is_outage
            problem = f"answer {error.smtp_code}"
            raise ChannelError(problem, permanent=permanent, is_outage=is_outage) from error
        except (OSError, smtplib.SMTPException) as error:
            problem = f"cannot be reached: {type(error).__name__}"
            raise ChannelError(problem, is_outage=True) from error
        return message_id_of(message, self._sender)

    def look_up(self, message: Outgoing) -> str | None:  # noqa: ARG002 - as every channel
        """Never tells: mail servers keep no record that one could ask."""
        raise ChannelError("a mail server keeps no record")

    @contextmanager
    def session(self) -> Iterator["Smtp"]:
        """Keep one connection for the messages that are sent within; a broken one is made anew."""
        self._is_kept = True
        try:
            yield self
        finally:
            self._is_kept = False
            while (line := self._idle_line()) is not None:
                _hang_up(line)

    def letter(self, message: Outgoing) -> EmailMessage:
        """Return the message as e-mail; raises ChannelError when it cannot be one."""
        return letter_of(message, self._sender)

    def _hand_over(self, letter: bytes, message: Outgoing) -> None:
        if (idle := self._idle_line()) is not None:
            try:
                self._deliver(idle, letter, message)
            except (OSError, smtplib.SMTPException) as error:
                # It may have been closed while it stood idle; a letter that was begun is not taken.
                if not _is_hung_up(error):
                    raise
            else:
                return
        self._deliver(self._connected(), letter, message)

    def _deliver(self, line: "_Line", letter: bytes, message: Outgoing) -> None:
        try:
            line.call_before = message.call_before
            line.deliver(letter, sender=self._sender.address, to=mailable(message.to))
        except BaseException:
            line.close()  # without a farewell, which might be waited for in vain
            raise
        if self._is_kept:
            self._idle.append(line)
        else:
            _hang_up(line)

    def _idle_line(self) -> "_Line | None":
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _connected(self) -> "_Line":
        url, limits = self._server, self._limits
        host = url.hostname or "localhost"
        tls = ssl.create_default_context()
        if url.scheme == "smtps":
            line: _Line = _TlsLine(host, url.port or 465, timeout=limits.connect, context=tls)
        else:
            line = _Line(host, url.port or 587, timeout=limits.connect)
            self._encrypt(line, host, tls)
        line.timeout = limits.read
        if url.username:
            line.login(unquote(url.username), unquote(url.password or ""))
        return line

    def _encrypt(self, line: "_Line", host: str, tls: ssl.SSLContext) -> None:
        line.ehlo_or_helo_if_needed()
        if line.has_extn("starttls"):
            line.starttls(context=tls)
            line.ehlo()
        elif host not in _LOOPBACK:
            line.close()
            raise ChannelError("the mail server offers no encryption", is_outage=True)


class _Line(smtplib.SMTP):
    """A connection that waits for no answer longer than its patience, however slowly it comes."""

    call_before: float | None = None

    def send(self, s: str | bytes) -> None:  # type: ignore[override]  # a Buffer, in typeshed's words
        """Send, within the time that there is for it."""
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer; raises TimeoutError when it has not come in whole in time."""
        if self.file is None and self.sock is not None:
            held = self.sock.makefile("rb")
            self._unhurried = Unhurried(self.sock, patience=self.timeout, held=held)
            self.file = io.BufferedReader(self._unhurried)
        self._unhurried.begin(self.timeout)
        return super().getreply()

    def deliver(self, letter: bytes, *, sender: str, to: str) -> None:
        """Hand over one letter to one recipient; raises what smtplib raises, or ChannelError."""
        self.ehlo_or_helo_if_needed()
        self._said(self.mail(sender))
        code, _ = self.rcpt(to)
        if code not in _OK:
            raise ChannelError(f"recipient refused [{code}]", permanent=code in _PERMANENT)
        self._said(self.docmd("DATA"), wanted=range(_START_OF_LETTER, _START_OF_LETTER + 1))
        if is_too_late(self.call_before):
            raise too_late()
        # While the last line is missing, no server can have taken the letter.
        self.send(re.sub(rb"(?m)^\.", b"..", letter) + b"\r\n.\r\n")
        try:
            answer = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            problem = f"no answer to the letter: {type(error).__name__}"
            raise ChannelError(problem, is_unknown=True, is_outage=True) from error
        self._said(answer)

    def _said(self, answer: tuple[int, bytes], *, wanted: range = _OK) -> None:
        if answer[0] not in wanted:
            raise smtplib.SMTPDataError(*answer)


def _hang_up(line: _Line) -> None:
    with suppress(OSError, smtplib.SMTPException):
        line.quit()
    line.close()


def _is_hung_up(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == _CLOSING
    return True


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
