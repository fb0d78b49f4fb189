"""The content policy: which scripts may run on a page.

Reflex's pages hold inline scripts. Each page's answer lists the fingerprints of that page's own
scripts and no others; hundreds of pages in several languages would not fit in one header.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_INLINE_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_RULES = (
    "default-src 'self'",
    # React sets style attributes; they cannot be hashed.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
    "worker-src 'self'",
    "manifest-src 'self'",
)
# What the static files answer for an address that has no page of its own.
_STAND_INS = ("404.html", "__spa-fallback.html")
_FIRST_ERROR = 400


def content_security_policy(hashes: Iterable[str] = ()) -> str:
    """Only our own files, and only these inline scripts, may run."""
    return "; ".join([*_RULES, " ".join(["script-src 'self'", *sorted(hashes)])])


_NO_INLINE = content_security_policy()


def script_hashes(page: str) -> frozenset[str]:
    """Fingerprints of the scripts that a page holds inline, as sources of a content policy."""
    bodies = (
        match["body"]
        for match in _INLINE_SCRIPT.finditer(page)
        if match["body"] and " src=" not in match["attributes"]
    )
    return frozenset(f"'sha256-{b64encode(sha256(b.encode()).digest()).decode()}'" for b in bodies)


@dataclass(frozen=True)
class Policies:
    """The content policy of every page of one finished build."""

    by_file: dict[str, str]
    without_page: str
    """For pages that stand in for an address without a page of its own."""

    @classmethod
    def of(cls, static_dir: Path) -> "Policies":
        """Read the build once, at start."""
        hashes = {
            page.relative_to(static_dir).as_posix(): script_hashes(page.read_text(encoding="utf-8"))
            for page in static_dir.rglob("*.html")
        }
        common: frozenset[str] = frozenset().union(*(hashes.get(n, ()) for n in _STAND_INS))
        by_file = {name: content_security_policy(found) for name, found in hashes.items()}
        return cls(by_file, content_security_policy(common))

    def at(self, path: str, *, status: int, is_page: bool) -> str:
        """The policy for what is answered at ``path``.

        The address decides before the kind of content does: "304 Not Modified" names no kind, yet
        browsers take its policy over to the page that they have kept.
        """
        name = path.strip("/")
        files = (name, f"{name}/index.html", f"{name}.html") if name else ("index.html",)
        if status < _FIRST_ERROR:
            for known in files:
                if known in self.by_file:
                    return self.by_file[known]
        return self.without_page if is_page else _NO_INLINE
