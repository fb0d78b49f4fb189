"""Each provider's own library against a server that speaks its protocol, well and badly."""

import base64
import logging
import socket
import ssl
from datetime import timedelta
from time import monotonic
from uuid import UUID, uuid4

import pytest

from medibook.kernel.settings import Env, Settings
from medibook.notifications.channels import (
    ChannelError,
    Sender,
    Smtp,
    channels_of,
    running_clock,
    shape,
)
from medibook.notifications.channels.gateway import Gateway
from medibook.notifications.channels.mailbox import Mailbox
from medibook.notifications.channels.sendgrid import SendGrid, provider_id
from medibook.notifications.channels.twilio import Twilio
from medibook.notifications.channels.wire import Limits
from medibook.notifications.schemas import Channel, Outgoing
from tests.support.clinic import START
from tests.support.providers import (
    GatewayServer,
    MailServer,
    Mishap,
    SendGridServer,
    TwilioServer,
    babbles,
    busy,
    drips,
    fails,
    refuses,
    resets,
    stays_silent,
)

CLINIC = Sender("clinic@medibook.example", "Elm Row", "+44 20 7946 0100", "https://clinic.example")
QUICK = Limits(connect=1, read=0.4)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"


def letter(**other) -> Outgoing:
    said = {
        "message_id": uuid4(),
        "kind": "visit-booked",
        "to": "ada@example.org",
        "subject": "Elm Row: Your visit is booked",
        "body": "Your visit is booked.\n\nSee it here:\nhttps://clinic.example/visit/?id=1",
        "attachment_name": "visit.ics",
        "attachment": CALENDAR,
        "attempts": 1,
        "created_at": START,
        **other,
    }
    return Outgoing(**said)


def sms(**other) -> Outgoing:
    said = {"channel": Channel.SMS, "to": "+447700900123", "body": "Elm Row: Tue 24 Nov, 10:30"}
    return letter(**{**said, "subject": "", "attachment": "", "attachment_name": "", **other})


def refused(channel, message) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        channel.send(message)
    return caught.value


def outcome(error: ChannelError) -> str:
    if error.is_unknown:
        return "unknown"
    return "dead" if error.permanent else "retry"


@pytest.fixture
def mail():
    with MailServer() as running:
        yield running


@pytest.fixture(
    params=[SendGridServer, TwilioServer, GatewayServer], ids=lambda kind: kind.__name__
)
def web(request):
    with request.param() as running:
        yield running


@pytest.fixture
def sendgrid():
    with SendGridServer() as running:
        yield running


@pytest.fixture
def twilio():
    with TwilioServer() as running:
        yield running


@pytest.fixture
def gateway():
    with GatewayServer() as running:
        yield running


def channel_to(server, **other):
    """The channel for a server, and a message that it can carry."""
    limits = other.pop("limits", QUICK)
    if isinstance(server, SendGridServer):
        return SendGrid(server.key, CLINIC, base_url=server.url, limits=limits), letter()
    if isinstance(server, TwilioServer):
        account = (server.sid, server.token, server.number)
        return Twilio(*account, base_url=server.url, limits=limits, **other), sms()
    return Gateway(server.url, server.token, limits=limits), sms()


# ── what is taken ───────────────────────────────────────────────────────────────────────────────


def test_a_letter_by_smtp_arrives_as_it_was_written(mail):
    message = letter(unsubscribe="https://clinic.example/leave/abc")
    assert Smtp(mail.url, CLINIC).send(message) == f"<{message.message_id}@medibook.example>"
    (taken,) = mail.letters
    assert (taken.sender, taken.recipients) == ("clinic@medibook.example", ["ada@example.org"])
    assert taken.message_id == f"<{message.message_id}@medibook.example>"
    assert taken.content["List-Unsubscribe"] == "<https://clinic.example/leave/abc>"
    assert taken.content["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    kinds = [part.get_content_type() for part in taken.content.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_a_letter_without_a_way_out_names_none(mail):
    Smtp(mail.url, CLINIC).send(letter())
    assert mail.letters[0].content["List-Unsubscribe"] is None


def test_a_line_that_is_a_dot_does_not_end_the_letter(mail):
    Smtp(mail.url, CLINIC).send(letter(body="One\n.\n..\n.two"))
    text = mail.letters[0].content.get_body(("plain",)).get_content()
    assert text.splitlines()[:4] == ["One", ".", "..", ".two"]


def test_letters_of_one_session_share_a_connection_and_survive_its_end(mail):
    smtp = Smtp(mail.url, CLINIC)
    with smtp.session():
        for _ in range(3):
            smtp.send(letter())
        assert mail.connections == 1
        smtp._idle[0].sock.shutdown(socket.SHUT_RDWR)  # as a server does that waits no longer
        smtp.send(letter())
    assert (len(mail.letters), mail.connections) == (4, 2)
    smtp.send(letter())
    smtp.send(letter())
    assert mail.connections == 4


def test_an_address_in_another_script_is_written_as_every_server_reads_it(mail):
    smtp = Smtp(mail.url, CLINIC)
    smtp.send(letter(to="ada@bücher.example"))
    assert mail.letters[0].recipients == ["ada@xn--bcher-kva.example"]
    assert outcome(refused(smtp, letter(to="адa@example.org"))) == "dead"


def test_a_letter_by_sendgrid_carries_our_id_and_its_links_are_left_alone(sendgrid):
    channel, message = channel_to(sendgrid)
    assert channel.send(message) == "sg-00001"
    (taken,) = sendgrid.accepted
    assert taken["custom_args"] == {"message_id": str(message.message_id)}
    assert [part["type"] for part in taken["content"]] == ["text/plain", "text/html"]
    assert taken["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert taken["tracking_settings"]["open_tracking"] == {"enable": False}
    assert taken["headers"]["Message-ID"] == f"<{message.message_id}@medibook.example>"
    (file,) = taken["attachments"]
    assert base64.b64decode(file["content"]).decode() == CALENDAR
    assert (file["filename"], file["type"]) == ("visit.ics", "text/calendar")
    (to,) = taken["personalizations"]
    assert to == {"to": [{"email": "ada@example.org"}]}


def test_an_sms_by_twilio_says_where_its_delivery_is_reported(twilio):
    channel, message = channel_to(twilio, callback="https://clinic.example/api/callbacks/twilio/")
    assert channel.send(message) == f"SM{1:032x}"
    (taken,) = twilio.accepted
    assert (taken["to"], taken["from"], taken["body"]) == (
        message.to,
        twilio.number,
        message.body,
    )
    assert taken["callback"] == f"https://clinic.example/api/callbacks/twilio/{message.message_id}"


def test_a_messaging_service_of_twilio_chooses_the_number_itself(twilio):
    service = "MG" + "1" * 32
    Twilio(twilio.sid, twilio.token, service, base_url=twilio.url, limits=QUICK).send(sms())
    (taken,) = twilio.accepted
    assert (taken["from"], taken["messaging_service_sid"], taken["callback"]) == (None, service, "")


def test_a_gateway_is_told_the_same_id_each_time_and_takes_it_once(gateway):
    channel, message = channel_to(gateway)
    assert channel.send(message) == channel.send(message) == f"gw-{message.message_id}"
    assert gateway.accepted == [
        {"id": str(message.message_id), "to": message.to, "text": message.body}
    ]


# ── what goes wrong ─────────────────────────────────────────────────────────────────────────────

TAKEN_OR_NOT = [
    ("silence", stays_silent(2)),
    ("a reset before the answer", resets(0)),
    ("a reset in mid answer", resets(0.2)),
    ("an answer byte by byte", drips(0.05)),
    ("a gateway that gave up waiting", fails(504)),
]


@pytest.mark.parametrize("mishap", [m for _, m in TAKEN_OR_NOT], ids=[n for n, _ in TAKEN_OR_NOT])
def test_what_may_have_been_taken_is_unknown_and_is_looked_up(web, mishap):
    web.then(mishap, Mishap(accepts=True))
    channel, message = channel_to(web)
    began = monotonic()
    assert outcome(refused(channel, message)) == "unknown"
    assert monotonic() - began < 1.5
    found = channel.look_up(message)
    assert (found is not None) == bool(web.accepted)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_provider_that_fails_is_asked_again(web, status):
    web.then(fails(status))
    assert outcome(refused(*channel_to(web))) == "retry"


def test_a_busy_provider_says_how_long_to_wait(web):
    for asked, patience in (
        (busy(retry_after=7), 7),
        (busy("Sun, 22 Nov 2026 10:00:30 GMT", Date="Sun, 22 Nov 2026 10:00:00 GMT"), 30),
        (busy(Date="Sun, 22 Nov 2026 10:00:00 GMT", X_RateLimit_Reset="1795341612"), 12),
        (busy(retry_after=10**12), 24 * 3600),
    ):
        web.then(asked)
        error = refused(*channel_to(web))
        assert (outcome(error), error.retry_after) == ("retry", timedelta(seconds=patience))
    for nothing in (busy(), busy("soon"), busy("-5"), busy(X_RateLimit_Reset="²")):
        web.then(nothing)
        error = refused(*channel_to(web))
        assert (outcome(error), error.retry_after) == ("retry", None)


def test_a_key_that_is_refused_costs_no_message_its_life(web):
    channel, message = channel_to(web)
    type(web).key, right_key = "another", getattr(type(web), "key", None)
    type(web).token, right_token = "another", getattr(type(web), "token", None)
    try:
        error = refused(channel, message)
    finally:
        type(web).key, type(web).token = right_key, right_token
    assert outcome(error) == "retry"
    assert error.problem == "answer 401: the provider refuses the key"


def test_a_redirect_is_not_followed_for_it_would_carry_the_key_away(web):
    with SendGridServer() as elsewhere:
        web.then(Mishap(status=307, headers={"Location": elsewhere.url}))
        assert outcome(refused(*channel_to(web))) == "retry"
        assert elsewhere.requests == []


def test_no_proxy_of_the_environment_is_asked(web, monkeypatch):
    with SendGridServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("no_proxy", "")
        channel, message = channel_to(web)
        channel.send(message)
        assert (len(web.accepted), proxy.requests) == (1, [])


def test_a_provider_that_is_away_is_asked_again(web):
    channel, message = channel_to(web)
    web.shutdown()
    web.server_close()
    error = refused(channel, message)
    assert outcome(error) == "retry"
    assert error.problem == "cannot be reached: ConnectionRefusedError"


def test_whoever_does_not_take_up_the_telephone_is_not_waited_for():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # Its queue of one is full: further calls are not even answered.
        full = [socket.socket() for _ in range(2)]
        for waiting in full:
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        began = monotonic()
        error = refused(Gateway(url, "", limits=Limits(connect=0.5, read=9)), sms())
        assert outcome(error) == "retry"
        assert monotonic() - began < 3
        for waiting in full:
            waiting.close()


def test_an_answer_without_end_is_read_no_further(gateway):
    gateway.then(Mishap(accepts=True, body=b'{"id":"' + b"x" * 5_000_000))
    channel, message = channel_to(gateway)
    assert channel.send(message) == str(message.message_id)


def test_sendgrid_has_taken_what_it_says_with_202_however_it_says_it(sendgrid):
    channel, message = channel_to(sendgrid)
    sendgrid.then(babbles(), babbles(b'{"errors": "none"}'))
    assert channel.send(message) == "sg-00001"
    assert channel.send(letter()) == "sg-00002"
    sendgrid.then(Mishap(status=202))  # no X-Message-Id
    assert channel.send(letter()) == ""


@pytest.mark.parametrize("status", [400, 413, 415])
def test_sendgrid_refuses_a_letter_for_good(sendgrid, status):
    sendgrid.then(refuses(status, errors=[{"message": "ada@example.org is wrong"}]))
    error = refused(*channel_to(sendgrid))
    assert (outcome(error), error.problem) == ("dead", f"answer {status}")


@pytest.mark.parametrize(
    ("code", "wanted", "reason"),
    [
        (21211, "dead", "answer 400, code 21211: the number is none"),
        (21610, "dead", "answer 400, code 21610: the number has opted out"),
        (21614, "dead", "answer 400, code 21614: the number receives no SMS"),
        (21606, "retry", "answer 400, code 21606"),  # our own number, which can be mended
        (29999, "dead", "answer 400, code 29999"),
    ],
)
def test_twilio_says_why_a_number_gets_nothing(twilio, code, wanted, reason):
    twilio.then(refuses(400, code=code, message="+447700900123 is …", status=400))
    error = refused(*channel_to(twilio))
    assert (outcome(error), error.problem) == (wanted, reason)


@pytest.mark.parametrize("body", [b"{not json", b"", b"[]", b"null", b'{"sid": null}'])
def test_what_twilio_created_without_saying_what_is_looked_up(twilio, body):
    channel, message = channel_to(twilio)
    twilio.then(babbles(body), Mishap(accepts=True))
    assert outcome(refused(channel, message)) == "unknown"
    assert channel.look_up(message) == f"SM{1:032x}"


def test_a_letter_is_unknown_only_once_it_was_sent(mail):
    smtp = Smtp(mail.url, CLINIC, limits=QUICK)
    for mishap in (stays_silent(2), resets(0), drips(0.1)):
        mail.then(mishap)
        assert outcome(refused(smtp, letter())) == "unknown"
    assert len(mail.letters) == 3
    mail.answers_to_recipient.extend(["451 later", "550 nobody", "421 closing"])
    assert [outcome(refused(smtp, letter())) for _ in range(3)] == ["retry", "dead", "retry"]
    mail.then(fails(452), fails(554))
    assert [outcome(refused(smtp, letter())) for _ in range(2)] == ["retry", "dead"]
    assert len(mail.letters) == 3


def test_a_mail_server_that_greets_byte_by_byte_is_left():
    with socket.create_server(("127.0.0.1", 0)) as slow:
        url = f"smtp://127.0.0.1:{slow.getsockname()[1]}"
        began = monotonic()
        error = refused(Smtp(url, CLINIC, limits=Limits(connect=0.5, read=0.5)), letter())
        assert outcome(error) == "retry"
        assert monotonic() - began < 3


def test_a_mail_server_elsewhere_must_encrypt(mail, monkeypatch):
    port = mail.url.rpartition(":")[2]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [local(int(port))])
    error = refused(Smtp(f"smtp://mail.example:{port}", CLINIC), letter())
    assert (outcome(error), error.problem) == ("retry", "the mail server offers no encryption")
    assert mail.letters == []


def local(port):
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))


def test_a_certificate_that_is_not_the_providers_is_refused(gateway, tmp_path):
    """The server speaks no TLS at all here: nothing of the message has left by then."""
    url = gateway.url.replace("http://", "https://")
    error = refused(Gateway(url, gateway.token, limits=QUICK), sms())
    assert outcome(error) == "retry"
    assert gateway.requests == []
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_nothing_is_sent_once_it_is_too_late(web, mail):
    channel, message = channel_to(web)
    for each, said in ((channel, message), (Smtp(mail.url, CLINIC), letter())):
        error = refused(each, said.model_copy(update={"call_before": running_clock() - 0.001}))
        assert (outcome(error), error.is_held) == ("retry", True)
        each.send(said.model_copy(update={"call_before": running_clock() + 60}))
    assert (len(web.accepted), len(web.requests), len(mail.letters)) == (1, 1, 1)


def test_whoever_was_held_up_in_mid_call_does_not_go_on_with_it(web, monkeypatch):
    """Frozen between its headers and its text: on waking up it must not finish the sentence."""
    channel, message = channel_to(web)
    clock = iter([0.0, 99.0])
    monkeypatch.setattr(shape, "running_clock", lambda: next(clock))
    error = refused(channel, message.model_copy(update={"call_before": 60.0}))
    assert error.is_held
    assert web.accepted == []


# ── looking up ──────────────────────────────────────────────────────────────────────────────────


def test_each_provider_finds_what_it_has_taken_and_not_what_it_has_not(web):
    channel, message = channel_to(web)
    assert channel.look_up(message) is None
    taken = channel.send(message)
    assert channel.look_up(message) == taken
    other = message.model_copy(update={"message_id": uuid4(), "body": "Something else"})
    assert channel.look_up(other) is None


@pytest.mark.parametrize(
    "mishap",
    [fails(), refuses(403), busy(), babbles(), babbles(b"[]"), resets(0.3), stays_silent(1)],
)
def test_a_record_that_cannot_be_read_is_no_no(web, mishap):
    channel, message = channel_to(web)
    channel.send(message)
    web.then(mishap)
    if isinstance(web, GatewayServer) and mishap.body in (b"{not json", b"[]"):
        assert channel.look_up(message) == str(message.message_id)  # it answers by its status alone
        return
    with pytest.raises(ChannelError):
        channel.look_up(message)


def test_a_mail_server_keeps_no_record(mail):
    with pytest.raises(ChannelError):
        Smtp(mail.url, CLINIC).look_up(letter())


def test_twilio_is_not_asked_by_day_of_sending_and_older_texts_are_not_ours(twilio):
    channel, message = channel_to(twilio)
    channel.send(message)
    twilio.accepted[0]["date_created"] = "Sun, 29 Mar 2026 08:00:00 +0000"
    assert channel.look_up(message) is None
    twilio.accepted[0]["date_created"] = "Mon, 30 Mar 2026 07:54:00 +0000"
    assert channel.look_up(message) is None
    twilio.accepted[0]["date_created"] = "Mon, 30 Mar 2026 07:56:00 +0000"  # clocks differ
    taken = channel.look_up(message)
    assert taken is not None
    known = message.model_copy(update={"taken_ids": frozenset({taken})})
    assert channel.look_up(known) is None, "an equal text of ours, whose id we know"
    twilio.accepted[0]["direction"] = "inbound"
    assert channel.look_up(message) is None
    assert {name for asked in twilio.requests[1:] for name in asked.query} == {"To", "PageSize"}


def test_sendgrid_names_one_letter_in_several_ways():
    for said in (
        "Qb-V6X.filter0307p1las1-16816-5A023E36-1.0",
        "Qb-V6X.recvd-1",
        "Qb-V6X",
        " Qb-V6X ",
    ):
        assert provider_id(said) == "Qb-V6X"
    assert (
        provider_id("14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0")
        == "14c5d75ce93.dfd.64b469"
    )
    assert provider_id(None) == ""
    assert len(provider_id("x" * 999)) == 100


# ── what the log and the settings may hold ──────────────────────────────────────────────────────


def test_neither_key_nor_text_nor_number_reaches_the_log(web, caplog):
    caplog.set_level(logging.DEBUG)
    channel, message = channel_to(web)
    channel.send(message)
    web.then(fails(), refuses(400, message=message.to, code=21211))
    problems = [refused(channel, message).problem for _ in range(2)]
    said = caplog.text + " ".join(problems)
    for secret in (message.body.split("\n")[0], message.to, "local-", "Bearer", "Basic"):
        assert secret not in said


def test_the_settings_choose_the_providers():
    def kinds(**given):
        chosen = channels_of(Settings(env=Env.TEST, **given))
        assert type(chosen.pop(Channel.IN_APP)) is Mailbox
        return {channel: type(guarded._channel) for channel, guarded in chosen.items()}

    twilio = {"twilio_account_sid": "AC1", "twilio_auth_token": "t", "twilio_from": "+441"}
    assert kinds() == {}
    assert kinds(smtp_url="smtp://127.0.0.1:1") == {Channel.EMAIL: Smtp}
    both = {"smtp_url": "smtp://127.0.0.1:1", "sendgrid_api_key": "SG.1"}
    assert kinds(**both) == {Channel.EMAIL: SendGrid}
    assert kinds(sms_gateway_url="http://127.0.0.1:1/sms") == {Channel.SMS: Gateway}
    assert kinds(sms_gateway_url="http://127.0.0.1:1/sms", **twilio) == {Channel.SMS: Twilio}


def test_in_the_demo_what_nobody_carries_stands_in_the_mailbox():
    chosen = channels_of(Settings(env=Env.DEMO))
    ways = (Channel.IN_APP, Channel.EMAIL, Channel.SMS)
    assert {way: type(adapter) for way, adapter in chosen.items()} == dict.fromkeys(ways, Mailbox)


@pytest.mark.parametrize(
    ("base_url", "env", "wanted"),
    [
        ("https://clinic.example", Env.DEMO, "https://clinic.example/api/callbacks/twilio/"),
        ("http://127.0.0.1:8000", Env.TEST, "http://127.0.0.1:8000/api/callbacks/twilio/"),
        ("http://127.0.0.1:8000", Env.DEMO, ""),  # Twilio could not reach it
    ],
)
def test_deliveries_are_reported_only_where_the_provider_can_reach_us(
    base_url, env, wanted, twilio
):
    settings = Settings(
        env=env,
        base_url=base_url,
        twilio_account_sid=twilio.sid,
        twilio_auth_token=twilio.token,
        twilio_from=twilio.number,
        twilio_base_url=twilio.url,
    )
    message = sms(message_id=UUID(int=7))
    channels_of(settings)[Channel.SMS].send(message)
    assert twilio.accepted[0]["callback"] == (wanted and f"{wanted}{UUID(int=7)}")


def test_half_an_account_is_a_fault_of_the_settings():
    with pytest.raises(ValueError, match="MEDIBOOK_TWILIO_FROM"):
        Settings(env=Env.TEST, twilio_account_sid="AC1", twilio_auth_token="t")


@pytest.mark.parametrize("name", ["sendgrid_base_url", "twilio_base_url", "sms_gateway_url"])
def test_production_says_nothing_to_providers_on_an_open_line(name):
    safe = {"env": Env.PRODUCTION, "secret_key": "x" * 40, "base_url": "https://clinic.example"}
    Settings(**safe, **{name: "https://provider.example"})
    Settings(**safe, **{name: "http://127.0.0.1:9"})
    with pytest.raises(ValueError, match=f"MEDIBOOK_{name.upper()}"):
        Settings(**safe, **{name: "http://provider.example"})
