"""Where somebody may be sent: to our own pages, and nowhere else."""

import re
from urllib.parse import unquote

from medibook.kernel.actor import Role

# A path of plain characters: no scheme, no host (//), no backslash that browsers read as a slash,
# no control characters that they drop.
_OWN = re.compile(r"/(?!/)[\w\-./~%&=?+:,@!*'()]*", re.ASCII)
_LONGEST = 300
# Signing somebody in and then sending them to sign in, out or to an action again helps nobody.
_NOT_A_GOAL = re.compile(r"/(\w\w/)?(auth|sign-in|register|verify|forgot|reset)(/|\?|$)")


def own_path(claim: str) -> str:
    """Return ``claim`` when it is the address of a page of ours, else ""."""
    readable = unquote(claim)
    if len(claim) > _LONGEST or not _OWN.fullmatch(claim):
        return ""
    # What is hidden behind percent signs is judged as it will be read.
    if (
        readable.startswith(("//", "/\\"))
        or "\\" in readable
        or any(c < " " or c == "\x7f" for c in readable)
    ):
        return ""
    return "" if _NOT_A_GOAL.match(claim) or "//" in readable.split("?")[0] else claim


def home_of(role: str, *, approved: bool) -> str:
    """Return the page on which somebody's day begins."""
    match role:
        case Role.PATIENT:
            return "/visits/"
        case Role.PRACTITIONER:
            return "/day/" if approved else "/profile/"
        case Role.ADMIN:
            return "/admin/doctors/"
        case Role.STAFF:
            return "/desk/"
        case _:
            return "/"
