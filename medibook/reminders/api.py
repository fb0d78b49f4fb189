"""The door behind the link "choose a time": it leads to the board where the next visit is booked."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from medibook.kernel.actor import STRANGER
from medibook.kernel.application import current
from medibook.kernel.errors import TooManyAttempts
from medibook.people.api import client_of
from medibook.reminders import service as reminders

router = APIRouter(tags=["reminders"])
_SEE_OTHER: Final = 303
_NOWHERE: Final = "/find/"
# The address is only its reader's: no other site, cache or search engine learns it.
_HEADERS: Final = {
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex, nofollow",
}


@router.get("/next/{token}")
async def choose_a_time(request: Request, token: str) -> RedirectResponse:
    """To the board; with a link that has run out, to the search. Nothing changes by looking."""
    return RedirectResponse(
        await asyncio.to_thread(_where, request, token), _SEE_OTHER, headers=_HEADERS
    )


def _where(request: Request, token: str) -> str:
    client = client_of(request)
    try:
        found = current().perform(STRANGER, reminders.where_to_book, token=token, client=client)
    except TooManyAttempts:  # it opens nothing, as so many before it
        found = None
    return found or _NOWHERE
