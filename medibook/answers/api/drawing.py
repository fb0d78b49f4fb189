"""Drawing a page behind a link: one template, no script, and headers that keep its address to itself."""

from pathlib import Path
from typing import Final

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from medibook.answers.api.views import Page, Shown
from medibook.kernel.settings import Settings
from medibook.ui.theme import NIGHT_STYLESHEET, PLAIN_STYLESHEETS

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADERS: Final = {
    # The address is the key: it goes into no other site's log, no cache and no search engine.
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex, nofollow",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
}


def drawn(*pages: Page, settings: Settings, status: int = 200) -> Response:
    """The page as an answer to a browser; of several, one below the other, the first speaks for all."""
    shown = Shown(pages=pages, clinic=settings.clinic_name, phone=settings.clinic_phone)
    content = _TEMPLATES.get_template("answer.html").render(
        shown=shown, sheets=PLAIN_STYLESHEETS, night=NIGHT_STYLESHEET
    )
    return Response(content, status, headers=_HEADERS, media_type="text/html")
