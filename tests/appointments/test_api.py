"""The calendar file over HTTP."""

import asyncio

import httpx
from fastapi import FastAPI

from medibook.appointments.api import router

NINE = "2026-04-01 09:00"


def get(visit_id, token=""):
    api = FastAPI()
    api.include_router(router)

    async def ask():
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://clinic") as client:
            cookie = {"cookie": f"mb_session={token}"} if token else {}
            return await client.get(f"/visits/{visit_id}/calendar.ics", headers=cookie)

    return asyncio.run(ask())


def test_the_file_is_given_to_whoever_the_cookie_says_and_may_see_it(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    ada = open_clinic.signs_in("ada@example.org").token
    answer = get(visit.appointment_id, ada)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.text.startswith("BEGIN:VCALENDAR")


def test_absent_and_somebody_elses_look_alike_and_strangers_sign_in_first(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    ben = open_clinic.signs_in("ben@example.org").token
    theirs = get(visit.appointment_id, ben)
    absent = get("00000000-0000-4000-8000-000000000009", ben)
    assert (theirs.status_code, theirs.text) == (absent.status_code, absent.text)
    assert theirs.status_code == 404
    assert get(visit.appointment_id).status_code == 401
    assert get(visit.appointment_id, "made up").status_code == 401
    assert get("not-a-uuid", ben).status_code == 422
