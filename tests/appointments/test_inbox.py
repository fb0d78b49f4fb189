"""The requests inbox: each request beside its day, what was offered, and what came of it lately."""

import pytest
import sqlalchemy as sa

from medibook.appointments import rules, service
from medibook.appointments.jobs import lapse_due_requests
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.appointments.schemas.inbox import Beside, Clash, Outcome
from medibook.kernel.errors import Forbidden

DAY = "2026-04-01"


@pytest.fixture
def busy(open_clinic):
    """Dr Cho has four visits of Ben's on Wednesday, and wants to be asked from now on."""
    for wall in ("09:00", "09:40", "11:00", "14:00"):
        open_clinic.books("Ben", "Dr Cho", f"{DAY} {wall}")
    open_clinic.is_asked("Dr Cho")
    open_clinic.notes["visit"] = open_clinic.books("Ada", "Dr Cho", f"{DAY} 10:20", reason="a mole")
    return open_clinic


def inbox(clinic, who="Dr Cho"):
    return clinic.perform(clinic.who(who), service.inbox)


def answer(clinic, act, **said):
    visit = clinic.notes["visit"]
    return clinic.perform(clinic.cho, act, appointment_id=visit.appointment_id, **said)


def outcomes(clinic):
    return [one.outcome for one in inbox(clinic).lately]


def test_a_request_stands_between_its_neighbours_of_the_day(busy):
    (request,) = inbox(busy).waiting
    assert [(one.what, one.who) for one in request.around] == [
        (Beside.VISIT, "Ben Brandt"),
        (Beside.VISIT, "Ben Brandt"),
        (Beside.ASKED, "Ada Abara"),
        (Beside.VISIT, "Ben Brandt"),
        (Beside.VISIT, "Ben Brandt"),
    ]
    assert (request.earlier_visits, request.clashes) == (0, ())
    assert request.asked_at == busy.clock.now()


def test_what_has_come_in_the_way_since_is_said(busy):
    busy.is_away("Dr Cho", DAY)
    (request,) = inbox(busy).waiting
    assert request.clashes == (Clash.AWAY,)
    busy.opens("Dr Cho", [(0, "09:00", "12:00")])
    (request,) = inbox(busy).waiting
    assert set(request.clashes) == {Clash.AWAY, Clash.CLOSED}


def test_the_inbox_is_read_in_as_many_looks_for_four_requests_as_for_one(busy):
    looks = []
    sa.event.listen(
        busy.medibook.engine, "before_cursor_execute", lambda *said: looks.append(said[2])
    )
    inbox(busy)
    one, before = len(looks), len(looks)
    for wall in ("15:00", "15:40", "16:20"):
        busy.books("Ada", "Dr Cho", f"{DAY} {wall}")
    before = len(looks)
    assert len(inbox(busy).waiting) == 4
    assert len(looks) - before == one


def test_an_offer_waits_below_and_what_came_of_it_is_told_for_a_week(busy):
    visit = answer(busy, service.offer_other_times, times=[busy.moment(f"{DAY} 15:00")], version=1)
    found = inbox(busy)
    assert (found.waiting, len(found.offered)) == ((), 1)
    busy.perform(
        busy.ada, service.take_offered_time,
        appointment_id=visit.appointment_id, offer_id=visit.offers[0].offer_id,
    )  # fmt: skip
    assert outcomes(busy) == [Outcome.OFFER_TAKEN]
    busy.later(days=7, minutes=1)
    assert outcomes(busy) == []


def test_what_nobody_answered_is_told_as_lapsed(busy):
    busy.clock.time = busy.notes["visit"].lapses_at
    assert inbox(busy).waiting == ()
    lapse_due_requests(busy.medibook)
    assert outcomes(busy) == [Outcome.LAPSED]


def test_what_was_accepted_declined_or_taken_back_is_told_apart(busy):
    answer(busy, service.accept_request)
    assert outcomes(busy) == [Outcome.ACCEPTED]
    busy.later(minutes=1)
    busy.notes["visit"] = busy.books("Ada", "Dr Cho", f"{DAY} 15:00")
    answer(busy, service.decline_request, reason="full")
    busy.later(minutes=1)
    busy.cancels("Ada", busy.books("Ada", "Dr Cho", f"{DAY} 15:00"))
    assert outcomes(busy) == [Outcome.WITHDRAWN, Outcome.DECLINED, Outcome.ACCEPTED]


@pytest.mark.parametrize(
    ("was", "status", "by_patient", "by_machine", "outcome"),
    [
        (Status.PROPOSED, Status.CANCELLED, True, False, Outcome.OFFER_DECLINED),
        (Status.PROPOSED, Status.CANCELLED, False, True, Outcome.OFFER_LAPSED),
        (Status.PROPOSED, Status.CANCELLED, False, False, Outcome.DECLINED),
    ],
)
def test_what_became_of_an_offer(was, status, by_patient, by_machine, outcome):
    said = rules.outcome_of(was=was, status=status, by_patient=by_patient, by_machine=by_machine)
    assert said is outcome


def test_nobody_reads_somebody_elses_inbox(busy):
    assert inbox(busy, "Dr Diaz").waiting == ()
    for who in ("Ada", "Gus", "Eve"):
        with pytest.raises(Forbidden):
            inbox(busy, who)
