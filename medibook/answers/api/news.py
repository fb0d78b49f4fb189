"""The address at which news ends: a page that asks, a form that acts, and one tap of a mail program.

A mail program sends its POST without looking at the page (RFC 8058); a scanner only looks.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from medibook.answers import service
from medibook.answers.api.drawing import drawn
from medibook.answers.api.links import from_no_other_site, in_every_language, nothing
from medibook.answers.api.views import Asked, Page, page_of_too_many
from medibook.kernel.actor import STRANGER
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound, TooManyAttempts
from medibook.people.api import client_of
from medibook.ui.i18n import Translator, translator

router = APIRouter(tags=["answers"])


@router.api_route("/news/{token}", methods=["GET", "HEAD"])
async def ask(request: Request, token: str) -> Response:
    """Whether news is to end; nothing ends by looking."""
    return await asyncio.to_thread(_answer, request, token, ends=False)


@router.post("/news/{token}", dependencies=[Depends(from_no_other_site)])
async def end(
    request: Request,
    token: str,
    # A mail program says so in the body; ours is a form with nothing in it.
    one_click: Annotated[str, Form(alias="List-Unsubscribe", max_length=40)] = "",  # noqa: ARG001 - what it says changes nothing
) -> Response:
    """End news for whom the link was made."""
    return await asyncio.to_thread(_answer, request, token, ends=True)


def _answer(request: Request, token: str, *, ends: bool) -> Response:
    medibook = current()
    try:
        locale = medibook.perform(
            STRANGER, service.opens_news, token=token, client=client_of(request)
        )
        if locale is None:
            return nothing()
        if ends:
            medibook.perform(STRANGER, service.end_news, token=token)
    except TooManyAttempts as refusal:
        return in_every_language(page_of_too_many, refusal.status)
    except NotFound:
        return nothing()
    page = _page(translator(locale), f"/news/{token}", is_over=ends)
    return drawn(page, settings=medibook.settings)


def _page(_: Translator, here: str, *, is_over: bool) -> Page:
    words = (
        _("You get no more news by e-mail.")
        if is_over
        else _("Messages about your own visits go on reaching you.")
    )
    return Page(
        locale=_.locale,
        title=_("No more news") if is_over else _("No more news by e-mail?"),
        lines=(words,),
        call=_("Questions? Please call us:"),
        forms=() if is_over else (Asked(action=here, label=_("Send me no more news")),),
    )
