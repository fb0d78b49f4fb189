"""The door behind the link "choose a time": it leads to the board where the next visit is booked."""

import asyncio
from typing import Final

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from medibook.kernel.actor import STRANGER
from medibook.kernel.application import current
from medibook.kernel.errors import NotFound
from medibook.reminders import service as reminders

router = APIRouter(tags=["reminders"])
_SEE_OTHER: Final = 303
# The address is only its reader's: no other site, cache or search engine learns it.
_HEADERS: Final = {
    "referrer-policy": "no-referrer",
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex, nofollow",
}


@router.get("/next/{token}")
async def choose_a_time(token: str) -> RedirectResponse:
    """To the board; with a link that has run out, to the search. Nothing changes by looking."""
    return RedirectResponse(await asyncio.to_thread(_where, token), _SEE_OTHER, headers=_HEADERS)


def _where(token: str) -> str:
    try:
        return current().perform(STRANGER, reminders.where_to_book, token=token)
    except NotFound:
        return "/find/"
