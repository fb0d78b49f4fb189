"""What can go wrong at a provider, as values: ``server.then(busy(retry_after=7), resets())``."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mishap:
    """One request's misfortune. ``accepts``: the provider has taken the message all the same."""

    accepts: bool = False
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    silent_for: float = 0
    """Seconds until the answer; whoever asked has gone by then."""
    drip: float = 0
    """Seconds between two bytes of the answer."""
    cut: float | None = None
    """The share of the answer after which the connection is reset; 0 before its first byte."""
    victim: int | None = None
    """A process that is killed at this point, -9."""

    def strike(self) -> None:
        """Kill the victim, if there is one."""
        if self.victim is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)


def busy(retry_after: int | str | None = None, **headers: str) -> Mishap:
    """429, with the provider's wish for patience."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if retry_after is not None:
        named["Retry-After"] = str(retry_after)
    return Mishap(status=429, headers=named, body=b'{"errors":[{"message":"too many"}]}')


def fails(status: int = 500, body: bytes = b"<h1>Oops</h1>") -> Mishap:
    """The provider's own fault."""
    return Mishap(status=status, body=body)


def refuses(status: int = 400, /, **said: object) -> Mishap:
    """The message's fault, with the words that the provider has for it."""
    return Mishap(status=status, body=json.dumps(said).encode())


def stays_silent(seconds: float = 30, *, accepts: bool = True) -> Mishap:
    """Takes the message and says nothing."""
    return Mishap(accepts=accepts, silent_for=seconds)


def resets(at: float = 0.5, *, accepts: bool = True) -> Mishap:
    """Takes the message, begins to answer, and resets the connection."""
    return Mishap(accepts=accepts, cut=at)


def drips(seconds: float = 0.3, *, accepts: bool = True) -> Mishap:
    """Takes the message and answers byte by byte."""
    return Mishap(accepts=accepts, drip=seconds)


def babbles(body: bytes = b"{not json", *, accepts: bool = True) -> Mishap:
    """Takes the message and says so in words that nobody can read."""
    return Mishap(accepts=accepts, body=body)


def kills(pid: int, *, accepts: bool) -> Mishap:
    """Kills whoever asks: after it has received the message, or after it has taken it as well."""
    return Mishap(accepts=accepts, victim=pid, cut=0)
