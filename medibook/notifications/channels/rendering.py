"""What a letter says, as text and as HTML, from one body: paragraphs, facts in a box, buttons.

The bodies are plain text, written by whoever tells; here is only their layout. An empty line parts
paragraphs. Several lines in a row are facts (when, where, reference). A line that is nothing but an
address of ours becomes a button, named by the line above it if that is short; what leads elsewhere
stays text, so that no letter of ours can be made to point at somebody else.
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
_OPEN = N_("Open the page")
# What is longer is a sentence, and stays one above its button.
_LONGEST_LABEL = 36


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
        "blocks": blocks(body, origin, open_words=_(_OPEN)),
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


def blocks(body: str, origin: str, *, open_words: str) -> list[Block]:
    """Take a body apart into its pieces, in order; ``open_words`` are on a button without a short name."""
    pieces = _BREAK.split(body.replace("\r\n", "\n").strip())
    return [_block(piece, origin, open_words) for piece in pieces if piece.strip()]


def _block(piece: str, origin: str, open_words: str) -> Block:
    block = Block()
    for line in (line.strip() for line in piece.split("\n")):
        if not is_ours(line, origin):
            block.lines.append(line)
        else:
            block.buttons.append((_label_above(block.lines) or open_words, line))
    return block


def _label_above(lines: list[str]) -> str:
    """Take the button's name off the line above it, if that announces it in a few words; else ""."""
    if not lines or not lines[-1].endswith(":"):
        return ""
    sentence, _, last = lines[-1].removesuffix(":").rpartition(". ")
    if len(last) > _LONGEST_LABEL:
        return ""
    lines.pop()
    if sentence:
        lines.append(f"{sentence}.")
    return last


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
