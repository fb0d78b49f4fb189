"""The text of a message on a page: only links to our own pages can be followed."""

import re
from dataclasses import dataclass, field

import reflex as rx

from medibook.ui.components import link

_LINK = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a line: words, or a link to a page of ours."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a message."""

    parts: list[Part] = field(default_factory=list)


def lines(body: str, origin: str) -> list[Line]:
    """The text of a message; links to our own pages, and only these, can be followed."""
    return [Line(parts=_parts(line, origin)) for line in body.split("\n")]


def _parts(line: str, origin: str) -> list[Part]:
    parts, at = [], 0
    for found in _LINK.finditer(line):
        address = found.group()
        own = address[len(origin) :] if address.startswith(f"{origin}/") else ""
        parts += [Part(text=line[at : found.start()]), Part(text=address, href=own)]
        at = found.end()
    return [part for part in (*parts, Part(text=line[at:])) if part.text]


def drawn_line(line: rx.Var[Line]) -> rx.Component:
    """One line of a message, drawn."""
    return rx.el.p(
        rx.foreach(
            line.parts,
            lambda part: rx.cond(part.href, link(part.text, href=part.href), part.text),
        )
    )
