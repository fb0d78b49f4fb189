"""Servers that speak the providers' protocols, on this machine, and misbehave when told to."""

from tests.support.providers.mail import MailServer
from tests.support.providers.mishaps import (
    Mishap,
    babbles,
    busy,
    drips,
    fails,
    kills,
    refuses,
    resets,
    stays_silent,
)
from tests.support.providers.push import PushServer
from tests.support.providers.web import GatewayServer, SendGridServer, TwilioServer

__all__ = [
    "GatewayServer",
    "MailServer",
    "Mishap",
    "PushServer",
    "SendGridServer",
    "TwilioServer",
    "babbles",
    "busy",
    "drips",
    "fails",
    "kills",
    "refuses",
    "resets",
    "stays_silent",
]
