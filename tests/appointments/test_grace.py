"""What the clinic changes waits; what it takes back meanwhile, nobody hears of."""

import pytest

from medibook.appointments import service
from medibook.notifications.jobs import deliver_messages
from medibook.wiring import STILL_TRUE

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"
ADA = "ada@example.org"


def moves(clinic, visit, wall, **other):
    return clinic.perform(
        clinic.cho,
        service.reschedule_appointment,
        appointment_id=visit.appointment_id,
        starts_at=clinic.moment(wall),
        version=visit.version,
        **other,
    )


def undoes(clinic, visit):
    return clinic.perform(
        clinic.cho,
        service.undo_reschedule,
        appointment_id=visit.appointment_id,
        version=visit.version,
    )


def sent(clinic, kind):
    """What has left to Ada by mail of a kind: the subjects."""
    clinic.work_off()
    deliver_messages(clinic.medibook, STILL_TRUE)
    return [
        message.subject
        for message in clinic.mail_to(ADA)
        if message.kind == kind and message.state == "accepted" and message.channel == "email"
    ]


@pytest.fixture
def booked(open_clinic):
    """Ada's visit, of which she knows."""
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    assert sent(open_clinic, "visit-booked")
    return visit


def test_a_move_by_the_clinic_is_told_ten_minutes_later(open_clinic, booked):
    moves(open_clinic, booked, TEN)
    assert sent(open_clinic, "visit-moved") == []
    open_clinic.later(minutes=9)
    assert sent(open_clinic, "visit-moved") == []
    open_clinic.later(minutes=1)
    assert sent(open_clinic, "visit-moved") == ["Your visit has moved"]


@pytest.mark.parametrize("seen", [True, False])
def test_what_is_undone_at_once_is_told_to_nobody(open_clinic, booked, seen):
    moved = moves(open_clinic, booked, TEN)
    if seen:  # its message has been written, and waits
        assert sent(open_clinic, "visit-moved") == []
        open_clinic.later(minutes=3)
    undoes(open_clinic, moved)
    for _ in range(3):
        assert sent(open_clinic, "visit-moved") == []
        open_clinic.later(minutes=10)
    rows = open_clinic.rows("SELECT state FROM message WHERE kind = 'visit-moved'")
    assert set(rows) <= {("expired",)}


def test_what_was_told_and_then_undone_is_told(open_clinic, booked):
    moved = moves(open_clinic, booked, TEN)
    sent(open_clinic, "visit-moved")
    open_clinic.later(minutes=10)
    assert sent(open_clinic, "visit-moved") == ["Your visit has moved"]
    undoes(open_clinic, moved)
    sent(open_clinic, "visit-moved")
    open_clinic.later(minutes=10)
    assert sent(open_clinic, "visit-moved")[0] == "Your visit is at its old time"


def test_who_was_told_on_the_telephone_is_told_that_it_is_back(open_clinic, booked):
    moved = moves(open_clinic, booked, TEN, tell=False)
    undoes(open_clinic, moved)
    sent(open_clinic, "visit-moved")
    open_clinic.later(minutes=10)
    assert sent(open_clinic, "visit-moved") == ["Your visit is at its old time"]


def test_of_two_moves_only_the_last_is_told(open_clinic, booked):
    moved = moves(open_clinic, booked, TEN)
    sent(open_clinic, "visit-moved")
    open_clinic.later(minutes=4)
    moves(open_clinic, moved, "2026-04-01 11:00")
    sent(open_clinic, "visit-moved")
    open_clinic.later(minutes=10)
    assert len(sent(open_clinic, "visit-moved")) == 1
    assert "11:00" in open_clinic.mail_to(ADA)[0].body


def test_what_patients_do_themselves_is_confirmed_at_once(open_clinic, booked):
    moved = open_clinic.moves("Ada", booked, "Dr Cho", TEN)
    assert sent(open_clinic, "visit-moved") == ["Your visit has moved"]
    open_clinic.cancels("Ada", moved)
    assert sent(open_clinic, "visit-cancelled") == ["Your visit is cancelled"]


def test_who_may_be_on_the_way_is_told_at_once(open_clinic, booked):
    open_clinic.at("2026-04-01 06:00")  # two hours before
    open_clinic.cancels("Gus", booked, "ill")
    assert sent(open_clinic, "visit-cancelled") == ["Your visit is cancelled"]


def test_a_clinic_that_wants_no_grace_has_none(open_clinic, booked):
    open_clinic.policy(change_grace_minutes=0)
    open_clinic.cancels("Gus", booked, "ill")
    assert sent(open_clinic, "visit-cancelled") == ["Your visit is cancelled"]


def test_who_has_chosen_it_is_told_by_sms(open_clinic):
    with open_clinic.medibook.engine.begin() as raw:
        raw.exec_driver_sql(
            "INSERT INTO message_wish (user_id, topic, channel, is_wanted) "
            "SELECT id, 'visits', 'sms', true FROM user_account WHERE email = 'ada@example.org'"
        )
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.work_off()
    ((text,),) = open_clinic.rows("SELECT body FROM message WHERE channel = 'sms'")
    wanted = (
        f"MediBook: Your visit is booked: Wed 1 Apr, 09:00, Elm Row. Reference: {visit.reference}"
    )
    assert text == wanted
