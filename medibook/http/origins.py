"""The origins from which a browser may open the live connection."""

from urllib.parse import urlsplit

from medibook.kernel.settings import Env, Settings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def allowed_origins(settings: Settings) -> list[str]:
    """Every origin that may open the live connection, never ``*``.

    In production these are the configured ones alone. A clinic on a person's own machine is also
    reached by that machine's other names, at the same port.
    """
    origins = [_origin(address) for address in settings.origins]
    own = urlsplit(settings.origin)
    if settings.env is not Env.PRODUCTION and own.netloc.startswith(_LOOPBACK):
        origins += [f"{own.scheme}://{name}:{own.port or 80}" for name in _LOOPBACK]
    return list(dict.fromkeys(origins))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
