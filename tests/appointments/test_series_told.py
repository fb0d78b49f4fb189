"""What is told of a series: in time for it to be true, and of each visit what has become of it."""

import pytest
import sqlalchemy as sa

from medibook.appointments import service as appointments
from medibook.appointments.schemas.series import Scope
from medibook.notifications.jobs import deliver_messages
from medibook.notifications.rules import fits_one_sms
from medibook.wiring import STILL_TRUE
from tests.support.series import book, cancel, move, wish
from tests.support.sms import CLINIC, by_sms, texts

ADA, CHO = "ada@example.org", "cho@example.org"
TUESDAYS = ["2026-04-07 10:00", "2026-04-14 10:00", "2026-04-21 10:00", "2026-04-28 10:00"]


@pytest.fixture
def engine_name():
    """What is told is the same on every engine."""
    return "sqlite"


@pytest.fixture
def nobody_delivers(open_clinic):
    """Letters wait for a mail server that does not answer."""
    wait = {"smtp_url": "smtp://127.0.0.1:9"}
    settings = open_clinic.medibook.settings
    open_clinic.medibook.settings = settings.model_copy(update=wait)
    return open_clinic


def told(clinic, address=ADA):
    """What has left by mail, or waits to leave, oldest first: the kind, its state, and how many times."""
    clinic.work_off()
    return [
        (message.kind, message.state, message.body.count("London time"))
        for message in reversed(clinic.mail_to(address))
        if message.channel == "email"
    ]


def deliver(clinic):
    clinic.work_off()
    deliver_messages(clinic.medibook, STILL_TRUE)


def test_when_one_visit_is_cancelled_before_the_message_left_the_others_are_told_anew(
    nobody_delivers,
):
    series = book(nobody_delivers, "Ada", wish(nobody_delivers, "Dr Cho", TUESDAYS[0], 4))
    assert told(nobody_delivers) == [("series-booked", "planned", 4)]
    nobody_delivers.later(seconds=1)
    nobody_delivers.cancels("Ada", series.visits[1])
    for address in (ADA, CHO):
        assert sorted(told(nobody_delivers, address)) == [
            ("series-booked", "expired", 4),
            ("series-booked", "planned", 3),
            ("visit-cancelled", "planned", 1),
        ]


def test_what_was_dropped_for_being_untrue_is_told_anew_as_well(nobody_delivers):
    """The change is committed, its effects wait, and somebody delivers just then."""
    series = book(nobody_delivers, "Ada", wish(nobody_delivers, "Dr Cho", TUESDAYS[0], 4))
    told(nobody_delivers)
    nobody_delivers.cancels("Ada", series.visits[1])
    deliver_messages(nobody_delivers.medibook, STILL_TRUE)
    (dropped,) = nobody_delivers.rows(
        "SELECT problem FROM message WHERE kind = 'series-booked' AND \"to\" = :to "
        "AND channel = 'email' AND state = 'expired'",
        to=ADA,
    )
    assert dropped.problem == "cancelled"
    assert ("series-booked", "planned", 3) in told(nobody_delivers)


def test_a_visit_that_has_begun_makes_the_others_no_less_true(nobody_delivers):
    series = book(nobody_delivers, "Ada", wish(nobody_delivers, "Dr Cho", TUESDAYS[0], 4))
    told(nobody_delivers)
    with nobody_delivers.medibook.engine.begin() as raw:
        change = sa.text("UPDATE appointment SET status = 'arrived' WHERE reference = :it")
        raw.execute(change, {"it": series.visits[0].reference})
    settings = nobody_delivers.medibook.settings
    nobody_delivers.medibook.settings = settings.model_copy(update={"smtp_url": None})
    deliver(nobody_delivers)
    assert told(nobody_delivers) == [("series-booked", "accepted", 4)]


def test_a_move_by_the_clinic_waits_and_taken_back_at_once_is_told_to_nobody(open_clinic):
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    deliver(open_clinic)
    open_clinic.later(minutes=1)
    moved = move(open_clinic, "Gus", series.visits[0], "2026-04-07 15:00", Scope.ALL)
    deliver(open_clinic)
    assert told(open_clinic) == [("series-booked", "accepted", 4), ("series-moved", "planned", 4)]
    open_clinic.later(minutes=3)
    move(open_clinic, "Gus", moved.visits[0], TUESDAYS[0], Scope.ALL)
    deliver(open_clinic)
    open_clinic.later(minutes=20)
    deliver(open_clinic)
    assert told(open_clinic) == [("series-booked", "accepted", 4), ("series-moved", "expired", 4)]


def test_what_the_practitioner_has_read_already_is_still_told_to_the_patient(open_clinic):
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    deliver(open_clinic)
    open_clinic.later(minutes=1)
    moved = move(open_clinic, "Gus", series.visits[0], "2026-04-07 15:00", Scope.ALL)
    deliver(open_clinic)
    assert ("series-moved", "accepted", 4) in told(open_clinic, CHO)
    open_clinic.later(minutes=3)
    open_clinic.cancels("Gus", moved.visits[1], "ill")
    deliver(open_clinic)
    open_clinic.later(minutes=30)
    deliver(open_clinic)
    assert ("series-moved", "accepted", 3) in told(open_clinic)
    assert ("series-moved", "accepted", 3) not in told(open_clinic, CHO), "he knows it"


def test_what_the_clinic_cancels_is_told_after_the_grace_and_by_sms_to_whom_wants_it(open_clinic):
    with open_clinic.medibook.engine.begin() as raw:
        raw.execute(sa.text("UPDATE patient SET phone = '+442079460201' WHERE name = 'Ada Abara'"))
        wants = "INSERT INTO message_wish VALUES (:who, 'visits', 'sms', 1)"
        raw.execute(sa.text(wants), {"who": open_clinic.ada.user_id.hex})
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    open_clinic.later(minutes=1)
    cancel(open_clinic, "Gus", series.visits[1], Scope.FOLLOWING, reason="the doctor is away")
    assert ("series-cancelled", "planned", 3) in told(open_clinic)
    open_clinic.later(minutes=11)
    deliver(open_clinic)
    assert ("series-cancelled", "accepted", 3) in told(open_clinic)
    (sms,) = open_clinic.rows(
        "SELECT body FROM message WHERE channel = 'sms' AND kind = 'series-cancelled'"
    )
    assert "Tue 14 Apr, 10:00" in sms.body
    assert len(sms.body) <= 160


def test_the_ledger_of_each_visit_shows_what_was_told_of_the_series(open_clinic):
    series = book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 4))
    deliver(open_clinic)
    for visit in series.visits:
        _, lines = open_clinic.perform(
            open_clinic.cho,
            appointments.messages_of_visit,
            appointment_id=visit.appointment_id,
        )
        assert {line.kind for line in lines} == {"series-booked"}


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Your visits are booked: Tue 7 Apr, 10:00 and 11 more"),
        ("de", "Ihre Termine sind gebucht: Di., 7. Apr., 10:00 und 11 weitere"),
    ],
)
def test_of_many_visits_one_sms_names_the_first(open_clinic, locale, said):
    by_sms(open_clinic, locale)
    book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 12))
    (text,) = texts(open_clinic, "series-booked")
    assert text == f"{CLINIC}: {said}"
    assert fits_one_sms(text)


def test_a_name_in_another_alphabet_leaves_room_for_less_and_no_word_is_cut(open_clinic):
    by_sms(open_clinic, "en")
    named = {"clinic_name": "Łąkowa 12, Przychodnia Rodzinna"}
    open_clinic.medibook.settings = open_clinic.medibook.settings.model_copy(update=named)
    book(open_clinic, "Ada", wish(open_clinic, "Dr Cho", TUESDAYS[0], 12))
    (text,) = texts(open_clinic, "series-booked")
    assert text == "Łąkowa 12, Przychodnia Rodzinna: Your visits are booked"
