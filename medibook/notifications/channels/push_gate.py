"""Where notes to devices may go: the address of a device comes from a browser, so it is a claim.

Whoever could name any address would let us knock at doors inside the clinic's own network. Only the
push services that the operator knows are called, by https, at their usual port.
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

LONGEST_ENDPOINT = 1000
_HTTPS_PORT = 443
_AUTH_BYTES = 16
_PLAIN = re.compile(r"https?://[!-~]+")
_BASE64 = re.compile(r"[A-Za-z0-9_-]{1,100}={0,2}")
_LONGEST_HOST = 253
_HOST = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_THIS_MACHINE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class PushHosts:
    """The push services that may be called; ``*.example.org`` means every name below it.

    ``for_tests``: this machine counts, without https and at any port, if it is named.
    """

    names: tuple[str, ...]
    for_tests: bool = False

    @classmethod
    def of(cls, listed: str, *, for_tests: bool) -> "PushHosts":
        """Read the operator's list, its names separated by commas."""
        names = (name.strip().casefold() for name in listed.split(","))
        return cls(tuple(name for name in names if name), for_tests)

    def know(self, endpoint: str) -> bool:
        """Tell whether a device may be reached at this address."""
        if len(endpoint) > LONGEST_ENDPOINT or not _PLAIN.fullmatch(endpoint) or "\\" in endpoint:
            return False
        try:
            parts = urlsplit(endpoint)
            host, port = (parts.hostname or "").casefold(), parts.port
        except ValueError:
            return False
        if "@" in parts.netloc or parts.fragment:
            return False
        if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
            return False
        if self.for_tests and host == _THIS_MACHINE:
            return host in self.names
        return parts.scheme == "https" and port in (None, _HTTPS_PORT) and self._names(host)

    def _names(self, host: str) -> bool:
        return any(
            host.endswith(name[1:]) and len(host) > len(name) - 1
            if name.startswith("*.")
            else host == name
            for name in self.names
        )


def are_keys(p256dh: str, auth: str) -> bool:
    """Tell whether these are what a browser hands out: a point on the curve, and sixteen bytes."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _bytes(p256dh))
        return len(_bytes(auth)) == _AUTH_BYTES
    except (ValueError, NotBase64):
        return False


def _bytes(said: str) -> bytes:
    if not _BASE64.fullmatch(said):
        raise ValueError
    return urlsafe_b64decode(said.rstrip("=") + "=" * (-len(said.rstrip("=")) % 4))
