"""What a letter says, as text and as HTML, from one body: paragraphs, facts in a box, buttons.

The bodies are plain text, written by whoever tells; here is only their layout. An empty line parts
paragraphs. Several lines in a row are facts (when, where, reference). A line that is nothing but an
address of ours becomes a button, named by the line above it; what leads elsewhere stays text, so
that no letter of ours can be made to point at somebody else.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from babel import Locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from medibook.kernel.words import N_
from medibook.ui.i18n import translator

_TEMPLATES = Path(__file__).parent / "templates"
_BREAK = re.compile(r"\n[ \t]*\n")
_UNSUBSCRIBE = N_("Receive no more messages of this kind")


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter's two alternatives, which say the same."""

    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a letter: lines of text, or facts in a box, and the buttons below them."""

    lines: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_facts(self) -> bool:
        """Tell whether these are facts rather than a sentence."""
        return len(self.lines) > 1


def written(
    subject: str,
    body: str,
    *,
    locale: str,
    clinic: str,
    phone: str,
    origin: str,
    unsubscribe: str = "",
) -> Writing:
    """Lay out a body in its reader's language; the words themselves are not touched."""
    _ = translator(locale)
    values = {
        "subject": subject,
        # The clinic's name stands above it already.
        "heading": subject.removeprefix(f"{clinic}: "),
        "body": body.strip().replace("\r\n", "\n"),
        "blocks": blocks(body, origin),
        "lang": _.locale,
        "direction": Locale.parse(_.locale).text_direction,
        "clinic": clinic,
        "phone": phone,
        "unsubscribe": unsubscribe,
        "unsubscribe_words": _(_UNSUBSCRIBE),
    }
    pages = _pages()
    return Writing(
        text=pages.get_template("letter.txt").render(values),
        html=pages.get_template("letter.html").render(values),
    )


def blocks(body: str, origin: str) -> list[Block]:
    """Take a body apart into its pieces, in order."""
    pieces = _BREAK.split(body.replace("\r\n", "\n").strip())
    return [_block(piece, origin) for piece in pieces if piece.strip()]


def _block(piece: str, origin: str) -> Block:
    block = Block()
    for line in (line.strip() for line in piece.split("\n")):
        if not is_ours(line, origin):
            block.lines.append(line)
        elif block.lines and block.lines[-1].endswith(":"):
            label = block.lines.pop().removesuffix(":")
            sentence, _, last = label.rpartition(". ")
            if sentence:
                block.lines.append(f"{sentence}.")
            block.buttons.append((last, line))
        else:
            block.buttons.append((line, line))
    return block


def is_ours(line: str, origin: str) -> bool:
    """Tell whether a line is an address of the clinic's own pages, and nothing else."""
    return line.startswith(f"{origin}/") and not re.search(r"[\s<>\"']", line)


@lru_cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
