"""Who is told what, and the calendar file."""

import pytest
from icalendar import Calendar

from medibook.appointments import service
from medibook.kernel.errors import NotFound

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
ADA, BEN, CHO = "ada@example.org", "ben@example.org", "cho@example.org"


def told(clinic, address):
    """What somebody was told, in the order in which it happened."""
    return [(m.kind, m.attachment_name) for m in reversed(clinic.mail_to(address))]


def test_a_booking_is_told_to_both_with_time_place_and_link(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    assert told(open_clinic, ADA) == [("visit-booked", "visit.ics")]
    assert told(open_clinic, CHO) == [("new-visit", "")]
    (message,) = open_clinic.mail_to(ADA)
    for part in (
        "Wednesday 1 April 2026, 09:00 (London time)",
        "1 Elm Row",
        f"/visit/?id={visit.appointment_id}",
        visit.reference,
    ):
        assert part in message.body


def test_a_message_says_nothing_of_why_or_with_whom(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    open_clinic.work_off()
    rows = open_clinic.rows("SELECT subject, body, attachment FROM message")
    assert len(rows) == 4  # each by e-mail and in the app
    for word in ("mole", "Cho", "Ada", "Skin", "Dermatology"):
        assert not any(word in text for row in rows for text in row), word


def test_messages_are_in_the_readers_language(open_clinic):
    open_clinic.books("Ben", "Dr Cho", NINE)
    (message,) = open_clinic.mail_to(BEN)
    assert "Mittwoch, 1. April 2026, 09:00" in message.body
    assert "/de/visit/?id=" in message.body


def test_telling_twice_sends_once(open_clinic):
    open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()
    with open_clinic.medibook.engine.begin() as raw:
        raw.exec_driver_sql("UPDATE outbox_event SET done_at = NULL")
    open_clinic.later(minutes=3)
    assert open_clinic.work_off()
    assert told(open_clinic, ADA) == [("visit-booked", "visit.ics")]


def test_what_is_no_longer_so_is_not_told(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    assert told(open_clinic, ADA) == [("visit-moved", "visit.ics")]
    assert told(open_clinic, CHO) == [("visit-moved", "")]


def test_a_request_and_its_answer_are_told(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert told(open_clinic, ADA) == [("visit-requested", "")]
    assert told(open_clinic, CHO) == [("new-request", "")]
    open_clinic.later(minutes=5)
    open_clinic.perform(
        open_clinic.cho, service.accept_request, appointment_id=visit.appointment_id
    )
    assert told(open_clinic, ADA)[1:] == [("visit-accepted", "visit.ics")]
    assert len(told(open_clinic, CHO)) == 1


def test_a_declined_request_is_told_without_the_reason(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.perform(
        open_clinic.cho,
        service.decline_request,
        appointment_id=visit.appointment_id,
        reason="a mole is not for me",
    )
    (message,) = open_clinic.mail_to(ADA)
    assert message.kind == "visit-declined"
    assert "mole" not in message.body


def test_who_cancels_is_not_told_what_they_did_but_the_patient_always_is(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()
    open_clinic.later(minutes=5)
    open_clinic.cancels("Dr Cho", visit, "ill")
    assert told(open_clinic, CHO) == [("new-visit", "")]
    assert told(open_clinic, ADA)[1:] == [("visit-cancelled", "visit.ics")]


def test_the_practitioner_is_told_what_patient_and_front_desk_cancel(open_clinic):
    open_clinic.cancels("Ada", open_clinic.books("Ada", "Dr Cho", NINE))
    open_clinic.work_off()
    open_clinic.later(minutes=5)
    open_clinic.cancels("Gus", open_clinic.books("Ben", "Dr Cho", TEN), "power cut")
    assert [kind for kind, _ in told(open_clinic, CHO)] == ["visit-cancelled"] * 2


def file_of(clinic, visit, who="Ada"):
    return clinic.perform(
        clinic.who(who), service.calendar_file, appointment_id=visit.appointment_id
    )


def event_in(text):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_the_calendar_file_says_when_and_where_and_no_more(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE, reason="a mole")
    event = event_in(file_of(open_clinic, visit))
    assert event["dtstart"].dt == visit.starts_at
    assert event["dtend"].dt == visit.ends_at
    assert (event["class"], event["status"]) == ("PRIVATE", "CONFIRMED")
    assert event["summary"] == "Appointment at MediBook"
    assert event["location"] == "Elm Row, 1 Elm Row, E1 1AA London"
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "CLASS",
        "STATUS", "URL",
    }  # fmt: skip


def test_a_later_file_replaces_the_earlier_one(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    first = event_in(file_of(open_clinic, visit))
    moved = open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    second = event_in(file_of(open_clinic, moved))
    assert second["uid"] == first["uid"]
    assert (first["sequence"], second["sequence"]) == (1, 2)
    open_clinic.cancels("Ada", moved)
    text = file_of(open_clinic, moved)
    assert (event_in(text)["status"], event_in(text)["sequence"]) == ("CANCELLED", 3)
    assert "METHOD:CANCEL" in text


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_a_name_with_a_line_break_cannot_plant_a_property(open_clinic, ending):
    with open_clinic.medibook.engine.begin() as raw:
        raw.exec_driver_sql(f"UPDATE location SET name = 'Elm{ending}ATTACH:http://evil.example'")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    text = file_of(open_clinic, visit)
    assert "ATTACH" not in event_in(text)
    assert not any(line.startswith("ATTACH") for line in text.splitlines())
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@pytest.mark.parametrize("who", ["Ben", "Dr Diaz"])
def test_the_calendar_file_is_for_patient_and_practitioner_alone(open_clinic, who):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert file_of(open_clinic, visit, "Dr Cho")
    with pytest.raises(NotFound):
        file_of(open_clinic, visit, who)
