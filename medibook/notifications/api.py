"""What the providers report of a message afterwards: signed, or it is not heard at all.

Whoever can sign may also repeat himself: a state only ever goes forward, so a replay changes
nothing. A message that does not exist is answered as one that does.
"""

import asyncio
import binascii
import json
import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from medibook.kernel.actor import system
from medibook.kernel.application import MediBook, current
from medibook.kernel.errors import NotFound
from medibook.notifications import service
from medibook.notifications.channels.choosing import TWILIO_CALLBACK
from medibook.notifications.channels.sendgrid import OUR_ID, provider_id

log = logging.getLogger("medibook.callbacks")
router = APIRouter(tags=["callbacks"])

_TWILIO_BYTES = 16 * 1024
_SENDGRID_BYTES = 1024 * 1024
_FRESH = timedelta(minutes=10)
_REPORTED = frozenset({"processed", "deferred", "delivered", "bounce", "dropped"})
_LONGEST_STATE = 40

Report = tuple[UUID, str, str]
"""A message, how far it has come in the provider's word, and the provider's id of it."""


@router.post(TWILIO_CALLBACK + "{message_id}")
async def twilio_reports(request: Request, message_id: UUID) -> Response:
    """Twilio says how far an SMS has come; 403 unless it is signed with the account's token."""
    form = _form(await _body(request, _TWILIO_BYTES))
    settings = current().settings
    # The address that we gave out, not the Host header: that is whoever asks.
    url = f"{settings.callback_origin}{TWILIO_CALLBACK}{message_id}"
    token = settings.twilio_auth_token
    said = request.headers.get("x-twilio-signature", "")
    if token is None or not RequestValidator(token.get_secret_value()).validate(url, form, said):
        raise HTTPException(403)
    state, sid = form.get("MessageStatus", ""), form.get("MessageSid", "")
    return await _noted([(message_id, state[:_LONGEST_STATE], sid)])


@router.post("/api/callbacks/sendgrid")
async def sendgrid_reports(request: Request) -> Response:
    """SendGrid says how far letters have come; 403 unless it is signed, and recently."""
    body = await _body(request, _SENDGRID_BYTES)
    medibook = current()
    signature = request.headers.get(EventWebhookHeader.SIGNATURE, "")
    timestamp = request.headers.get(EventWebhookHeader.TIMESTAMP, "")
    key = medibook.settings.sendgrid_webhook_key
    if not key or not _is_signed(key, body, signature, timestamp):
        raise HTTPException(403)
    if not _is_fresh(timestamp, medibook.clock.now()):
        raise HTTPException(403)
    return await _noted(_reports(body))


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(413)
    return bytes(body)


def _form(body: bytes) -> ImmutableMultiDict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise HTTPException(403) from error
    return ImmutableMultiDict(pairs)


def _is_signed(key: str, body: bytes, signature: str, timestamp: str) -> bool:
    try:
        webhook = EventWebhook(key)
    except ValueError:
        log.exception("MEDIBOOK_SENDGRID_WEBHOOK_KEY is no public key: no report can be heard")
        return False
    try:
        return bool(webhook.verify_signature(body.decode(), signature, timestamp))
    except (ValueError, binascii.Error):  # no base64, no text, no ASCII
        return False


def _is_fresh(timestamp: str, now: datetime) -> bool:
    """Tell whether what was signed, in seconds since 1970, was signed just now."""
    if not (timestamp.isascii() and timestamp.isdecimal()):
        return False
    return abs(now.timestamp() - int(timestamp)) <= _FRESH.total_seconds()


def _reports(body: bytes) -> list[Report]:
    try:
        events = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if not isinstance(events, list):
        raise HTTPException(400)
    return [report for event in events if (report := _report(event)) is not None]


def _report(event: Any) -> Report | None:  # noqa: ANN401 - whatever JSON holds
    """One event of ours; None for those of other senders of the account, and for other kinds."""
    if not isinstance(event, dict) or event.get("event") not in _REPORTED:
        return None
    try:
        ours = UUID(str(event.get(OUR_ID)))
    except ValueError:
        return None
    return ours, event["event"], provider_id(event.get("sg_message_id"))


async def _noted(reports: list[Report]) -> Response:
    await asyncio.to_thread(_note, current(), reports)
    return Response(status_code=204)


def _note(medibook: MediBook, reports: list[Report]) -> None:
    teller = system("callbacks")
    for message_id, state, provided in reports:
        try:
            medibook.perform(
                teller,
                service.note_delivery,
                message_id=message_id,
                provider_state=state,
                provider_id=provided,
            )
        except NotFound:
            log.info("a report of a message that there is not")
