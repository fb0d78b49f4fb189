"""What providers report afterwards: only when signed, only forward, and however often the same."""

import asyncio
import base64
import json
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI
from twilio.request_validator import RequestValidator

from medibook.kernel.actor import STRANGER
from medibook.kernel.settings import Env, Settings
from medibook.notifications.api import router
from medibook.people import service as people

ORIGIN, TOKEN = "https://clinic.example", "a token"
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()


@pytest.fixture
def told(clinic):
    """A clinic that hears both providers, and one message that one of them has taken."""
    clinic.perform(STRANGER, people.ask_password_reset, email="ada@example.org")
    clinic.work_off()
    clinic.medibook.settings = Settings(
        env=Env.TEST,
        base_url=ORIGIN,
        twilio_account_sid="AC1",
        twilio_auth_token=TOKEN,
        twilio_from="+441",
        sendgrid_webhook_key=PUBLIC,
    )
    ((message_id,),) = clinic.rows("SELECT id FROM message")
    clinic.notes["id"] = UUID(str(message_id))
    takes(clinic, "attempting")
    return clinic


def takes(clinic, state, **values):
    given = {"state": state, "provider_id": "", "provider_state": "", **values}
    with clinic.medibook.engine.begin() as connection:
        row = sa.table("message", *map(sa.column, given))
        connection.execute(sa.update(row).values(given))


def stands(clinic):
    return tuple(clinic.rows("SELECT state, provider_state, provider_id FROM message")[0])


def post(path, content, headers, host="clinic.example"):
    api = FastAPI()
    api.include_router(router)

    async def ask():
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.post(path, content=content, headers=headers)

    return asyncio.run(ask())


def from_twilio(message_id, status, *, sid="SM1", token=TOKEN, origin=ORIGIN, host="x", **other):
    path = f"/api/callbacks/twilio/{message_id}"
    form = {"MessageSid": sid, "MessageStatus": status, "To": "+447700900123", **other}
    signed = RequestValidator(token).compute_signature(f"{origin}{path}", form)
    headers = {
        "X-Twilio-Signature": signed,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return post(path, urlencode(form).encode(), headers, host)


def signed_by(key, body, timestamp):
    signature = key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }


def from_sendgrid(clinic, *events, key=KEY, late=0, body=None):
    body = json.dumps(events).encode() if body is None else body
    timestamp = str(int(clinic.clock.now().timestamp()) - late)
    return post("/api/callbacks/sendgrid", body, signed_by(key, body, timestamp))


def event(message_id, kind, sg_id="sg-1.filter0001.16648.5515E0B88.0"):
    return {"event": kind, "message_id": str(message_id), "sg_message_id": sg_id, "email": "a@b.c"}


def test_twilio_moves_a_message_forward_and_never_back(told):
    ours = told.notes["id"]
    for status, known in (
        ("queued", "queued"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("queued", "delivered"),
        ("delivered", "delivered"),
    ):
        assert from_twilio(ours, status).status_code == 204
        assert stands(told) == ("accepted", known, "SM1")


def test_a_report_of_another_message_of_twilios_is_not_taken_for_ours(told):
    from_twilio(told.notes["id"], "sent", sid="SM1")
    from_twilio(told.notes["id"], "delivered", sid="SM2")
    assert stands(told) == ("accepted", "sent", "SM1")


def test_a_replay_leaves_no_second_trace(told):
    for _ in range(3):
        from_twilio(told.notes["id"], "delivered")
        from_sendgrid(told, event(told.notes["id"], "delivered"))
    assert [what for what, *_ in told.audit()].count("notifications.note_delivery") <= 1


def test_what_was_unknown_is_known_to_have_left_once_the_provider_speaks_of_it(told):
    takes(told, "unknown")
    assert from_sendgrid(told, event(told.notes["id"], "processed")).status_code == 204
    assert stands(told) == ("accepted", "processed", "sg-1")


def test_sendgrid_reports_many_at_once_and_strange_ones_among_them(told):
    ours = told.notes["id"]
    answer = from_sendgrid(
        told,
        event(ours, "open"),
        event(uuid4(), "delivered"),
        event("nonsense", "delivered"),
        {"event": "delivered"},
        "delivered",
        None,
        event(ours, ["delivered"]) | {"event": "deferred"},
        event(ours, "delivered"),
    )
    assert answer.status_code == 204
    assert stands(told) == ("accepted", "delivered", "sg-1")


def test_an_unknown_message_is_answered_as_a_known_one(told):
    known, unknown = from_twilio(told.notes["id"], "sent"), from_twilio(uuid4(), "sent")
    assert (known.status_code, known.content, known.headers) == (
        unknown.status_code,
        unknown.content,
        unknown.headers,
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "another"},
        {"origin": "https://evil.example"},
        {"origin": "https://evil.example", "host": "evil.example"},
        {"origin": "http://evil.example", "host": "evil.example"},
        {"origin": "http://clinic.example", "host": "clinic.example"},
    ],
)
def test_nobody_else_speaks_for_twilio(told, wrong):
    before = stands(told)
    assert from_twilio(told.notes["id"], "delivered", **wrong).status_code == 403
    assert stands(told) == before


def test_what_was_signed_for_one_message_says_nothing_of_another(told):
    path = f"/api/callbacks/twilio/{uuid4()}"
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signed = RequestValidator(TOKEN).compute_signature(ORIGIN + path, form)
    headers = {"X-Twilio-Signature": signed}
    ours = f"/api/callbacks/twilio/{told.notes['id']}"
    assert post(ours, urlencode(form).encode(), headers).status_code == 403
    assert (
        post(path, urlencode(form | {"MessageStatus": "failed"}).encode(), headers).status_code
        == 403
    )
    assert post(path, urlencode(form).encode(), headers).status_code == 204


@pytest.mark.parametrize("signature", ["", "x", "ü", "é" * 28, "A" * 28])
def test_a_signature_that_is_none_is_refused_and_breaks_nothing(told, signature):
    ours = f"/api/callbacks/twilio/{told.notes['id']}"
    header = {"X-Twilio-Signature": signature.encode()}
    assert post(ours, b"MessageStatus=delivered", header).status_code == 403
    body = json.dumps([event(told.notes["id"], "delivered")]).encode()
    headers = signed_by(KEY, body, str(int(told.clock.now().timestamp())))
    headers["X-Twilio-Email-Event-Webhook-Signature"] = signature.encode()
    assert post("/api/callbacks/sendgrid", body, headers).status_code == 403
    assert stands(told) == ("attempting", "", "")


def test_nobody_else_speaks_for_sendgrid_and_nobody_later(told):
    ours = event(told.notes["id"], "delivered")
    other = ec.generate_private_key(ec.SECP256R1())
    assert from_sendgrid(told, ours, key=other).status_code == 403
    for late in (601, -601, 10**9):
        assert from_sendgrid(told, ours, late=late).status_code == 403
    body = json.dumps([ours]).encode()
    headers = signed_by(KEY, body, str(int(told.clock.now().timestamp())))
    forged = {**headers, "X-Twilio-Email-Event-Webhook-Timestamp": "1"}
    assert post("/api/callbacks/sendgrid", body, forged).status_code == 403
    assert post("/api/callbacks/sendgrid", body + b" ", headers).status_code == 403
    assert post("/api/callbacks/sendgrid", b"\xff", headers).status_code == 403
    assert stands(told) == ("attempting", "", "")
    assert from_sendgrid(told, ours, late=599).status_code == 204


@pytest.mark.parametrize("timestamp", ["", "soon", "1e9", "-1", "9" * 30, "１"])
def test_a_signed_time_that_is_none_is_refused(told, timestamp):
    body = b"[]"
    headers = signed_by(KEY, body, timestamp)
    headers = {name: value.encode() for name, value in headers.items()}
    assert post("/api/callbacks/sendgrid", body, headers).status_code == 403


@pytest.mark.parametrize("body", [b"{}", b"null", b"[", b"1", b"[" * 100_000])
def test_signed_nonsense_is_told_to_be_nonsense(told, body):
    assert from_sendgrid(told, body=body).status_code == 400


def test_more_than_a_report_can_be_is_not_read_to_its_end(told):
    ours = f"/api/callbacks/twilio/{told.notes['id']}"
    assert post(ours, b"x" * 20_000, {}).status_code == 413
    assert post("/api/callbacks/sendgrid", b" " * 1_100_000, {}).status_code == 413


def test_without_a_key_nobody_is_believed(told):
    token_of_nobody = RequestValidator("").compute_signature("", {})
    told.medibook.settings = Settings(env=Env.TEST, base_url=ORIGIN)
    path = f"/api/callbacks/twilio/{told.notes['id']}"
    assert post(path, b"", {"X-Twilio-Signature": token_of_nobody}).status_code == 403
    assert from_twilio(told.notes["id"], "delivered", token="").status_code == 403
    assert from_sendgrid(told, event(told.notes["id"], "delivered")).status_code == 403
    told.medibook.settings = Settings(env=Env.TEST, sendgrid_webhook_key="bm9uZQ==")
    assert from_sendgrid(told, event(told.notes["id"], "delivered")).status_code == 403
    assert stands(told) == ("attempting", "", "")
