"""An SMS comes in: by Twilio, signed; or by the clinic's own gateway, which shows its token.

Whoever is not whom they say gets 403, and learns nothing of what would have happened. A message that
comes twice is heard once.
"""

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from medibook.answers import service
from medibook.kernel.actor import system
from medibook.kernel.application import current
from medibook.kernel.crypto import same
from medibook.kernel.errors import Busy

router = APIRouter(tags=["callbacks"])

TWILIO_INBOUND: Final = "/api/sms/twilio"
GATEWAY_INBOUND: Final = "/api/sms/gateway"
_MOST_BYTES: Final = 16 * 1024
_NO_ANSWER: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


class GatewayMessage(BaseModel):
    """What a gateway posts, as JSON; ``id`` is its own, the same whenever it sends the message."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    id: str = Field(min_length=1, max_length=100)
    sender: str = Field(alias="from", max_length=20)
    text: str = Field(max_length=4000)


@router.post(TWILIO_INBOUND)
async def twilio_brings(request: Request) -> Response:
    """Twilio brings an SMS; 403 unless it is signed with the account's token."""
    form = _form(await _body(request))
    settings = current().settings
    token = settings.twilio_auth_token
    # The address that the operator has given to Twilio, not the Host header: that is whoever asks.
    url = f"{settings.origin}{TWILIO_INBOUND}"
    said = request.headers.get("x-twilio-signature", "")
    if token is None or not RequestValidator(token.get_secret_value()).validate(url, form, said):
        raise HTTPException(403)
    sid = form.get("MessageSid", "")
    if not sid:
        raise HTTPException(400)
    # With Twilio's own opt-out a message may mean STOP in words that only Twilio knows.
    text = {"STOP": "STOP", "START": "START"}.get(form.get("OptOutType", ""), form.get("Body", ""))
    await _heard(form.get("From", ""), text, f"twilio:{sid}")
    return Response(_NO_ANSWER, media_type="text/xml")


@router.post(GATEWAY_INBOUND)
async def gateway_brings(request: Request) -> Response:
    """The clinic's gateway brings an SMS; 403 unless it shows the token that was agreed."""
    token = current().settings.sms_gateway_token
    kind, _, shown = request.headers.get("authorization", "").partition(" ")
    agreed = token.get_secret_value() if token else ""
    if not agreed or kind.casefold() != "bearer" or not same(shown, agreed):
        raise HTTPException(403)
    try:
        message = GatewayMessage.model_validate_json(await _body(request))
    except ValidationError as error:
        raise HTTPException(422) from error
    await _heard(message.sender, message.text, f"gateway:{message.id}")
    return Response(status_code=204)


async def _heard(sender: str, text: str, provider_id: str) -> None:
    def story() -> None:
        current().perform(
            system("sms"), service.hear_sms, number=sender, text=text, provider_id=provider_id[:120]
        )

    try:
        await asyncio.to_thread(story)
    except Busy as busy:  # nothing was heard: the provider is to bring it again
        raise HTTPException(busy.status) from busy


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise HTTPException(413)
    return bytes(body)


def _form(body: bytes) -> ImmutableMultiDict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise HTTPException(403) from error
    return ImmutableMultiDict(pairs)
