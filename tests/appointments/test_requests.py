"""What becomes of a request."""

import pytest

from medibook.appointments import rules, service
from medibook.appointments.jobs import lapse_due_requests
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.errors import Invalid, NotFound

NINE = "2026-04-01 09:00"


@pytest.fixture
def asked(open_clinic):
    """Dr Cho wants to be asked, and Ada has."""
    open_clinic.is_asked("Dr Cho")
    open_clinic.notes["visit"] = open_clinic.books("Ada", "Dr Cho", NINE)
    return open_clinic


def accept(clinic, who="Dr Cho"):
    return clinic.perform(
        clinic.who(who),
        service.accept_request,
        appointment_id=clinic.notes["visit"].appointment_id,
    )


def decline(clinic, reason="full", who="Dr Cho"):
    return clinic.perform(
        clinic.who(who),
        service.decline_request,
        appointment_id=clinic.notes["visit"].appointment_id,
        reason=reason,
    )


def test_the_practitioner_sees_what_waits_for_an_answer(asked):
    (row,) = asked.perform(asked.cho, service.requests)
    assert row.visit.appointment_id == asked.notes["visit"].appointment_id
    assert (row.patient_phone, row.patient_email) == ("+442079460123", "ada@example.org")
    assert asked.perform(asked.diaz, service.requests) == ()


def test_an_accepted_request_is_booked(asked):
    visit = accept(asked)
    assert (visit.status, visit.lapses_at, visit.version) == (Status.BOOKED, None, 2)
    assert accept(asked) == visit
    assert asked.perform(asked.cho, service.requests) == ()


def test_a_declined_request_gives_its_time_back_and_says_why(asked):
    with pytest.raises(Invalid):
        decline(asked, "")
    visit = decline(asked, "Please see Dr Diaz")
    assert (visit.status, visit.cancelled_by_patient) == (Status.CANCELLED, False)
    assert visit.cancel_reason == "Please see Dr Diaz"
    assert "09:00" in asked.free("Dr Cho", "2026-04-01")


def test_a_request_is_answered_once(asked):
    decline(asked)
    with pytest.raises(rules.AlreadyAnswered):
        accept(asked)
    with pytest.raises(rules.AlreadyAnswered):
        decline(asked)


def test_a_withdrawn_request_cannot_be_accepted(asked):
    asked.cancels("Ada", asked.notes["visit"])
    with pytest.raises(rules.AlreadyAnswered):
        accept(asked)


def test_nobody_answers_somebody_elses_request(asked):
    for answer in (accept, decline):
        with pytest.raises(NotFound):
            answer(asked, who="Dr Diaz")


def test_a_request_lapses_when_nobody_answers_and_the_job_may_run_twice(asked):
    assert lapse_due_requests(asked.medibook) == 0
    asked.clock.time = asked.notes["visit"].lapses_at
    with pytest.raises(rules.AlreadyAnswered):
        accept(asked)
    assert asked.perform(asked.cho, service.requests) == ()
    assert [lapse_due_requests(asked.medibook) for _ in range(2)] == [1, 0]
    assert asked.status(asked.notes["visit"]) == "cancelled"
    kinds = [row[0] for row in asked.rows("SELECT kind FROM outbox_event")]
    assert kinds.count("AppointmentLapsed") == 1
    assert "SlotFreed" in kinds


def test_an_accepted_request_does_not_lapse(asked):
    accept(asked)
    asked.clock.time = asked.notes["visit"].starts_at
    assert lapse_due_requests(asked.medibook) == 0
    assert asked.status(asked.notes["visit"]) == "booked"
