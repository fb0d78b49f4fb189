"""Visits of somebody one books for: a guardian does with them as with their own, and nobody else does."""

from uuid import uuid4

import pytest

from medibook.appointments import rules
from medibook.appointments import service as appointments
from medibook.appointments.schemas import AppointmentCard, NewAppointment
from medibook.kernel.errors import NotFound, Refusal
from medibook.people import service as people
from medibook.scheduling import service as scheduling
from medibook.scheduling.rules.refusals import HoldGone, SlotTaken
from tests.people.test_guardians import adds, grants, guardianship_of
from tests.support.visits import at_once

NINE, TEN = "2026-04-01 09:00", "2026-04-01 10:00"


def holds(clinic, who, child, wall, doctor="Dr Cho", moves=None):
    """Keep a time for somebody one books for."""
    wish = clinic.wish(doctor, wall)
    return clinic.perform(who, scheduling.hold_slot, wish=wish, moves=moves, for_patient=child)


def books(clinic, who, child, wall, doctor="Dr Cho"):
    name = "Ada" if who is clinic.ada else "Ben"
    return clinic.confirms(name, holds(clinic, who, child, wall, doctor))


def upcoming(clinic, who):
    return [v.patient_name for v in clinic.perform(who, appointments.my_visits).upcoming]


def live_holds(clinic):
    return clinic.rows("SELECT DISTINCT source_id FROM busy_time WHERE source_kind = 'hold'")


def ends(clinic, how, child):
    """Let a guardianship end: by the guardian, by the clinic, or by the birthday."""
    if how == "given up":
        clinic.perform(clinic.ada, people.stop_acting_for, patient_id=child)
    elif how == "revoked":
        ending = guardianship_of(clinic, child, "Ada Abara")
        clinic.perform(
            clinic.gus, people.revoke_guardianship, guardianship_id=ending, reason="A court"
        )
    else:
        clinic.at("2026-03-31 00:00")


@pytest.fixture
def amir(open_clinic):
    """Ada's child, who comes of age tomorrow."""
    return adds(open_clinic, open_clinic.ada, born="2008-03-31")


def test_a_guardian_holds_books_sees_moves_and_cancels_for_the_child(open_clinic, amir):
    clinic = open_clinic
    visit = books(clinic, clinic.ada, amir, NINE)
    assert (visit.patient_id, visit.patient_name) == (amir, "Amir Abara")
    assert upcoming(clinic, clinic.ada) == ["Amir Abara"]
    seen = clinic.perform(clinic.ada, appointments.visit, appointment_id=visit.appointment_id)
    file = clinic.perform(
        clinic.ada, appointments.calendar_file, appointment_id=visit.appointment_id
    )
    assert seen == visit
    assert "Amir" not in file
    held = holds(clinic, clinic.ada, amir, TEN, moves=visit.appointment_id)
    moved = clinic.perform(
        clinic.ada,
        appointments.move_appointment,
        appointment_id=visit.appointment_id,
        hold_id=held.hold_id,
    )
    assert (moved.patient_id, moved.starts_at) == (amir, clinic.moment(TEN))
    assert clinic.cancels("Ada", moved).status == "cancelled"
    rows = clinic.rows(
        "SELECT patient_id, user_id FROM audit_event WHERE action LIKE 'appointments.%'"
    )
    whose = {str(value).replace("-", "") for row in rows for value in row}
    assert whose == {amir.hex, clinic.ada.user_id.hex}


def test_the_child_is_where_the_child_is_and_the_guardian_is_free_meanwhile(open_clinic, amir):
    clinic = open_clinic
    books(clinic, clinic.ada, amir, NINE)
    clinic.books("Ada", "Dr Diaz", NINE)
    with pytest.raises(SlotTaken):
        holds(clinic, clinic.ada, amir, NINE, doctor="Dr Diaz")
    assert not clinic.overlaps()


def test_a_time_for_oneself_and_one_for_the_child_are_kept_at_once(open_clinic, amir):
    clinic = open_clinic
    clinic.holds("Ada", "Dr Cho", NINE)
    holds(clinic, clinic.ada, amir, NINE, doctor="Dr Diaz")
    assert len(live_holds(clinic)) == 2


def test_a_held_time_is_handed_over_to_the_child_and_back(open_clinic, amir):
    clinic = open_clinic
    for_ada = clinic.holds("Ada", "Dr Cho", NINE)
    for_amir = holds(clinic, clinic.ada, amir, NINE)
    assert for_amir.patient_id == amir
    assert len(live_holds(clinic)) == 1
    back = clinic.holds("Ada", "Dr Cho", NINE)
    assert back.patient_id == for_ada.patient_id
    assert len(live_holds(clinic)) == 1


def test_a_time_that_the_child_cannot_have_stays_with_whom_it_was_held_for(open_clinic, amir):
    clinic = open_clinic
    books(clinic, clinic.ada, amir, NINE, doctor="Dr Diaz")
    held = clinic.holds("Ada", "Dr Cho", NINE)
    with pytest.raises(SlotTaken):
        holds(clinic, clinic.ada, amir, NINE)
    assert clinic.confirms("Ada", held).patient_name == "Ada Abara"


def test_no_time_is_kept_longer_by_keeping_it_for_one_child_after_the_other(open_clinic, amir):
    clinic = open_clinic
    zoe = adds(clinic, clinic.ada, name="Zoe Abara")
    began = clinic.clock.now()
    for child in (amir, zoe, None, amir, zoe, None):
        held = holds(clinic, clinic.ada, child, NINE)
        clinic.later(minutes=9)
    assert (held.expires_at - began).total_seconds() <= 45 * 60
    assert held.expires_at <= clinic.clock.now()
    clinic.holds("Ben", "Dr Cho", NINE)


def test_an_account_keeps_three_times_whomever_they_are_for(open_clinic, amir):
    clinic = open_clinic
    for wall in ("09:00", "09:20"):
        clinic.holds("Ada", "Dr Cho", f"2026-04-01 {wall}")
    for wall in ("09:40", "10:00"):
        holds(clinic, clinic.ada, amir, f"2026-04-01 {wall}")
    assert len(live_holds(clinic)) == 3


def test_the_limit_of_open_visits_is_each_patients_own(open_clinic, amir):
    clinic = open_clinic
    clinic.policy(open_per_patient=1)
    clinic.books("Ada", "Dr Cho", NINE)
    books(clinic, clinic.ada, amir, TEN)
    with pytest.raises(rules.TooManyVisits):
        books(clinic, clinic.ada, amir, "2026-04-01 11:00")


@pytest.mark.parametrize("how", ["given up", "revoked", "of age"])
def test_when_it_ends_the_guardian_sees_and_does_nothing_more(open_clinic, amir, how):
    clinic = open_clinic.at("2026-03-30 23:50")
    visit = books(clinic, clinic.ada, amir, NINE)
    held = holds(clinic, clinic.ada, amir, TEN)
    token = clinic.signs_in("ada@example.org").token  # signed in all the while
    ends(clinic, how, amir)
    ada = clinic.actor(token)
    assert upcoming(clinic, ada) == []
    refused_everything(clinic, ada, amir, visit, held)
    assert clinic.status(visit) == "booked"


def refused_everything(clinic, who, child, visit, held):
    """Whatever is asked for the child, by whichever id: nothing, in the words for what is not there."""
    its, kept = {"appointment_id": visit.appointment_id}, {"hold_id": held.hold_id}
    wish = clinic.wish("Dr Cho", "2026-04-02 09:00")
    new = {"hold_id": held.hold_id, "booking_key": uuid4().hex}
    for act, typed in (
        (appointments.visit, its),
        (appointments.calendar_file, its),
        (appointments.cancel_appointment, its),
        (appointments.move_appointment, its | kept),
        (appointments.check_and_book, kept),
        (appointments.book_appointment, {"new": NewAppointment(**new)}),
        (appointments.offered_time, {"wish": wish, "for_patient": child}),
        (scheduling.hold_slot, {"wish": wish, "for_patient": child}),
        (scheduling.keep_hold, kept),
        (scheduling.release_hold, kept),
        (
            scheduling.slot_board,
            {
                "practitioner_id": wish.practitioner_id,
                "service_id": wish.service_id,
                "for_patient": child,
            },
        ),
    ):
        with pytest.raises(NotFound):
            clinic.perform(who, act, **typed)


def test_a_guardian_of_one_child_gets_nowhere_with_anothers(open_clinic):
    clinic = open_clinic
    adds(clinic, clinic.ada)
    bens = adds(clinic, clinic.ben, name="Bo Brandt")
    visit = books(clinic, clinic.ben, bens, NINE)
    held = holds(clinic, clinic.ben, bens, TEN)
    assert upcoming(clinic, clinic.ada) == []
    refused_everything(clinic, clinic.ada, bens, visit, held)
    # Nor with the other guardian's own, nor with an id that is nobody's.
    for whom in (clinic.ben.patient_id, uuid4()):
        with pytest.raises(NotFound):
            holds(clinic, clinic.ada, whom, NINE)


def test_a_hold_of_ones_own_does_not_take_the_childs_visit_along(open_clinic, amir):
    clinic = open_clinic
    visit = books(clinic, clinic.ada, amir, NINE)
    own = clinic.holds("Ada", "Dr Cho", TEN, moves=visit.appointment_id)
    with pytest.raises(HoldGone):
        clinic.perform(
            clinic.ada,
            appointments.move_appointment,
            appointment_id=visit.appointment_id,
            hold_id=own.hold_id,
        )
    assert clinic.column("starts_at", visit) is not None
    assert upcoming(clinic, clinic.ada) == ["Amir Abara"]


def test_two_guardians_ask_for_the_childs_time_at_once_and_one_has_it(open_clinic):
    clinic = open_clinic
    child = adds(clinic, clinic.ada)
    grants(clinic, child)
    for hour in ("09", "10", "11"):
        answers = at_once(
            lambda h=hour: books(clinic, clinic.ada, child, f"2026-04-01 {h}:00"),
            lambda h=hour: books(clinic, clinic.ben, child, f"2026-04-01 {h}:00", "Dr Diaz"),
        )
        assert any(isinstance(a, AppointmentCard) for a in answers), answers
        assert all(isinstance(a, AppointmentCard | Refusal) for a in answers), answers
    assert not clinic.overlaps()
    assert upcoming(clinic, clinic.ada) == upcoming(clinic, clinic.ben)


def test_both_guardians_are_told_whose_visit_it_is(open_clinic):
    clinic = open_clinic
    child = adds(clinic, clinic.ada)
    grants(clinic, child)
    books(clinic, clinic.ada, child, NINE)
    (english,) = clinic.mail_to("ada@example.org")
    (german,) = clinic.mail_to("ben@example.org")
    assert english.subject == "For Amir Abara: Your visit is booked"
    assert "This is about Amir Abara." in english.body
    assert german.subject != english.subject
    assert english.attachment


def test_who_has_an_address_but_no_account_is_told_to_call(open_clinic):
    clinic = open_clinic
    child = adds(clinic, clinic.ada)
    visit = books(clinic, clinic.ada, child, NINE)
    rows = "UPDATE patient SET email = 'amir@example.org' WHERE name = 'Amir Abara'"
    with clinic.medibook.engine.begin() as connection:
        connection.exec_driver_sql(rows)
    clinic.cancels("Ada", visit)
    (told,) = [m for m in clinic.mail_to("amir@example.org") if "cancelled" in m.subject]
    assert "please call us" in told.body.casefold()
    assert "/visit/" not in told.body
    assert [m.subject for m in clinic.mail_to("ada@example.org")] == [
        "For Amir Abara: Your visit is cancelled"
    ]
