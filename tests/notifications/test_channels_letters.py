"""What a letter says, in text and HTML; and what nobody can slip into it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medibook.notifications.channels import ChannelError, Sender, Smtp
from medibook.notifications.channels.circuit import Circuit, Guarded
from medibook.notifications.channels.letter import letter_of, sealed
from medibook.notifications.channels.rendering import blocks, written
from medibook.notifications.channels.sendgrid import SendGrid
from medibook.notifications.schemas import Channel, Outgoing
from tests.support.clinic import START
from tests.support.providers import MailServer, SendGridServer

HERE = "https://clinic.example"
CLINIC = Sender("clinic@medibook.example", "Elm Row", "+44 20 7946 0100", HERE)
BODY = (
    "Your visit at Elm Row is booked.\n\n"
    "Tuesday 24 November 2026, 10:30 (London time)\n1 Elm Row, London\nReference: K7\n\n"
    "It was: Monday\n\n"
    f"Please come early. See, move or cancel it here:\n{HERE}/visit/?id=1&x=2\n\n"
    "https://evil.example/pay"
)


class Page(HTMLParser):
    """The links, words and addresses of a page."""

    def __init__(self, html):
        super().__init__()
        self.links, self.said, self.tags, self.loads, self._in = [], [], [], [], []
        self.root = {}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self._in.append(tag)
        if tag == "html":
            self.root = attributes
        if tag == "a":
            self.links.append(attributes["href"])
        self.loads += [value for name, value in attrs if name in ("src", "background", "srcset")]

    def handle_endtag(self, tag):
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._in and data.strip():
            self.said.append(data.strip())


def page_of(body=BODY, **other):
    said = {"locale": "en", "clinic": "Elm Row", "phone": "+44 20", "origin": HERE, **other}
    return written(said.pop("subject", "Your visit is booked"), body, **said)


def letter(**other) -> Outgoing:
    said = {
        "message_id": uuid4(),
        "kind": "visit-booked",
        "to": "ada@example.org",
        "subject": "Your visit is booked",
        "body": BODY,
        "attachment_name": "visit.ics",
        "attachment": "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
        "attempts": 1,
        "created_at": START,
        **other,
    }
    return Outgoing(**said)


def test_a_body_falls_into_sentences_facts_and_buttons():
    first, facts, was, last, foreign = blocks(BODY, HERE, open_words="Open the page")
    assert (first.lines, first.has_facts) == (["Your visit at Elm Row is booked."], False)
    assert facts.has_facts
    assert facts.lines[0].startswith("Tuesday")
    assert (was.has_facts, was.buttons) == (False, [])
    assert last.lines == ["Please come early."]
    assert last.buttons == [("See, move or cancel it here", f"{HERE}/visit/?id=1&x=2")]
    assert (foreign.lines, foreign.buttons) == (["https://evil.example/pay"], [])


def test_a_sentence_stays_above_its_button_and_a_bare_address_has_one_too():
    body = (
        f"You can set it on this page within 30 minutes, no later:\n{HERE}/reset/?token=1\n\n"
        f"{HERE}/visits/"
    )
    page = Page(page_of(body, locale="de").html)
    assert "You can set it on this page within 30 minutes, no later:" in page.said
    assert page.links == [f"{HERE}/reset/?token=1", f"{HERE}/visits/"]
    assert page.said.count("Seite öffnen") == 2


def test_text_and_html_say_the_same_and_html_loads_nothing():
    said = page_of(unsubscribe=f"{HERE}/leave/x")
    page = Page(said.html)
    assert page.links == [f"{HERE}/visit/?id=1&x=2", f"{HERE}/leave/x"]
    assert page.loads == []
    assert not {"img", "script", "link", "iframe", "form"} & set(page.tags)
    assert "url(" not in said.html
    assert "@import" not in said.html
    words = " ".join(page.said)
    for line in filter(None, BODY.split("\n")):
        assert line in said.text
        if not line.startswith(HERE):
            assert line.removesuffix(":").rpartition(". ")[2] in words
    assert "Elm Row\n+44 20\n" in said.text
    assert f"{HERE}/leave/x" in said.text
    assert "Receive no more" not in page_of().text


@pytest.mark.parametrize("locale", ["en", "de", "xx"])
def test_a_letter_names_its_language_and_the_way_it_is_read(locale):
    page = Page(page_of(locale=locale, unsubscribe=f"{HERE}/leave/x").html)
    assert page.root == {"lang": "de" if locale == "de" else "en", "dir": "ltr"}
    german = "Keine Nachrichten dieser Art mehr erhalten"
    assert (german in page.said) == (locale == "de")


def test_what_somebody_has_typed_is_no_markup():
    hostile = "<script>alert(1)</script>\n\n<a href='https://evil.example'>x</a> {{ 7*7 }}\"&"
    said = page_of(hostile, subject="<b>Hi</b>", clinic="<i>Elm</i>", phone="<u>1</u>")
    page = Page(said.html)
    assert page.links == []
    assert not {"script", "b", "i", "u"} & set(page.tags)
    assert "<script>alert(1)</script>" in page.said
    assert "{{ 7*7 }}" in " ".join(page.said)
    assert hostile in said.text


@pytest.mark.parametrize(
    "address",
    [
        "https://clinic.example.evil.example/",
        "https://clinic.example@evil.example/",
        "https://clinic.example",
        "HTTPS://CLINIC.EXAMPLE/",
        'https://clinic.example/"onclick="x',
        "https://clinic.example/a b",
        "javascript:alert(1)",
        "//clinic.example/",
    ],
)
def test_only_an_address_of_ours_becomes_a_button(address):
    assert Page(page_of(f"See it here:\n{address}").html).links == []


HOSTILE = "\r\nBcc: evil@x.example\r\nATTACH:https://evil.example/x\r\n\r\n<b>"


@pytest.mark.parametrize("field", ["subject", "to", "attachment_name", "unsubscribe"])
@pytest.mark.parametrize("new_line", ["\r\n", "\n", "\r"])
def test_a_line_break_in_a_header_stops_the_letter_before_anybody_hears_of_it(field, new_line):
    whole = letter()
    hostile = (getattr(whole, field) or f"{HERE}/leave") + HOSTILE.replace("\r\n", new_line)
    with MailServer() as mail, SendGridServer() as sendgrid:
        channels = [
            Smtp(mail.url, CLINIC),
            SendGrid(sendgrid.key, CLINIC, base_url=sendgrid.url),
        ]
        for channel in channels:
            with pytest.raises(ChannelError) as refused:
                channel.send(whole.model_copy(update={field: hostile}))
            assert refused.value.permanent
        assert (mail.letters, sendgrid.requests) == ([], [])


def test_hostile_words_change_neither_recipients_nor_headers_nor_parts():
    plain, hostile = letter(), letter(body="Hi" + HOSTILE + "\r\n.\r\nMAIL FROM:<evil@x.example>")
    with MailServer() as mail:
        for message in (plain, hostile):
            Smtp(mail.url, CLINIC).send(message)
    usual, attacked = mail.letters
    assert attacked.recipients == usual.recipients == ["ada@example.org"]
    assert attacked.sender == usual.sender
    assert attacked.content.keys() == usual.content.keys()
    kinds = [[p.get_content_type() for p in taken.content.walk()] for taken in mail.letters]
    assert kinds[0] == kinds[1]
    assert "Bcc: evil@x.example" in attacked.content.get_body(("plain",)).get_content()


@example("", "to")
@example("\ud800", "body")
@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200),
    st.sampled_from(["subject", "to", "attachment_name", "unsubscribe", "body"]),
)
def test_whatever_is_written_a_letter_has_one_recipient_and_the_headers_it_should(text, field):
    usual = Smtp("smtp://127.0.0.1:1", CLINIC).letter(letter(unsubscribe=f"{HERE}/leave"))
    message = letter(unsubscribe=f"{HERE}/leave").model_copy(update={field: text})
    try:
        made, raw = letter_of(message, CLINIC), sealed(message, CLINIC)
    except ChannelError as error:
        assert error.permanent  # noqa: PT017 - most texts make a letter
        return
    head = raw.split(b"\r\n\r\n", 1)[0]
    names = re.findall(rb"(?m)^([A-Za-z-]+):", head)
    assert len(names) == len(set(names))
    assert {n.decode().lower() for n in names} <= {n.lower() for n in usual}
    assert len(made["To"].addresses) == 1


# ── the circuit ─────────────────────────────────────────────────────────────────────────────────


class Flaky:
    """A provider that does what it is told next."""

    settles_after, keeps_record = timedelta(0), True

    def __init__(self):
        self.asked, self.next = 0, None

    def send(self, message):
        self.asked += 1
        if self.next is not None:
            raise self.next
        return "taken"

    def look_up(self, message):
        return "taken"


def sent(channel):
    message = letter(channel=Channel.EMAIL)
    try:
        return channel.send(message)
    except ChannelError as error:
        return "held" if error.is_held else "failed"


def test_a_provider_that_fails_again_and_again_is_given_a_pause():
    time, flaky = [100.0], Flaky()
    circuit = Circuit(opens_after=3, pause=timedelta(seconds=30), now=lambda: time[0])
    guarded = Guarded(flaky, circuit)
    flaky.next = ChannelError("answer 500", is_outage=True)
    assert [sent(guarded) for _ in range(5)] == ["failed"] * 3 + ["held"] * 2
    assert flaky.asked == 3
    with pytest.raises(ChannelError) as held:
        guarded.send(letter())
    assert held.value.retry_after == timedelta(seconds=30)
    assert not held.value.permanent
    assert not held.value.is_unknown
    time[0] += 30
    assert [sent(guarded) for _ in range(3)] == ["failed", "held", "held"]
    assert flaky.asked == 4
    time[0] += 30
    flaky.next = None
    assert [sent(guarded) for _ in range(3)] == ["taken"] * 3


def test_a_pause_lasts_as_long_as_the_provider_asks_for():
    time, flaky = [0.0], Flaky()
    guarded = Guarded(flaky, Circuit(opens_after=1, now=lambda: time[0]))
    flaky.next = ChannelError("answer 429", retry_after=timedelta(minutes=5), is_outage=True)
    assert sent(guarded) == "failed"
    time[0] += 299
    assert sent(guarded) == "held"
    time[0] += 2
    assert sent(guarded) == "failed"


def test_a_message_that_is_refused_for_its_own_sake_is_no_failure_of_the_provider():
    flaky = Flaky()
    guarded = Guarded(flaky, Circuit(opens_after=2))
    greylisted, refused = ChannelError("451"), ChannelError("550", permanent=True)
    for error in (ChannelError("500", is_outage=True), greylisted, refused) * 3:
        flaky.next = error
        assert sent(guarded) == "failed"
    assert flaky.asked == 9
