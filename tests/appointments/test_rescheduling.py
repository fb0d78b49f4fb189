"""The practitioner, or the front desk, moves a visit or gives it another length."""

from datetime import date, timedelta

import pytest

from medibook.appointments import rules, service
from medibook.appointments.schemas import AppointmentStatus as Status
from medibook.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from medibook.scheduling.rules import SlotTaken
from medibook.scheduling.schemas import NewTimeOff, Reason, TimeOffKind
from medibook.scheduling.service import add_time_off
from tests.support.visits import at_once, change_service

NINE, TEN, ELEVEN = "2026-04-01 09:00", "2026-04-01 10:00", "2026-04-01 11:00"
ADA, CHO = "ada@example.org", "cho@example.org"


def reschedules(clinic, visit, wall, *, who="Dr Cho", version=None, minutes=None, **other):
    return clinic.perform(
        clinic.who(who),
        service.reschedule_appointment,
        appointment_id=visit.appointment_id,
        starts_at=clinic.moment(wall),
        version=version or visit.version,
        length=timedelta(minutes=minutes) if minutes else None,
        **other,
    )


def proposes(clinic, visit, wall, *, who="Dr Cho", minutes=None):
    return clinic.perform(
        clinic.who(who),
        service.propose_reschedule,
        appointment_id=visit.appointment_id,
        starts_at=clinic.moment(wall),
        length=timedelta(minutes=minutes) if minutes else None,
    )


def undoes(clinic, visit, *, who="Dr Cho"):
    return clinic.perform(
        clinic.who(who),
        service.undo_reschedule,
        appointment_id=visit.appointment_id,
        version=visit.version,
    )


def moves_told(clinic, address):
    return [m for m in clinic.mail_to(address) if m.kind == "visit-moved"]


def history(clinic, visit):
    return clinic.rows(
        "SELECT from_start, to_start, from_end, to_end, by_role FROM appointment_change "
        "WHERE from_start <> to_start OR from_end <> to_end ORDER BY version"
    )


def test_a_practitioner_moves_a_visit_and_the_patient_is_told_once_with_both_times(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = reschedules(open_clinic, visit, TEN)
    assert (moved.starts_at, moved.version) == (open_clinic.moment(TEN), 2)
    assert moved.ends_at - moved.starts_at == timedelta(minutes=20)
    free = open_clinic.free("Dr Cho", "2026-04-01")
    assert "09:00" in free
    assert "10:00" not in free
    (message,) = moves_told(open_clinic, ADA)
    assert "Wednesday 1 April 2026, 10:00" in message.body
    assert "It was: Wednesday 1 April 2026, 09:00" in message.body
    assert message.attachment_name == "visit.ics"
    assert moves_told(open_clinic, CHO) == []
    assert len(history(open_clinic, visit)) == 1


def test_a_move_that_is_sent_twice_moves_once(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    first = reschedules(open_clinic, visit, TEN)
    assert reschedules(open_clinic, visit, TEN) == first
    assert len(moves_told(open_clinic, ADA)) == 1
    assert len(history(open_clinic, visit)) == 1


def test_the_clinics_own_moves_know_neither_notice_nor_grid(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 07:30")
    assert reschedules(open_clinic, visit, "2026-04-01 09:05").version == 2


def test_a_visit_does_not_move_onto_another(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Cho", TEN)
    proposal = proposes(open_clinic, visit, "2026-04-01 09:50")
    assert [each.reason for each in proposal.against] == [Reason.TAKEN]
    assert not proposal.is_possible
    for outside_hours in (False, True):
        with pytest.raises(SlotTaken):
            reschedules(open_clinic, visit, "2026-04-01 09:50", outside_hours=outside_hours)
    assert open_clinic.column("starts_at", visit) is not None
    assert (
        open_clinic.perform(open_clinic.ada, service.visit, appointment_id=visit.appointment_id)
        == visit
    )
    assert moves_told(open_clinic, ADA) == []


def test_a_visit_moves_within_its_own_time_and_its_buffers_go_with_it(open_clinic):
    change_service(
        open_clinic,
        open_clinic.service("Dr Cho"),
        buffer_before_minutes=10,
        buffer_after_minutes=10,
    )
    visit = open_clinic.books("Ada", "Dr Cho", TEN)
    moved = reschedules(open_clinic, visit, "2026-04-01 10:10")
    assert not open_clinic.overlaps()
    (shown,) = open_clinic.perform(
        open_clinic.cho,
        service.practitioner_calendar,
        first=date(2026, 4, 1),
        last=date(2026, 4, 1),
    ).visits
    assert shown.busy_from == moved.starts_at - timedelta(minutes=10)


def test_a_visit_is_stretched_to_where_the_next_one_begins_and_no_further(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.books("Ben", "Dr Cho", TEN)
    longer = reschedules(open_clinic, visit, NINE, minutes=60)
    assert longer.ends_at == open_clinic.moment(TEN)
    with pytest.raises(SlotTaken):
        reschedules(open_clinic, longer, NINE, minutes=65)
    (message,) = moves_told(open_clinic, ADA)
    assert "It now takes 60 minutes." in message.body
    assert len(history(open_clinic, visit)) == 1


@pytest.mark.parametrize("minutes", [4, 9 * 60])
def test_a_length_that_no_visit_has_is_refused(open_clinic, minutes):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(Invalid):
        reschedules(open_clinic, visit, NINE, minutes=minutes)


def test_a_visit_that_is_under_way_can_still_be_stretched_but_not_moved(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.at("2026-04-01 08:05")
    arrived = open_clinic.perform(
        open_clinic.cho,
        service.advance,
        appointment_id=visit.appointment_id,
        to=Status.ARRIVED,
        version=1,
    )
    assert reschedules(open_clinic, arrived, NINE, minutes=30).version == 3
    with pytest.raises(rules.NotOpen):
        reschedules(open_clinic, arrived, TEN, version=3)


def test_outside_the_hours_somebody_must_mean_it_and_answers_for_it(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    proposal = proposes(open_clinic, visit, "2026-04-01 18:00")
    assert proposal.is_outside_hours
    assert proposal.is_possible
    with pytest.raises(SlotTaken):
        reschedules(open_clinic, visit, "2026-04-01 18:00")
    late = reschedules(open_clinic, visit, "2026-04-01 18:00", outside_hours=True)
    assert open_clinic.column("override_by", visit) is not None
    back = reschedules(open_clinic, late, TEN, outside_hours=True)
    assert back.starts_at == open_clinic.moment(TEN)
    assert open_clinic.column("override_by", visit) is None


def test_a_blocked_time_is_the_practitioners_own_to_give(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    blocked = NewTimeOff(
        kind=TimeOffKind.BLOCKED,
        first_day=date(2026, 4, 1),
        last_day=date(2026, 4, 1),
        starts="11:00",
        ends="12:00",
        zone="Europe/London",
    )
    open_clinic.perform(open_clinic.cho, add_time_off, new=blocked)
    proposal = proposes(open_clinic, visit, ELEVEN)
    assert [each.reason for each in proposal.against] == [Reason.TIME_OFF]
    assert proposal.is_outside_hours
    assert reschedules(open_clinic, visit, ELEVEN, outside_hours=True).version == 2


def test_what_was_changed_meanwhile_is_not_moved(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    open_clinic.moves("Ada", visit, "Dr Cho", TEN)
    with pytest.raises(Conflict):
        reschedules(open_clinic, visit, ELEVEN)
    assert open_clinic.status(visit) == "booked"
    assert open_clinic.free("Dr Cho", "2026-04-01")[0] == "09:00"


def test_two_who_move_one_visit_at_once_move_it_once(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    answers = at_once(
        lambda: reschedules(open_clinic, visit, TEN),
        lambda: reschedules(open_clinic, visit, ELEVEN, who="Gus"),
    )
    assert sum(isinstance(each, Conflict) for each in answers) == 1
    assert not open_clinic.overlaps()
    assert len(history(open_clinic, visit)) == 1


def test_a_request_is_answered_first_and_stays_booked_when_its_practitioner_moves_it(open_clinic):
    open_clinic.is_asked("Dr Cho")
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(rules.AnswerFirst):
        reschedules(open_clinic, visit, TEN)
    accepted = open_clinic.perform(
        open_clinic.cho, service.accept_request, appointment_id=visit.appointment_id
    )
    assert reschedules(open_clinic, accepted, TEN).status is Status.BOOKED


def test_nobody_moves_a_colleagues_visit_and_no_patient_moves_by_this_door(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    for act in (reschedules, proposes):
        with pytest.raises(NotFound):
            act(open_clinic, visit, TEN, who="Dr Diaz")
        with pytest.raises(Forbidden):
            act(open_clinic, visit, TEN, who="Ada")
    with pytest.raises(NotFound):
        undoes(open_clinic, visit, who="Dr Diaz")


def test_the_front_desk_moves_a_visit_and_the_practitioner_hears_of_it(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    reschedules(open_clinic, visit, TEN, who="Gus")
    (message,) = moves_told(open_clinic, CHO)
    assert "The front desk has moved a visit of yours" in message.body
    assert len(moves_told(open_clinic, ADA)) == 1


def test_a_patient_whom_the_clinic_tells_itself_gets_no_message(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    reschedules(open_clinic, visit, TEN, tell=False)
    assert moves_told(open_clinic, ADA) == []


def test_a_cancelled_visit_is_not_moved(open_clinic):
    visit = open_clinic.cancels("Ada", open_clinic.books("Ada", "Dr Cho", NINE))
    with pytest.raises(rules.NotOpen):
        reschedules(open_clinic, visit, TEN)


def test_a_move_is_undone_and_the_patient_hears_the_truth(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    longer = reschedules(open_clinic, visit, TEN, minutes=40)
    back = undoes(open_clinic, longer)
    assert (back.starts_at, back.ends_at) == (visit.starts_at, visit.ends_at)
    assert open_clinic.column("override_by", visit) is None
    # The first message had not left when it was no longer so.
    (message,) = moves_told(open_clinic, ADA)
    assert "is at its old time again" in message.body
    assert "Wednesday 1 April 2026, 09:00" in message.body
    assert "10:00" in open_clinic.free("Dr Cho", "2026-04-01")


def test_a_stretch_is_undone(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    back = undoes(open_clinic, reschedules(open_clinic, visit, NINE, minutes=40))
    assert back.ends_at == visit.ends_at


def test_undo_is_for_ones_own_fresh_move_alone(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    with pytest.raises(rules.TooLateToUndo):
        undoes(open_clinic, visit)
    moved = reschedules(open_clinic, visit, TEN)
    with pytest.raises(rules.TooLateToUndo):
        undoes(open_clinic, moved, who="Gus")
    open_clinic.later(minutes=11)
    with pytest.raises(rules.TooLateToUndo):
        undoes(open_clinic, moved)


def test_what_somebody_has_taken_meanwhile_is_not_given_back(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    moved = reschedules(open_clinic, visit, TEN)
    open_clinic.books("Ben", "Dr Cho", NINE)
    with pytest.raises(SlotTaken):
        undoes(open_clinic, moved)
    assert not open_clinic.overlaps()


def test_a_proposal_changes_nothing_and_says_whether_the_patient_can_be_told(open_clinic):
    visit = open_clinic.books("Ada", "Dr Cho", NINE)
    proposal = proposes(open_clinic, visit, TEN)
    assert proposal.is_possible
    assert proposal.can_be_told
    assert not proposal.is_outside_hours
    assert history(open_clinic, visit) == []
