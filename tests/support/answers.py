"""Links in messages, opened as a browser without scripts does it: bare HTTP, no cookie."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from medibook.answers.api import routers
from medibook.http.headers import SecurityHeaders
from tests.support.visits import OpenClinic

_LINK = re.compile(r"https?://[^/\s]+(/a/[\w-]+)")
_FORM = re.compile(r'<form method="post" action="([^"]+)">(.*?)</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_HREF = re.compile(r'href="(/a/[^"]+)"')


def answer_api() -> Any:
    """The doors of answers behind the house's outer wall."""
    api = FastAPI()
    for router in routers:
        api.include_router(router)
    return SecurityHeaders(api, {"referrer-policy": "same-origin"}, None)


def knock(method: str, path: str, **kwargs: Any) -> httpx.Response:
    """One request, no redirect followed; never raises what the server would have answered with."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(answer_api(), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as wire:
            return await wire.request(method, path, **kwargs)

    return asyncio.run(ask())


def links_to(clinic: OpenClinic, address: str) -> list[str]:
    """The answer links in somebody's messages, the newest first, as paths."""
    return [link for mail in clinic.mail_to(address) for link in _LINK.findall(mail.body)]


def forms(page: httpx.Response) -> list[tuple[str, dict[str, str]]]:
    """The forms of a page: where each goes, and what it says."""
    return [
        (action.replace("&amp;", "&"), dict(_HIDDEN.findall(inside)))
        for action, inside in _FORM.findall(page.text)
    ]


def ways(page: httpx.Response) -> list[str]:
    """The addresses behind the same link that a page links to."""
    return [href.replace("&amp;", "&") for href in _HREF.findall(page.text)]


def send(form: tuple[str, dict[str, str]], **headers: str) -> httpx.Response:
    """Send a form as a page of ours does: with the origin "null"."""
    action, fields = form
    usual = {"origin": "null", "sec-fetch-site": "same-origin"}
    return knock("POST", action, data=fields, headers=usual | headers)


def press(path: str, to: str) -> httpx.Response:
    """Open a page and send its (first) form that goes to ``to``."""
    page = knock("GET", path)
    return send(next(form for form in forms(page) if form[0].endswith(f"/{to}")))


def snapshot(clinic: OpenClinic) -> dict[str, list[Any]]:
    """Every row of every table."""
    inspector = sa.inspect(clinic.medibook.engine)
    with clinic.medibook.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(sa.text(f'SELECT * FROM "{name}"'))))
            for name in inspector.get_table_names()
        }
