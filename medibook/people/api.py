"""The doors that the browser itself opens: signing in and out, links from messages, portraits.

A form is posted natively, because only an answer to a request can set a cookie that no script
reads. Each POST is refused unless it comes from a page of ours; GET changes nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from medibook.kernel.actor import STRANGER, Actor, Role
from medibook.kernel.application import MediBook, current
from medibook.kernel.errors import NotFound, Refusal
from medibook.kernel.settings import Env, Settings
from medibook.people import rules, service
from medibook.people.rules.browsers import FLASH, FLASH_SECONDS, LINK
from medibook.people.schemas import SignedIn
from medibook.ui.guard import cookie_name, session_in
from medibook.ui.i18n import DEFAULT_LOCALE, LOCALES, localised

_KNOWN_DAYS = 180
_SHORT = 300
_QUARTER = timedelta(minutes=15)


def from_our_page(request: Request) -> None:
    """Refuse a form that another site has sent (or made a browser send) in somebody's name."""
    fetched = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    trusted = origin in current().settings.origins
    # On one's own machine the clinic has several names, and the browser vouches that it is the same
    # one. In production it has those of the settings: a foreign name that points here is foreign.
    at_host = origin is not None and urlsplit(origin).netloc == request.headers.get("host")
    by_any_name = current().settings.env is not Env.PRODUCTION
    vouched = by_any_name and fetched == "same-origin" and (origin is None or at_host)
    if fetched not in (None, "same-origin") or not (trusted or vouched):
        raise HTTPException(403, "This form was not sent from a page of ours.")


router = APIRouter(tags=["accounts"])
_ours = Depends(from_our_page)
Text = Annotated[str, Form(max_length=_SHORT)]
Secret = Annotated[str, Form(max_length=1000)]


@router.post("/auth/sign-in", dependencies=[_ours])
async def sign_in(
    request: Request, email: Text = "", password: Secret = "", go_to: Text = "", locale: Text = ""
) -> Response:
    """Sign in with address and password; then to where one was heading."""
    medibook = current()
    known = request.cookies.get(_name(medibook.settings, "mb_known"), "")

    def story() -> SignedIn:
        checked = medibook.perform(
            STRANGER,
            service.check_password,
            email=email,
            password=password,
            client=client_of(request),
            known_browser=known[:_SHORT],
        )
        return medibook.perform(
            STRANGER, service.open_session, checked=checked, device=_device(request), go_to=go_to
        )

    try:
        signed_in = await asyncio.to_thread(story)
    except Refusal as refusal:
        answer = _back(
            "/sign-in/", locale, problem=rules.code_of(refusal), go_to=rules.own_path(go_to)
        )
        _keep(answer, FLASH, rules.flash(email), FLASH_SECONDS, medibook.settings)
        return answer
    return await _welcome(request, signed_in)


@router.post("/auth/sign-out", dependencies=[_ours])
async def sign_out(request: Request, locale: Text = "", everywhere: Text = "") -> Response:
    """Sign out, in this browser or everywhere."""
    medibook = current()
    actor = await _who(request)
    if not actor.is_stranger and everywhere:
        await _perform(medibook, actor, service.sign_out_everywhere, keep_this=False)
    elif not actor.is_stranger:
        await _perform(medibook, actor, service.sign_out)
    answer = _back("/", locale)
    _forget(answer, cookie_name(), medibook.settings)
    return answer


@router.post("/auth/verify", dependencies=[_ours])
async def verify(
    request: Request, token: Text = "", password: Secret = "", locale: Text = ""
) -> Response:
    """Prove an address by the link that was sent to it and the password that was chosen; sign in."""
    medibook = current()

    def story() -> SignedIn:
        checked = medibook.perform(
            STRANGER, service.check_link, token=token, password=password, client=client_of(request)
        )
        return medibook.perform(
            STRANGER, service.verify_email, token=token, checked=checked, device=_device(request)
        )

    try:
        signed_in = await asyncio.to_thread(story)
    except (rules.LinkSpent, rules.Suspended) as refusal:
        return _back("/verify/", locale, problem=rules.code_of(refusal))
    except Refusal as refusal:
        return _back_with_link("/verify/", token, locale, refusal)
    return await _welcome(request, signed_in)


@router.post("/auth/reset", dependencies=[_ours])
async def reset(
    request: Request, token: Text = "", password: Secret = "", locale: Text = ""
) -> Response:
    """Set a new password by the link that was sent; then sign in with it."""
    try:
        await _perform(
            current(),
            STRANGER,
            service.reset_password,
            token=token,
            password=password,
            client=client_of(request),
        )
    except rules.UnfitPassword as refusal:
        return _back_with_link("/reset/", token, locale, refusal)
    except Refusal as refusal:
        return _back("/forgot/", locale, problem=rules.code_of(refusal))
    answer = _back("/sign-in/", locale, done="reset")
    _forget(answer, cookie_name(), current().settings)
    _forget(answer, LINK, current().settings)
    return answer


@router.post("/auth/demo", dependencies=[_ours])
async def demo(request: Request, role: Text = "", go_to: Text = "", locale: Text = "") -> Response:
    """Sign in as the demo's first account of a role; 404 outside the demo."""
    try:
        signed_in = await _perform(
            current(),
            STRANGER,
            service.demo_sign_in,
            role=role,
            device=_device(request),
            go_to=go_to,
        )
    except NotFound as refusal:
        raise HTTPException(404) from refusal
    return await _welcome(request, signed_in, locale)


@router.post("/account/picture", dependencies=[_ours])
async def change_picture(
    request: Request, picture: UploadFile | None = None, remove: Text = "", locale: Text = ""
) -> Response:
    """Keep a portrait, drawn anew and small; or remove it."""
    medibook = current()
    actor = await _who(request)
    page = "/profile/" if actor.role is Role.PRACTITIONER else "/account/"
    if actor.is_stranger:
        return _back("/sign-in/", locale, go_to=page)
    sent = b"" if picture is None else await picture.read(rules.MOST_BYTES + 1)

    def story() -> None:
        if remove:
            medibook.perform(actor, service.remove_picture)
            return
        # The photograph is shrunk before the transaction, so that no writer waits for it; and not
        # by anybody without end, for it takes half a second of a processor.
        medibook.throttle.hit("picture", str(actor.user_id), times=20, within=_QUARTER)
        small = rules.portrait(sent).content
        medibook.perform(actor, service.keep_picture, content=small)

    try:
        await asyncio.to_thread(story)
    except Refusal as refusal:
        return _back(page, locale, problem=rules.code_of(refusal))
    return _back(page, locale, done="picture")


@router.get("/portraits/{picture_id}")
async def show_picture(request: Request, picture_id: UUID) -> Response:
    """A portrait: a practitioner's for everybody, anybody else's for its owner."""
    actor = await _who(request)
    try:
        found = await _perform(current(), actor, service.picture, picture_id=picture_id)
    except NotFound as refusal:
        raise HTTPException(404) from refusal
    headers = {
        # A new portrait has a new address, so a public one may be kept.
        "cache-control": "public, max-age=86400" if found.is_public else "private, no-store",
        "content-disposition": "inline",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(found.content, media_type=found.media_type, headers=headers)


async def _perform(medibook: MediBook, actor: Actor, act: Callable[..., Any], **kwargs: Any) -> Any:  # noqa: ANN401 - as the use case
    return await asyncio.to_thread(lambda: medibook.perform(actor, act, **kwargs))


async def _who(request: Request) -> Actor:
    token = session_in(request.headers.get("cookie", ""))
    return await asyncio.to_thread(current().actor_for, token)


async def _welcome(request: Request, signed_in: SignedIn, locale: str = "") -> Response:
    """Send somebody who has just signed in on their way, with the cookie of a fresh session."""
    medibook = current()
    before = await _who(request)
    if not before.is_stranger:  # the session that was in this browser ends with it
        await _perform(medibook, before, service.sign_out)
    home = rules.home_of(signed_in.role, approved=signed_in.approved)
    spoken = locale if locale in LOCALES else signed_in.locale
    answer = RedirectResponse(signed_in.go_to or localised(home, spoken), 303)
    settings = medibook.settings
    _keep(answer, cookie_name(), signed_in.token, settings.session_hours * 3600, settings)
    known = _name(settings, "mb_known")
    _keep(answer, known, signed_in.known_browser, _KNOWN_DAYS * 86400, settings)
    _forget(answer, FLASH, settings)
    _forget(answer, LINK, settings)
    return answer


def _back(page: str, locale: str, **told: str) -> RedirectResponse:
    """Return to a page of ours, which says what ``problem`` or ``done`` means."""
    query = urlencode({name: value for name, value in told.items() if value})
    spoken = localised(page, locale if locale in LOCALES else DEFAULT_LOCALE)
    return RedirectResponse(f"{spoken}?{query}" if query else spoken, 303)


def _back_with_link(page: str, token: str, locale: str, refusal: Refusal) -> RedirectResponse:
    """Return to a link's page; its secret is still good, so it goes where no log of addresses sees it."""
    answer = _back(page, locale, problem=rules.code_of(refusal))
    _keep(answer, LINK, rules.flash(token), FLASH_SECONDS, current().settings)
    return answer


def _name(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure_cookies else name


def _keep(answer: Response, name: str, value: str, seconds: int, settings: Settings) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _forget(answer: Response, name: str, settings: Settings) -> None:
    answer.delete_cookie(
        name, path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def _device(request: Request) -> str:
    return rules.device_named(request.headers.get("user-agent", "")[:500])


def client_of(request: Request) -> str:
    """The address of whoever asks, for limits."""
    return rules.client_address(
        direct=request.client.host if request.client else "",
        # All of them, in order: some proxies add a header of their own below the asker's.
        forwarded=",".join(request.headers.getlist("x-forwarded-for")),
        hops=current().settings.trusted_proxy_hops,
    )
