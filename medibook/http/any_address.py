"""One built front end that works at whatever address it is opened.

Reflex writes the back end's address into a chunk of its own, ``assets/reflex-env-*.js``. There it
would be wrong as soon as the port is another one, or a proxy stands in front. We serve pages and
events from one origin, so the browser already knows the address: it is where the page came from.
"""

import re
from pathlib import Path
from typing import Unpack

from reflex.plugins import Plugin
from reflex_base.plugins.base import PostBuildContext

_CHUNK = "assets/reflex-env-*.js"
_LITERAL = re.compile(
    r"""(?P<quote>["'`])(?P<scheme>http|ws)s?://[^/"'`]+(?P<path>/[^"'`]*)(?P=quote)"""
)


class AnyAddress(Plugin):
    """After each build, let the front end call the origin that served it."""

    def post_build(self, **context: Unpack[PostBuildContext]) -> None:
        """Rewrite the chunk before Reflex compresses the finished build."""
        rewrite_addresses(Path(context["static_dir"]))


def rewrite_addresses(static_dir: Path) -> None:
    """Make every back-end address in the build relative to the page's own origin."""
    chunks = sorted(static_dir.glob(_CHUNK))
    # A build without the chunk would call a fixed port: better no build than one that is
    # broken on every port but one.
    if not chunks:
        raise FileNotFoundError(f"{static_dir}/{_CHUNK}: has Reflex renamed its address chunk?")
    for chunk in chunks:
        text, found = _LITERAL.subn(_relative, chunk.read_text(encoding="utf-8"))
        if not found:
            raise ValueError(f"{chunk.name} holds no back-end address any more")
        chunk.write_text(text, encoding="utf-8")


def _relative(literal: re.Match[str]) -> str:
    # ``http`` at the front becomes ``ws``, and by that ``https`` becomes ``wss``.
    origin = "location.origin"
    if literal["scheme"] == "ws":
        origin += '.replace(/^http/,"ws")'
    return f'({origin}+"{literal["path"]}")'
