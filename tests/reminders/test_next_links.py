"""The link "choose a time": it leads to the board, and whoever guesses at such links must wait."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from medibook.reminders.api import router
from tests.reminders.test_follow_ups import ADA, DUE, beat, seen
from tests.support.answers import knock, links_to

__all__ = ["seen"]
BOARD, NOWHERE = "/doctor/?id=mina-cho", "/find/"


@pytest.fixture
def told(seen):
    """Ada has been asked to book: the token that she was sent, and that of her visit's own link."""
    beat(seen, DUE)
    seen.books("Ada", "Dr Diaz", "2026-05-20 09:00")
    visit = links_to(seen, ADA)[0]
    letter = next(m for m in seen.mail_to(ADA) if m.kind == "reminder-follow-up")
    seen.of_visit = visit.removeprefix("/a/")
    seen.token = letter.body.split("/next/")[1].split()[0]
    return seen


def follow(*tokens):
    """Where each of these tokens leads."""
    house = FastAPI()
    house.include_router(router)

    async def ask():
        wire = httpx.ASGITransport(house)
        async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:8000") as browser:
            return [await browser.get(f"/next/{token}") for token in tokens]

    answers = asyncio.run(ask())
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.headers["referrer-policy"] for answer in answers} == {"no-referrer"}
    return [answer.headers["location"].partition("&")[0] for answer in answers]


def test_only_its_own_link_leads_to_the_board_and_only_while_it_lasts(told):
    assert knock("GET", f"/a/{told.of_visit}").status_code == 200
    assert follow(told.token, told.of_visit, "x" * 43) == [BOARD, NOWHERE, NOWHERE]
    assert knock("GET", f"/a/{told.token}").status_code == 404
    told.at("2026-06-13 09:00")
    assert follow(told.token) == [NOWHERE]


def test_whoever_tries_many_is_counted_with_the_other_links_and_what_is_good_always_opens(told):
    assert set(follow(*[told.token] * 110)) == {BOARD}  # none of them counts
    rows = len(told.audit())
    follow(*(f"{'x' * 30}{number}" for number in range(100)))
    assert len(told.audit()) == rows, "looking leaves no trace"
    assert knock("GET", f"/a/{'x' * 43}").status_code == 429
    assert follow(told.token) == [BOARD]
    assert knock("GET", f"/a/{told.of_visit}").status_code == 200
