"""The addresses behind links in messages. Looking changes nothing, whoever looks; a form acts.

The token in the address is the key. No cookie is read and none is set, so another site could send a form
in somebody's name only if it knew the key already.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from medibook.answers import service
from medibook.answers.api.drawing import drawn
from medibook.answers.api.views import (
    Page,
    page_of,
    page_of_nothing,
    page_of_times,
    page_of_too_many,
    page_that_asks,
)
from medibook.answers.schemas import Answer, Said
from medibook.kernel.actor import STRANGER, Actor
from medibook.kernel.application import current
from medibook.kernel.errors import Conflict, NotFound, Refusal, TooManyAttempts
from medibook.kernel.settings import Env
from medibook.notifications.schemas.links import Action
from medibook.people.api import client_of
from medibook.ui.claims import claimed_day, claimed_id, claimed_start
from medibook.ui.i18n import LOCALES, Translator, translator

_LOOK: Final = ["GET", "HEAD"]
_SEE_OTHER = 303


def from_no_other_site(request: Request) -> None:
    """Refuse a form that says itself that another site has sent it.

    Our pages send none of their address along, and therefore the origin "null".
    """
    origin = request.headers.get("origin")
    at_host = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    by_any_name = current().settings.env is not Env.PRODUCTION
    ours = origin in (None, "null", *current().settings.origins) or (by_any_name and at_host)
    if not ours or request.headers.get("sec-fetch-site") not in (None, "none", "same-origin"):
        raise HTTPException(403, "This form was not sent from a page of ours.")


router = APIRouter(tags=["answers"])
Text = Annotated[str, Form(max_length=60)]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A link that opens something: for whom, and in which language."""

    token: str
    actor: Actor
    answer: Answer
    words: Translator

    @property
    def here(self) -> str:
        return f"/a/{self.token}"

    def back(self, **told: str) -> Response:
        """To the first page behind this link."""
        query = "".join(f"&{name}={value}" for name, value in told.items())
        return RedirectResponse(f"{self.here}?lang={self.words.locale}{query}", _SEE_OTHER)

    def first_page(self, *, done: str = "", refusal: Refusal | None = None) -> Response:
        """How it stands and what can be done; with what was just done, or why it was not."""
        problem = refusal.message(self.words) if refusal else ""
        page = page_of(self.words, self.here, self.answer, done=done, problem=problem)
        return _page(page, refusal)

    def board(self, *, on: str = "", refusal: Refusal | None = None) -> Response:
        """The free times from a day on; back to the first page when the link moves nothing now."""
        board = current().perform(
            self.actor, service.times_to_move_to, token=self.token, first_day=claimed_day(on)
        )
        if board is None or not board.days:
            return self.first_page(refusal=refusal) if refusal else self.back()
        _ = self.words
        problem = f"{refusal.message(_)} {_('Your old time is kept.')}" if refusal else ""
        return _page(page_of_times(_, self.here, self.answer, board, problem=problem), refusal)


@router.api_route("/a/{token}", methods=_LOOK)
async def show(request: Request, token: str, lang: str = "", done: str = "") -> Response:
    """What a link is for, how it stands, and what can be done with it."""
    return await _answered(request, token, lang, lambda opened: opened.first_page(done=done))


@router.api_route("/a/{token}/cancel", methods=_LOOK)
async def ask_to_cancel(request: Request, token: str, lang: str = "") -> Response:
    """Whether it is really to be cancelled."""

    def asks(opened: _Opened) -> Response:
        if Action.CANCEL not in opened.answer.actions:
            return opened.back()
        return _page(page_that_asks(opened.words, opened.here, opened.answer))

    return await _answered(request, token, lang, asks)


@router.api_route("/a/{token}/move", methods=_LOOK)
async def show_times(request: Request, token: str, lang: str = "", on: str = "") -> Response:
    """The free times to which the visit can be moved, from a day on."""
    return await _answered(request, token, lang, lambda opened: opened.board(on=on))


@router.api_route("/a/{token}/{action}", methods=_LOOK)
async def look_at_action(token: str, action: str) -> Response:  # noqa: ARG001 - its form is elsewhere
    """An action is not done by looking at it: back to the page that asks."""
    return RedirectResponse(f"/a/{quote(token)}", _SEE_OTHER)


@router.post("/a/{token}/{action}", dependencies=[Depends(from_no_other_site)])
async def act(
    request: Request,
    token: str,
    action: str,
    lang: Text = "",
    seen: Text = "",
    to: Text = "",
    offer: Text = "",
) -> Response:
    """Do what the form says, if the link allows it; then show how it stands."""

    def acts(opened: _Opened) -> Response:
        try:
            chosen = _chosen(action)
            said = Said(
                starts_at=_moment(seen),
                to=_moment(to),
                offer_id=claimed_id(offer) if offer else None,
            )
            current().perform(
                opened.actor, service.answer_by_link, token=token, action=chosen, said=said
            )
        except Refusal as refusal:
            if type(refusal) is NotFound:  # its kinds have something to say to a person
                return nothing()
            return _refused(request, opened, action, refusal)
        return opened.back(done=chosen)

    return await _answered(request, token, lang, acts, is_action=True)


def _refused(request: Request, opened: _Opened, action: str, refusal: Refusal) -> Response:
    """The page on which it goes on, as it stands now, with the reason."""
    anew = _open(request, opened.token, opened.words.locale)
    if anew is None:
        return nothing()
    if action == Action.MOVE and Action.MOVE in anew.answer.actions:
        return anew.board(refusal=refusal)
    return anew.first_page(refusal=refusal)


async def _answered(
    request: Request,
    token: str,
    lang: str,
    story: Callable[[_Opened], Response],
    *,
    is_action: bool = False,
) -> Response:
    """Open the link, and let the story make its page; one page for all that opens nothing."""

    def answer() -> Response:
        try:
            opened = _open(request, token, lang)
        except TooManyAttempts as refusal:
            return in_every_language(page_of_too_many, refusal.status)
        if opened is not None:
            return story(opened)
        if is_action:  # looking leaves no trace, trying does
            current().refused(STRANGER, "answers.service.links.answer_by_link", NotFound.code)
        return nothing()

    return await asyncio.to_thread(answer)


def _open(request: Request, token: str, lang: str) -> _Opened | None:
    """What a token opens now, judged anew; None when it opens nothing. Raises TooManyAttempts."""
    medibook = current()
    link = medibook.perform(STRANGER, service.whose_link, token=token, client=client_of(request))
    if link is None:
        return None
    actor, locale = link
    answer = medibook.perform(actor, service.what_to_answer, token=token)
    if answer is None:
        return None
    return _Opened(token, actor, answer, translator(lang if lang in LOCALES else locale))


def _chosen(action: str) -> Action:
    if action not in set(Action):
        raise NotFound
    return Action(action)


def _moment(claim: str) -> datetime | None:
    try:
        return claimed_start(claim) if claim else None
    except NotFound:
        raise Conflict from None  # what no form of ours would say: it was not read there


def _page(page: Page, refusal: Refusal | None = None) -> Response:
    return drawn(page, settings=current().settings, status=refusal.status if refusal else 200)


def nothing() -> Response:
    """What every link shows that opens nothing."""
    return in_every_language(page_of_nothing, NotFound.status)


def in_every_language(page: Callable[[Translator], Page], status: int) -> Response:
    """A page in all languages: whoever comes with nothing has none of their own either."""
    pages = [page(translator(locale)) for locale in LOCALES]
    return drawn(*pages, settings=current().settings, status=status)
