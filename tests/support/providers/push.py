"""A push service and a device: it checks who speaks (RFC 8292), and the device reads (RFC 8291)."""

from __future__ import annotations

import base64
import json
import os
import time
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.providers.web import Answer, Received, WebProvider

_LONGEST_LIFE = 24 * 3600
_LARGEST = 4096


@dataclass
class Browser:
    """A device that has asked its push service for an address; it alone can read what comes."""

    endpoint: str
    application_key: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, str]:
        """What the page hands to the clinic."""
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": self.endpoint,
            "p256dh": _spelled(point),
            "auth": _spelled(self.secret),
        }

    def reads(self, body: bytes) -> dict[str, Any]:
        """Decrypt a note with the device's own keys."""
        clear = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.secret, version="aes128gcm"
        )
        return dict(json.loads(clear))


class PushServer(WebProvider):
    """``POST /push/{device}``; ``accepted`` holds what the devices have read."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.devices: dict[str, Browser] = {}

    def subscribes(self, application_key: str) -> Browser:
        """A browser asks for an address at which this clinic, and nobody else, may reach it."""
        path = f"/push/{len(self.devices) + 1}-{os.urandom(6).hex()}"
        self.devices[path] = Browser(self.url + path, application_key)
        return self.devices[path]

    def answer(self, request: Received) -> Answer:
        device = self.devices.get(request.path)
        if device is None:
            return 410, {}, b"gone"
        if problem := self._problem_of(request.headers.get("authorization", ""), device):
            return 403, {}, problem.encode()
        if request.headers.get("content-encoding") != "aes128gcm":
            return 400, {}, b"not encrypted"
        if "ttl" not in request.headers or len(request.headers.get("topic", "")) > 32:
            return 400, {}, b"no ttl, or a topic that is none"
        if len(request.body) > _LARGEST:
            return 413, {}, b"too large"
        note = {
            "note": device.reads(request.body),
            "ttl": int(request.headers["ttl"]),
            "topic": request.headers.get("topic"),
            "urgency": request.headers.get("urgency"),
            "endpoint": device.endpoint,
        }
        self.accepted.append(note)
        return 201, {"Location": f"{self.url}/m/{len(self.accepted):05}"}, b""

    def _problem_of(self, authorization: str, device: Browser) -> str:
        """Who speaks must be whom the browser allowed, to this service, and not for ever."""
        scheme, _, rest = authorization.partition(" ")
        said = dict(part.split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or said.get("k", "").rstrip("=") != device.application_key:
            return "not the application that the browser allowed"
        signed, _, signature = said["t"].rpartition(".")
        raw = _read(signature)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _read(said["k"]))
        both = (int.from_bytes(half) for half in (raw[:32], raw[32:]))
        try:
            key.verify(encode_dss_signature(*both), signed.encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return "not signed by that application"
        header, claims = (json.loads(_read(part)) for part in signed.split("."))
        if header["alg"] != "ES256" or claims["aud"] != self.url:
            return "not meant for this service"
        if not 0 < claims["exp"] - time.time() <= _LONGEST_LIFE:
            return "expired, or good for too long"
        return "" if claims["sub"].startswith("mailto:") else "nobody to write to"


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(spelled: str) -> bytes:
    return base64.urlsafe_b64decode(spelled + "=" * (-len(spelled) % 4))
